"""Topics: themes told apart, the same whatever the order, with weights, labels and ids that hold together."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.stage import Record, arrow_schema, collect
from tasks.topic_models import TopicFit, TopicLink, TopicWeights
from tasks.topic_placement import DocumentTopic, PassageTopic, TopicPlacementSettings, topic_placement
from tasks.topics import TopicsSettings, TopicState, TopicTerm, topics

SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("passage_id", pa.string()),
        ("stretch", pa.int64()),
        ("term", pa.string()),
        ("occurrences", pa.int64()),
        ("is_name", pa.bool_()),
    ]
)

Row = tuple[str, str, int, str, int, bool]
QUICK: dict[str, Any] = {"seeds": 1, "passes": 1}


@dataclass(frozen=True)
class Found:
    """What the two stages made of some rows: their tables, and what the topics stage takes the next time."""

    tables: dict[type[Record], pa.Table]

    def __getitem__(self, record: type[Record]) -> list[dict[str, Any]]:
        return self.tables[record].to_pylist()

    @property
    def fit(self) -> dict[str, Any]:
        """The active model."""
        (found,) = (row for row in self[TopicFit] if row["status"] == "active")
        return found

    @property
    def topics(self) -> list[dict[str, Any]]:
        """The active model's topics."""
        return [row for row in self[TopicWeights] if row["model_id"] == self.fit["model_id"]]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table."""
        return {record.TABLE: self[record] for record in self.tables}

    @property
    def state(self) -> dict[str, Any]:
        (state,) = self[TopicState]
        return state


def table_of(rows: list[Row]) -> pa.Table:
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[] for _ in SCHEMA], schema=SCHEMA)


def growth_of(rows: list[Row]) -> pa.Table:
    usable = [row[4] for row in rows if not row[5]]
    return pa.table({"tokens": pa.array([sum(usable)] if usable else [], pa.int64())})


def known_to(before: Found | None, rows: list[Row]) -> pa.Table:
    terms = {t for row in (before[TopicFit] if before else []) if row["status"] == "active" for t in row["terms"]}
    return pa.table({"known": [sum(row[4] for row in rows if row[3] in terms)]})


def fit(
    rows: list[Row], before: Found | None = None, *, reason: str = "new", named: tuple[str, ...] = (), **settings: Any
) -> Found:
    """Run both stages on the rows of passages, after what they made `before`."""
    history, kept, lineage = (
        before.tables[record] if before else arrow_schema(record).empty_table()
        for record in (TopicFit, TopicWeights, TopicLink)
    )
    kept = kept.append_column("is_named", pa.array([t in named for t in kept["topic_id"].to_pylist()], pa.bool_()))
    given = TopicsSettings(**{**QUICK, **settings})
    made = topics.function(
        history,
        kept,
        lineage,
        growth_of(rows),
        lambda: pa.table({"document_id": pa.array(sorted({row[0] for row in rows}), pa.string())}),
        lambda ids: table_of([row for row in rows if row[0] in ids.to_pylist()]).drop_columns(["is_name"]),
        lambda: pa.table({"term": pa.array(sorted({row[3] for row in rows if row[5]}), pa.string())}),
        lambda: known_to(before, rows),
        given,
        reason=reason,
    )
    found = Found(collect(topics.writes, made))
    return Found({**found.tables, **place(rows, found)})


def place(rows: list[Row], found: Found) -> dict[type[Record], pa.Table]:
    """The placement of the rows' documents with the active model."""
    active = [row for row in found[TopicFit] if row["status"] == "active"]
    ids = {row["model_id"] for row in active}
    weights = [row for row in found[TopicWeights] if row["model_id"] in ids]
    model, model_topics = (pa.Table.from_pylist(rows) for rows in (active, weights))
    known = set(active[0]["terms"]) if active else set()
    nouns = table_of([row for row in rows if row[3] in known])
    return collect(
        topic_placement.writes, topic_placement.function(nouns, model, model_topics, TopicPlacementSettings())
    )


def shares(found: Found) -> dict[str, float]:
    """The share of each topic, as the view of topics has it."""
    amounts: Counter[str] = Counter()
    for row in found[PassageTopic]:
        amounts[row["topic_id"]] += row["occurrences"]
    return {topic["topic_id"]: amounts[topic["topic_id"]] / amounts.total() for topic in found.topics}


def passage(document: str, number: int, text: str, names: tuple[str, ...] = (), stretch: int = 0) -> list[Row]:
    """The terms of a passage or of a stretch of it, written in a row and repeated by `word*3`."""
    counted: Counter[str] = Counter()
    for item in text.split():
        term, _, times = item.partition("*")
        counted[term.replace("_", " ")] += int(times or 1)
    return [
        (document, f"{document}-{number}", stretch, term, times, term in names)
        for term, times in sorted(counted.items())
    ]


ORCHARD = ["apple", "orchard", "farmer", "harvest", "fruit tree", "rain", "soil", "village", "market", "cider"]
HARBOUR = ["ship", "harbour", "crane", "customs", "container ship", "tide", "pilot", "cargo", "dock", "anchor"]


def themes(documents: int = 12, passages: int = 2, words: int = 60) -> list[Row]:
    """Documents that are about orchards or harbours by turns."""
    draw = random.Random(7)
    rows: list[Row] = []
    for number in range(documents):
        for position in range(passages):
            chosen = Counter(draw.choices((ORCHARD, HARBOUR)[number % 2], k=words))
            document = f"d{number:02}"
            rows += [(document, f"{document}-{position}", 0, term, n, False) for term, n in sorted(chosen.items())]
    return rows


@pytest.fixture(scope="module")
def two_themes() -> Found:
    return fit(themes(), count=2)


# -- small corpora ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no passages"),
        pytest.param(passage("a", 0, "lake bank", ("lake", "bank")), id="names alone"),
        pytest.param(passage("a", 0, "apple") + passage("b", 0, "ship"), id="two documents that share no term"),
    ],
)
def test_without_terms_there_are_no_topics(rows: list[Row]) -> None:
    found = fit(rows)
    assert {record: found[record] for record in found.tables if record is not TopicState and found[record]} == {}
    assert (found.state["model_id"], found.state["decision"]) == (None, "none")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(passage("a", 0, "apple orchard*2 soil"), id="one passage"),
        pytest.param(passage("a", 0, "apple"), id="one term"),
        pytest.param(passage("a", 0, "apple*50") + passage("a", 1, "apple*50"), id="one term in two passages"),
    ],
)
def test_one_unit_or_one_term_is_one_topic(rows: list[Row]) -> None:
    found = fit(rows, count=1)
    terms = {term for _, _, _, term, _, _ in rows}
    assert [set(row["label"].split(", ")) for row in found.topics] == [terms]
    assert list(shares(found).values()) == [1.0]
    assert {row["term"] for row in found[TopicTerm]} == terms
    assert [row["weight"] for row in found[DocumentTopic]] == pytest.approx([1.0])
    assert [row["weight"] for row in found[PassageTopic]] == pytest.approx([1.0] * len({row[1] for row in rows}))


def test_two_passages_of_two_documents_are_two_topics_at_most() -> None:
    rows = passage("a", 0, "apple*30 soil*30 rain") + passage("b", 0, "apple soil rain*60")
    found = fit(rows)
    fitted = found.fit
    assert (fitted["topic_count"], fitted["documents"], fitted["passages"]) == (2, 2, 2)
    assert (fitted["tokens"], fitted["corpus_tokens"], fitted["vocabulary"]) == (123, 123, 3)
    assert len(found[DocumentTopic]) == 4


def test_there_are_no_more_topics_than_units() -> None:
    rows = [row for name in "abc" for row in passage(name, 0, "apple*20 soil*20 rain*20")]
    found = fit(rows, count=9, most_documents=1)
    assert found.fit["topic_count"] == 3
    assert found.state["reason"].endswith("; 3 topics and not 9: there is no more text")
    assert "no more text" not in fit(rows, count=3, most_documents=1).state["reason"]


# -- what topics are --------------------------------------------------------------------------------------------------


def test_two_clear_themes_are_told_apart(two_themes: Found) -> None:
    terms: dict[str, set[str]] = {}
    for row in two_themes[TopicTerm]:
        if row["rank"] <= 8:
            terms.setdefault(row["topic_id"], set()).add(row["term"])
    orchard, harbour = sorted(terms, key=lambda topic: not terms[topic] & set(ORCHARD))
    assert terms[orchard] <= set(ORCHARD)
    assert terms[harbour] <= set(HARBOUR)
    for row in (*two_themes[DocumentTopic], *two_themes[PassageTopic]):
        is_about = orchard if int(row["document_id"][1:]) % 2 == 0 else harbour
        assert (row["weight"] > 0.9) == (row["topic_id"] == is_about)


def test_a_label_names_the_topics_own_terms_with_phrases_first(two_themes: Found) -> None:
    labels = [row["label"].split(", ") for row in two_themes.topics]
    assert sorted(label[0] for label in labels) == ["container ship", "fruit tree"]
    assert all(len(label) == 3 for label in labels)
    assert all(set(label) <= set(ORCHARD) or set(label) <= set(HARBOUR) for label in labels)
    words = [word for label in labels for term in label for word in term.split()]
    assert len(set(words)) == len(words)


def test_the_fit_is_counted_and_every_row_belongs_to_it(two_themes: Found) -> None:
    fitted = two_themes.fit
    assert {key: fitted[key] for key in ("topic_count", "documents", "passages", "tokens", "vocabulary")} == {
        "topic_count": 2,
        "documents": 12,
        "passages": 24,
        "tokens": 24 * 60,
        "vocabulary": 20,
    }
    identifiers = [row["topic_id"] for row in two_themes.topics]
    assert {row["model_id"] for row in two_themes.topics} == {fitted["model_id"]}
    for record in (TopicTerm, PassageTopic, DocumentTopic):
        assert {row["topic_id"] for row in two_themes[record]} == set(identifiers)
    assert {row["passage_id"] for row in two_themes[PassageTopic]} == {
        f"d{n:02}-{m}" for n in range(12) for m in (0, 1)
    }
    assert len(two_themes[DocumentTopic]) == 24


def test_terms_are_ranked_by_weight_and_topics_by_share(two_themes: Found) -> None:
    assert [row["position"] for row in two_themes.topics] == [0, 1]
    assert sorted(shares(two_themes).values(), reverse=True) == list(shares(two_themes).values())
    for topic in two_themes.topics:
        own = [row for row in two_themes[TopicTerm] if row["topic_id"] == topic["topic_id"]]
        assert [row["rank"] for row in own] == list(range(1, 16))
        assert [row["weight"] for row in own] == sorted((row["weight"] for row in own), reverse=True)


def totals(rows: list[dict[str, Any]], key: str) -> dict[str, float]:
    summed: Counter[str] = Counter()
    for row in rows:
        summed[row[key]] += row["weight"]
    return dict(summed)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_weights_and_shares_sum_to_one(count: int) -> None:
    found = fit(themes(documents=8, words=30), count=count)
    for record, key, units in ((DocumentTopic, "document_id", 8), (PassageTopic, "passage_id", 16)):
        summed = totals(found[record], key)
        assert len(summed) == units
        assert summed == pytest.approx(dict.fromkeys(summed, 1.0))
    assert all(row["weight"] >= 0 for row in found[DocumentTopic])


def test_a_document_is_the_average_of_its_passages_by_length() -> None:
    rows = themes(documents=10, passages=1)
    rows += passage("mixed", 0, " ".join(f"{term.replace(' ', '_')}*15" for term in ORCHARD))
    rows += passage("mixed", 1, " ".join(f"{term.replace(' ', '_')}*5" for term in HARBOUR))
    found = fit(rows, count=2)
    weights = {row["topic_id"]: row["weight"] for row in found[DocumentTopic] if row["document_id"] == "mixed"}
    parts = {(row["passage_id"], row["topic_id"]): row["weight"] for row in found[PassageTopic]}
    for topic, weight in weights.items():
        expected = (150 * parts.get(("mixed-0", topic), 0) + 50 * parts.get(("mixed-1", topic), 0)) / 200
        assert weight == pytest.approx(expected)
    assert sorted(weights.values()) == pytest.approx([0.25, 0.75], abs=0.02)


def test_documents_may_come_in_any_order() -> None:
    rows = themes(documents=8)
    documents = sorted({row[0] for row in rows})
    random.Random(3).shuffle(documents)
    shuffled = [row for document in documents for row in rows if row[0] == document]
    assert shuffled != rows
    assert fit(shuffled, count=3).rows() == fit(rows, count=3).rows()


def test_reading_few_documents_at_a_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*themes(), ("d99", "d99-0", 0, "anna", 3, True)]
    expected = fit(rows, count=2).rows()
    monkeypatch.setattr("tasks.topic_corpus._DOCUMENTS_AT_ONCE", 1)
    assert fit(rows, count=2).rows() == expected


def test_the_same_passages_under_other_ids_give_the_same_topics() -> None:
    rows = themes(documents=8)
    renamed = sorted((f"x{99 - int(d[1:])}", f"x{99 - int(d[1:])}{p[3:]}", *rest) for d, p, *rest in rows)
    expected, found = fit(rows, count=3), fit(renamed, count=3)
    for record in (TopicFit, TopicWeights, TopicTerm):
        assert found[record] == expected[record]


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        pytest.param(themes(documents=8), 2, id="two topics"),
        pytest.param(themes(documents=20), 20, id="more topics than themes"),
        pytest.param([row for n in range(6) for row in passage(f"d{n}", 0, "apple*25 soil*25")], 6, id="two terms"),
        pytest.param([row for n in range(4) for row in passage(f"d{n}", 0, "apple*50")], 3, id="one term"),
    ],
)
def test_no_two_topics_share_an_id_or_a_label(rows: list[Row], count: int) -> None:
    found = fit(rows, count=count, most_documents=1).topics
    assert 1 <= len(found) <= count
    assert [max(Counter(row[key] for row in found).values()) for key in ("topic_id", "label")] == [1, 1]


WORDS = st.sampled_from(["apple", "soil", "rain", "ship", "dock"])


@profile(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=3), min_size=1, max_size=4))
def test_whatever_the_passages_weights_are_whole_and_ids_are_found(documents: list[list[list[str]]]) -> None:
    rows = [
        row
        for number, passages in enumerate(documents)
        for position, words in enumerate(passages)
        for row in passage(f"d{number}", position, " ".join(words))
    ]
    assume(len({term for _, _, _, term, _, _ in rows}) != 1)
    found = fit(rows, count=1, fewest_documents=1, most_documents=1)
    assert len(found[TopicFit]) == len(found.topics) == bool(rows)
    for record, key in ((DocumentTopic, "document_id"), (PassageTopic, "passage_id")):
        summed = totals(found[record], key)
        assert summed == pytest.approx(dict.fromkeys(summed, 1.0))
        assert {row["topic_id"] for row in found[record]} == {row["topic_id"] for row in found.topics}


# -- units ------------------------------------------------------------------------------------------------------------


def test_passages_of_different_documents_are_not_merged() -> None:
    rows = [row for name in "abcd" for row in passage(name, 0, "apple*3 soil*3")]
    assert fit(rows, count=9, shortest_unit=100, most_documents=1).fit["topic_count"] == 4


@pytest.mark.parametrize(
    ("settings", "units"),
    [
        pytest.param({"shortest_unit": 20}, 3, id="long enough"),
        pytest.param({"shortest_unit": 21}, 1, id="too short"),
        pytest.param({"shortest_unit": 50, "longest_unit": 60}, 1, id="as long as a unit may be"),
        pytest.param({"shortest_unit": 50, "longest_unit": 59}, 2, id="no longer than that"),
        pytest.param({"shortest_unit": 50, "longest_unit": 39}, 3, id="none may be merged"),
    ],
)
def test_the_stretches_of_a_long_passage_are_units_unless_they_are_short(settings: dict[str, int], units: int) -> None:
    texts = ("apple*10 soil*10", "soil*10 rain*10", "rain*10 apple*10")
    rows = [row for number, text in enumerate(texts) for row in passage("a", 0, text, stretch=number)]
    found = fit(rows, count=50, most_documents=1, **settings)
    fitted = found.fit
    assert (fitted["topic_count"], fitted["passages"], fitted["tokens"]) == (units, 1, 60)
    assert totals(found[PassageTopic], "passage_id") == pytest.approx({"a-0": 1.0})


# -- settings ---------------------------------------------------------------------------------------------------------


def vocabulary(found: Found) -> set[str]:
    return {row["term"] for row in found[TopicTerm]}


def test_names_are_left_out() -> None:
    rows = [row for name in "abc" for row in passage(name, 0, "apple*20 soil*20 lake*20", ("lake",))]
    found = fit(rows, count=1, most_documents=1)
    assert vocabulary(found) == {"apple", "soil"}
    assert found.fit["tokens"] == 120


@pytest.mark.parametrize(
    ("stopwords", "expected"),
    [
        pytest.param((), {"apple", "rain", "soil", "fruit tree"}, id="none"),
        pytest.param(("soil",), {"apple", "rain", "fruit tree"}, id="a word"),
        pytest.param(("SOIL", "Fruit Tree"), {"apple", "rain"}, id="whatever its case, and a phrase"),
        pytest.param(("tree",), {"apple", "rain", "soil", "fruit tree"}, id="a word does not take its phrases along"),
    ],
)
def test_stopwords_are_left_out(stopwords: tuple[str, ...], expected: set[str]) -> None:
    rows = [row for name in "abc" for row in passage(name, 0, "apple*20 rain*20 soil*20 fruit_tree*20 straße*20")]
    assert vocabulary(fit(rows, count=1, most_documents=1, stopwords=("Straße", *stopwords))) == expected


@pytest.mark.parametrize(
    ("fewest", "expected"),
    [(1, {"apple", "dock", "soil", "rain"}), (2, {"apple", "dock", "soil"}), (3, {"apple", "dock"})],
)
def test_a_term_occurs_in_the_fewest_documents(fewest: int, expected: set[str]) -> None:
    texts = ("apple*20 dock*20 soil*20 rain*9", "apple*20 dock*20 soil*20", "apple*50 dock*20")
    rows = [row for name, text in zip("abc", texts, strict=True) for row in passage(name, 0, text)]
    assert vocabulary(fit(rows, count=1, most_documents=1, fewest_documents=fewest)) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [(1.0, {"apple", "soil", "rain", "dock"}), (0.75, {"soil", "rain", "dock"}), (0.5, {"rain", "dock"})],
)
def test_a_term_occurs_in_no_larger_share_of_the_units(most: float, expected: set[str]) -> None:
    texts = ("apple*20 soil*20 rain*9 dock*9", "apple*20 soil*20 rain*9 dock*9", "apple*20 soil*20", "apple*50")
    rows = [row for name, text in zip("abcd", texts, strict=True) for row in passage(name, 0, text)]
    assert vocabulary(fit(rows, count=1, most_documents=most)) == expected


def test_the_vocabulary_keeps_the_terms_of_most_units() -> None:
    common = " ".join(f"common{letter}*4" for letter in "abcdefghij")
    rows = [row for name in "abc" for row in passage(name, 0, common + (" rare*30" if name != "c" else ""))]
    wide, narrow = (fit(rows, count=1, most_documents=1, vocabulary=size) for size in (11, 10))
    assert vocabulary(wide) - vocabulary(narrow) == {"rare"}
    assert [found.fit["vocabulary"] for found in (wide, narrow)] == [11, 10]


@pytest.mark.parametrize(("terms", "expected"), [(3, 3), (20, 20), (100, 20)])
def test_so_many_terms_are_listed(terms: int, expected: int) -> None:
    found = fit(themes(documents=6), count=2, terms=terms)
    assert [row["rank"] for row in found[TopicTerm]] == list(range(1, expected + 1)) * 2


@pytest.mark.parametrize("count", [1, 3, 6])
def test_so_many_topics_are_fitted(count: int) -> None:
    found = fit(themes(documents=6), count=count)
    assert (found.fit["topic_count"], len(found.topics), found.fit["candidates"]) == (count, count, 1)


def test_without_a_count_the_number_of_topics_is_chosen_among_several() -> None:
    fitted = fit(themes(documents=30), seeds=2).fit
    assert fitted["topic_count"] in (3, 4, 5, 6)
    assert fitted["candidates"] == 2 * 4
    assert 0 <= fitted["stability"] <= 1


@pytest.mark.parametrize("seeds", [1, 3])
def test_each_seed_is_a_candidate_and_one_alone_has_no_stability(seeds: int) -> None:
    fitted = fit(themes(documents=6), count=2, seeds=seeds).fit
    assert fitted["candidates"] == seeds
    assert fitted["seed"] in range(TopicsSettings().random_seed, TopicsSettings().random_seed + seeds)
    assert (fitted["stability"] is None) is (seeds == 1)


def test_the_random_seed_is_the_first_that_is_tried() -> None:
    first, again, second = (fit(themes(documents=6), count=3, random_seed=seed) for seed in (1, 1, 2))
    assert first.rows() == again.rows()
    assert [found.fit["seed"] for found in (first, second)] == [1, 2]
    assert first[PassageTopic] != second[PassageTopic]


def test_more_passes_change_the_fit() -> None:
    few, many = (fit(themes(documents=6), count=3, passes=passes) for passes in (15, 90))
    assert few.fit["model_id"] != many.fit["model_id"]
    assert fit(themes(documents=6), count=3, passes=1).rows() == few.rows(), (
        "a small corpus gets fifteen passes at least"
    )


# -- refits and fold-in -----------------------------------------------------------------------------------------------

FARM = ["cow", "milk", "barn", "hay", "dairy farm", "calf", "meadow", "cheese"]
LARGE: dict[str, Any] = {"small_corpus": 0}


def more(topic: list[str], documents: int, seed: int = 11, first: int = 50) -> list[Row]:
    draw = random.Random(seed)
    rows: list[Row] = []
    for number in range(first, first + documents):
        chosen = Counter(draw.choices(topic, k=120))
        rows += [(f"d{number:02}", f"d{number:02}-0", 0, term, n, False) for term, n in sorted(chosen.items())]
    return rows


def test_a_small_corpus_is_refitted_whenever_it_changes() -> None:
    first = fit(themes(), count=2)
    second = fit(themes() + more(ORCHARD, 1), first, reason="input", count=2)
    assert second.state["decision"] == "fitted"
    assert second.fit["model_id"] != first.fit["model_id"]
    assert second.rows()["topic_terms"] != first.rows()["topic_terms"]


def test_what_is_new_in_a_large_corpus_is_placed_with_the_model_that_is_there() -> None:
    first = fit(themes(), count=2, **LARGE)
    grown = themes() + more(HARBOUR, 2)
    second = fit(grown, first, reason="input", count=2, **LARGE)
    assert (second.state["decision"], second.state["model_id"]) == ("folded_in", first.fit["model_id"])
    assert second.state["token_growth"] == pytest.approx(240 / 1440, abs=1e-6)
    assert second.state["unknown_share"] == 0
    for record in (TopicFit, TopicWeights, TopicTerm, TopicLink):
        assert second[record] == first[record]
    old = [row for row in second[DocumentTopic] if row["document_id"] < "d50"]
    assert old == first[DocumentTopic], "what has been placed stays where it is"
    new = [row for row in second[DocumentTopic] if row["document_id"] >= "d50"]
    harbour = max(
        row["topic_id"] for row in first[DocumentTopic] if row["document_id"] == "d01" and row["weight"] > 0.9
    )
    assert {row["topic_id"] for row in new if row["weight"] > 0.9} == {harbour}


@pytest.mark.parametrize(
    ("added", "reason", "settings", "why"),
    [
        pytest.param(more(ORCHARD, 1), "new", LARGE, "it was asked for", id="asked for"),
        pytest.param(more(ORCHARD, 1), "stage", LARGE, "settings or code have changed", id="settings"),
        pytest.param(more(ORCHARD, 3), "input", LARGE, "the corpus has changed by +25%", id="growth"),
        pytest.param(
            more(ORCHARD, 1),
            "input",
            {**LARGE, "refit_growth": 0.05},
            "the corpus has changed by +8%",
            id="less growth",
        ),
        pytest.param(
            more(FARM, 1), "input", LARGE, "100% of what is new are unknown terms, at the fit 0%", id="unknown terms"
        ),
        pytest.param(more(FARM, 1), "input", {**LARGE, "refit_unknown": 1.0}, None, id="unknown terms are let pass"),
        pytest.param(
            more(ORCHARD, 1),
            "input",
            {"small_corpus": 9_999},
            "a small corpus is refitted whenever it changes",
            id="small",
        ),
    ],
)
def test_a_refit_is_due_for_a_reason(added: list[Row], reason: str, settings: dict[str, Any], why: str | None) -> None:
    first = fit(themes(), count=2, **LARGE)
    state = fit(themes() + added, first, reason=reason, count=2, **settings).state
    assert state["decision"] == ("fitted" if why else "folded_in")
    assert state["reason"].startswith(why or "the model still covers the corpus")


def test_documents_that_go_away_make_a_refit_due() -> None:
    first = fit(themes(documents=12), count=2, **LARGE)
    second = fit(themes(documents=8), first, reason="input", count=2, **LARGE)
    assert (second.state["decision"], second.state["token_growth"]) == ("fitted", pytest.approx(-1 / 3, abs=1e-6))


def named_by_theme(found: Found) -> dict[str, str]:
    """The id of each topic by the theme that its first terms are of."""
    first = {row["topic_id"]: row["term"] for row in found[TopicTerm] if row["rank"] == 1}
    return {
        next(n for n, words in (("orchard", ORCHARD), ("harbour", HARBOUR), ("farm", FARM)) if term in words): topic
        for topic, term in first.items()
    }


def test_topics_keep_their_ids_and_labels_and_a_new_one_is_born() -> None:
    first = fit(themes(), count=2)
    second = fit(themes() + more(FARM, 8), first, reason="input", count=3)
    before, after = named_by_theme(first), named_by_theme(second)
    assert {name: after[name] for name in before} == before
    labels = [{row["topic_id"]: row["label"] for row in found.topics} for found in (first, second)]
    assert labels[1].items() >= labels[0].items()
    assert {(row["from_topic_id"], row["to_topic_id"]): row["relation"] for row in second[TopicLink]} == {
        (before["orchard"], before["orchard"]): "continued",
        (before["harbour"], before["harbour"]): "continued",
        (None, after["farm"]): "born",
    }
    assert {(row["from_model_id"], row["to_model_id"]) for row in second[TopicLink]} == {
        (first.fit["model_id"], second.fit["model_id"])
    }
    assert [(row["number"], row["status"]) for row in second[TopicFit]] == [(1, "retired"), (2, "active")]
    assert {row["model_id"] for row in second[TopicWeights]} == {second.fit["model_id"]}, "old weights are let go"
    third = fit(themes(), second, reason="input", count=2)
    assert {row["relation"] for row in third[TopicLink] if row["from_model_id"] == second.fit["model_id"]} == {
        "continued",
        "retired",
    }
    assert len(third[TopicLink]) == 6


def test_another_seed_keeps_every_id() -> None:
    first = fit(themes(documents=30), count=2, random_seed=1)
    second = fit(themes(documents=30), first, reason="stage", count=2, random_seed=2)
    assert named_by_theme(second) == named_by_theme(first)


def test_the_same_model_again_leaves_no_trace() -> None:
    first = fit(themes(), count=2)
    again = fit(themes(), first, count=2)
    assert again.state["decision"] == "fitted"
    for record in (TopicFit, TopicWeights, TopicTerm, TopicLink):
        assert again[record] == first[record]


def test_after_an_empty_corpus_topics_get_their_ids_back() -> None:
    first = fit(themes(), count=2)
    empty = fit([], first, reason="input", count=2)
    assert [row["status"] for row in empty[TopicFit]] == ["retired"]
    assert (empty[TopicTerm], empty[DocumentTopic], empty.state["decision"]) == ([], [], "none")
    back = fit(themes(), empty, reason="input", count=2)
    assert back.fit["model_id"] == first.fit["model_id"]
    assert back[TopicTerm] == first[TopicTerm]


def test_a_model_that_would_lose_the_analysts_labels_is_set_aside() -> None:
    first = fit(themes(), count=2)
    named = (named_by_theme(first)["harbour"],)
    orchards = [row for row in themes() if row[3] in ORCHARD] + more(FARM, 12)
    second = fit(orchards, first, reason="input", named=named, count=2)
    assert second.state["decision"] == "set_aside"
    assert second.state["reason"].endswith("but 1 of 1 labels would be lost")
    assert (second.state["model_id"], second.state["lost_labels"]) == (first.fit["model_id"], 1)
    assert [row["status"] for row in second[TopicFit]] == ["active", "set_aside"]
    assert second[TopicTerm] == first[TopicTerm]
    assert second[TopicLink] == []
    for changed in ({"reason": "new"}, {"reason": "input", "most_lost_labels": 1.0}, {"reason": "input", "named": ()}):
        taken = fit(orchards, second, **{"named": named, "count": 2, **changed})
        assert taken.state["decision"] == "fitted"
        assert "farm" in named_by_theme(taken)


def test_in_a_large_corpus_labels_of_supported_topics_count_as_well() -> None:
    first = fit(themes(), count=2, **LARGE)
    orchards = [row for row in themes() if row[3] in ORCHARD] + more(FARM, 12)
    second = fit(orchards, first, reason="input", count=2, refit_growth=0.0, **LARGE)
    assert second.state["decision"] == "set_aside"
    assert second.state["reason"].endswith("but 1 of 2 labels would be lost")


def test_topics_do_not_depend_on_the_seed_of_hashes() -> None:
    program = (
        "import sys; sys.path.insert(0, '.'); from tests.test_topics import fit, themes; "
        "print(fit(themes(documents=8), count=3, seeds=2).rows())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"count": 0},
        {"seeds": 0},
        {"random_seed": -1},
        {"passes": 0},
        {"shortest_unit": 0},
        {"longest_unit": 0},
        {"fewest_documents": 0},
        {"most_documents": 0},
        {"most_documents": 1.1},
        {"vocabulary": 9},
        {"terms": 2},
        {"small_corpus": -1},
        {"refit_growth": -0.1},
        {"refit_unknown": 1.1},
        {"least_similarity": 1.1},
        {"most_lost_labels": -0.1},
        {"topics": 5},
    ],
    ids=str,
)
def test_settings_have_bounds(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TopicsSettings(**values)
