"""Evaluation: the gold annotations are well formed, and the scores are what their definitions say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluation.gold import (
    Aliases,
    Document,
    Mention,
    Pair,
    load_aliases,
    load_collections,
    load_pairs,
    normalise,
    parse,
)
from tests.evaluation.score import Score, by_label, entities, forms, holds, partial, strict

SEEDS = Path(__file__).parent.parent / "seeds"


def mention(start: int, end: int, label: str = "ORG", text: str = "Elm Board", entity: str | None = None) -> Mention:
    return Mention("d", 0, start, end, label, text, entity or text)


@pytest.fixture(scope="module")
def collections() -> dict[str, list[Document]]:
    return load_collections()


def test_marks_become_spans_of_the_plain_text() -> None:
    marked = "[[GPE|Norway]]'s [[ORG|Elm Board]]\n\nIts head, [[PERSON|Ash|Ann Ash]], and the [[ORG|EB]].\n"
    document = parse("d", marked, {("eb", "ORG"): "Elm Board"})
    assert document.paragraphs == ("Norway's Elm Board", "Its head, Ash, and the EB.")
    assert document.mentions == (
        Mention("d", 0, 0, 6, "GPE", "Norway", "Norway"),
        Mention("d", 0, 9, 18, "ORG", "Elm Board", "Elm Board"),
        Mention("d", 1, 10, 13, "PERSON", "Ash", "Ann Ash"),
        Mention("d", 1, 23, 25, "ORG", "EB", "Elm Board"),
    )


@pytest.mark.parametrize(
    "marked", ["[[ORG|Elm", "[[FIRM|Elm]]", "[[ORG|Elm ]]", "Elm]] Board", "[[ORG|[[GPE|Elm]] Board]]"]
)
def test_a_wrong_mark_is_an_error_that_says_where(marked: str) -> None:
    with pytest.raises(ValueError, match="d, paragraph 0"):
        parse("d", marked, {})


def test_every_gold_mention_stands_where_it_says(collections: dict[str, list[Document]]) -> None:
    assert list(collections) == [
        *(f"blind{number}-{part}" for number in (3, 4, 5) for part in ("general", "policy")),
        "general",
        "holdout-general",
        "holdout-policy",
        "policy",
        "seeds",
    ]
    for documents in collections.values():
        for document in documents:
            ends = {}
            for found in document.mentions:
                text = document.paragraphs[found.paragraph]
                assert text[found.start : found.end] == found.text
                assert found.start >= ends.get(found.paragraph, 0), "mentions are not nested"
                assert not text[found.start - 1 : found.start].isalnum() or not found.start
                assert not text[found.end : found.end + 1].isalnum()
                assert not found.text.casefold().startswith(("the ", "a ", "an "))
                assert not found.text.endswith(("'s", "’s", "‘s"))
                ends[found.paragraph] = found.end


def test_the_annotated_sample_documents_are_those_in_seeds(collections: dict[str, list[Document]]) -> None:
    for document in collections["seeds"]:
        (path,) = SEEDS.glob(f"{document.name}.*")
        text = " ".join(path.read_text("utf-8").split())
        for paragraph in document.paragraphs:
            assert paragraph in text, path.name


def test_no_alias_leads_to_another() -> None:
    aliases = load_aliases()
    for (_, label), entity in aliases.items():
        assert (normalise(entity), label) not in aliases


def test_pairs_agree_with_the_gold_entities(collections: dict[str, list[Document]]) -> None:
    pairs = load_pairs()
    gold = {name: [m for document in documents for m in document.mentions] for name, documents in collections.items()}
    assert len(pairs) == len(set(pairs))
    for pair in pairs:
        labels = {mention.label for mention in gold[pair.collection] if mention.text in (pair.form, pair.other)}
        assert {pair.label, pair.other_label} <= labels, pair
        assert holds(pair, gold[pair.collection]) is True, pair


def test_strict_wants_span_and_label() -> None:
    gold = [mention(0, 9), mention(20, 26, "GPE"), mention(30, 35)]
    found = [mention(0, 9), mention(20, 26, "LOC"), mention(31, 35), mention(40, 44)]
    assert strict(gold, found) == Score(right=1, found=4, gold=3)


def test_partial_counts_an_overlap_once() -> None:
    gold = [mention(0, 20), mention(30, 40)]
    assert partial(gold, [mention(0, 8), mention(10, 20), mention(35, 50)]) == Score(right=2, found=3, gold=2)
    assert partial(gold, [mention(0, 40)]) == Score(right=1, found=1, gold=2)
    assert partial(gold, [mention(0, 20, "GPE"), mention(20, 30)]) == Score(right=0, found=2, gold=2)


def test_precision_recall_and_f1() -> None:
    score = Score(right=2, found=4, gold=8)
    assert (score.precision, score.recall, score.f1) == (0.5, 0.25, pytest.approx(1 / 3))
    assert (Score(0, 0, 0).precision, Score(0, 0, 0).recall, Score(0, 0, 0).f1) == (0, 0, 0)


def test_each_label_is_scored_by_itself() -> None:
    gold = [mention(0, 9), mention(20, 26, "GPE")]
    found = [mention(0, 9), mention(20, 26, "LOC")]
    assert by_label(gold, found) == {"GPE": Score(0, 0, 1), "LOC": Score(0, 1, 0), "ORG": Score(1, 1, 1)}


def test_the_inventory_of_names_counts_each_name_once() -> None:
    gold = [mention(0, 9), mention(20, 29), mention(40, 42, text="EB")]
    found = [mention(5, 9, text="the ELM  Board’s"), mention(9, 11, "GPE", "EB")]
    assert forms(gold, found) == Score(right=1, found=2, gold=2)


def test_the_inventory_of_entities_goes_by_entity_under_any_alias() -> None:
    aliases: Aliases = {("eb", "ORG"): "Elm Board"}
    gold = [mention(0, 9), mention(40, 42, text="EB", entity="Elm Board"), mention(50, 53, text="Oak")]
    assert entities(
        gold, [mention(0, 9, entity="EB"), mention(50, 53, text="Oak", entity="Elm Board")], aliases
    ) == Score(right=1, found=1, gold=2)


@pytest.mark.parametrize(
    ("relation", "resolved", "expected"),
    [
        ("merge", {"EB": "Elm Board", "Elm Board": "Elm Board"}, True),
        ("merge", {"EB": "EB", "Elm Board": "Elm Board"}, False),
        ("merge", {"EB": "EB"}, None),
        ("apart", {"EB": "Elm Board", "Elm Board": "Elm Board"}, False),
        ("apart", {"EB": "EB", "Elm Board": "Elm Board"}, True),
    ],
)
def test_a_pair_holds_if_it_is_resolved_as_it_says(
    relation: str, resolved: dict[str, str], expected: bool | None
) -> None:
    found = [mention(0, 5, text=text, entity=entity) for text, entity in resolved.items()]
    assert holds(Pair(relation, "c", "ORG", "EB", "", "ORG", "Elm Board"), found) is expected


def test_a_short_form_can_be_asked_for_in_one_document() -> None:
    found = [Mention(name, 0, 0, 3, "PERSON", "Ash", f"{name} Ash") for name in ("Ann", "Bob")]
    found.append(Mention("Ann", 0, 9, 16, "PERSON", "Ann Ash", "Ann Ash"))
    assert holds(Pair("merge", "c", "PERSON", "Ash", "Ann", "PERSON", "Ann Ash"), found) is True
    assert holds(Pair("merge", "c", "PERSON", "Ash", "", "PERSON", "Ann Ash"), found) is False
    assert holds(Pair("apart", "c", "PERSON", "Ash", "Bob", "PERSON", "Ann Ash"), found) is True
