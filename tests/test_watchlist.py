"""Watchlist: concepts are found by lemmas, the longest wording first, none inside another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.settings import Settings
from tasks.annotate import Sentence
from tasks.watchlist import Concept, ConceptMention, WatchlistSettings, watchlist
from tests.conftest import query, run_corpus

CONCEPTS = (
    Concept(name="new pattern", variants=("new development pattern", "new development paradigm")),
    Concept(name="integration", variants=("deep integration with the real economy", "deep integration")),
    Concept(name="factor", variants=("factor of production", "data")),
    Concept(name="also data", variants=("data", "raise a port")),
    Concept(name="names", variants=("Internet+", "C++", "R&D", ".NET", "#MeToo", "C", "workers' right")),
    Concept(name="bodies", variants=("WHO", "IT")),
)


def find(text: str, concepts: tuple[Concept, ...] = CONCEPTS, start: int = 0) -> list[ConceptMention]:
    sentence = Sentence("d-0000-000", "d-0000", "d", 0, start, start + len(text), text, len(text.split()))
    return list(watchlist.function([sentence], WatchlistSettings(concepts=concepts)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A new development pattern.", [("new pattern", "new development pattern", "new development pattern")]),
        ("New Development Paradigms", [("new pattern", "new development paradigm", "New Development Paradigms")]),
        ("the factors of production", [("factor", "factor of production", "factors of production")]),
        ("They raised a port", [("also data", "raise a port", "raised a port")]),
        (
            "deep integration with the real economy",
            [("integration", "deep integration with the real economy", "deep integration with the real economy")],
        ),
        ("deep integration with the real estate", [("integration", "deep integration", "deep integration")]),
        ("data’s data", [("factor", "data", "data’s"), ("factor", "data", "data")]),
        ("new development", []),
        ("metadata", []),
        ("new development, pattern. New development; patterns", []),
        ("a new-development\npattern", [("new pattern", "new development pattern", "new-development\npattern")]),
        ("new – development pattern, new development—pattern", []),
        ("Internet, internet+ and Internet +", [("names", "Internet+", "internet+")]),
        ("C++, C and c", [("names", "C++", "C++"), ("names", "C", "C")]),
        ("R&D, R & D, R D", [("names", "R&D", "R&D"), ("names", "R&D", "R & D")]),
        ("#MeToo, metoo", [("names", "#MeToo", "#MeToo")]),
        ("the workers’ rights", [("names", "workers' right", "workers’ rights")]),
        ("WHO’s IT: who has it?", [("bodies", "WHO", "WHO’s"), ("bodies", "IT", "IT")]),
        ("", []),
    ],
)
def test_concepts_are_found_in_any_inflection(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = find(text, start=40)
    assert [(m.concept, m.variant, text[m.start_char - 40 : m.end_char - 40]) for m in found] == expected


def test_a_record_holds_where_it_stands() -> None:
    assert find("Of data.") == [ConceptMention("factor", "data", "d", "d-0000", "d-0000-000", 3, 7)]


def test_without_concepts_nothing_is_found() -> None:
    assert find("data", concepts=()) == []


@given(
    st.lists(
        st.sampled_from(["data", "new ", "development ", "patterns", "deep ", "integration", "C", "+", "#", "MeToo"])
    )
)
def test_no_mention_overlaps_another(words: list[str]) -> None:
    found = find("".join(words))
    assert all(a.end_char <= b.start_char for a, b in pairwise(found))


def test_the_share_of_a_wording_tells_when_it_changed(publish: Callable[[Mapping[str, str]], Settings]) -> None:
    texts = {
        "2020-01-05-a.txt": "The new development paradigm is here. A new development paradigm it is, and a pattern too.",
        "2021-01-05-b.txt": "The new development pattern is here, and the new development paradigm leaves us with it.",
        "copy.txt": "The new development pattern is here, and the new development paradigm leaves us with it.",
    }
    watched = "concept,variants,note\nthe new,new development pattern|new development paradigm,n\nmarket,,\n"
    settings = publish({**texts, "_watchlist.csv": watched})
    assert query(settings, "from concepts order by all") == [
        ("market", ["market"], None),
        ("the new", ["new development pattern", "new development paradigm"], "n"),
    ]
    assert query(
        settings,
        "select variant, year(period_start), occurrences, share from concept_variants where granularity = 'year' order by all",
    ) == [
        ("new development paradigm", 2020, 2, 1.0),
        ("new development paradigm", 2021, 1, 0.5),
        ("new development pattern", 2021, 1, 0.5),
    ]
    assert query(
        settings,
        "select term, year(period_start), occurrences, documents from concept_trends where granularity = 'year' order by all",
    ) == [("the new", 2020, 2, 1), ("the new", 2021, 2, 1)]


def test_a_changed_watchlist_costs_no_language_pass(settings: Settings, documents: Path) -> None:
    run_corpus(settings)
    (documents / "_watchlist.csv").write_text(
        "concept,variants\ndata,data\nalso,Data\nbody,OECD\nword,oecd\n", encoding="utf-8"
    )
    summary = run_corpus(settings)
    assert summary is not None
    assert {stage.stage: stage.processed for stage in summary.stages if stage.processed} == {"watchlist": 6}
    assert summary.notices == ["_watchlist.csv:2: 'data' stands under 'also' and 'data'; it counts for the first"]
    assert query(settings, "select distinct concept from concept_mentions") == [("also",)]
