"""Topics: themes told apart, the same whatever the order, with weights, labels and ids that hold together."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.stage import Record, collect
from tasks.topics import DocumentTopic, PassageTopic, Topic, TopicFit, TopicsSettings, TopicTerm, topics

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
Tables = dict[type[Record], list[dict[str, Any]]]
QUICK: dict[str, Any] = {"seeds": 1, "passes": 1}


def fit(rows: list[Row], **settings: Any) -> Tables:
    table = pa.table([list(column) for column in zip(*rows, strict=True)] or [[] for _ in SCHEMA], schema=SCHEMA)
    found = collect(topics.writes, topics.function(table, TopicsSettings(**{**QUICK, **settings})))
    return {record: part.to_pylist() for record, part in found.items()}


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
def two_themes() -> Tables:
    return fit(themes(), count=2)


# -- small corpora ----------------------------------------------------------------------------------------------------

NOTHING: Tables = {TopicFit: [], Topic: [], TopicTerm: [], PassageTopic: [], DocumentTopic: []}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no passages"),
        pytest.param(passage("a", 0, "lake bank", ("lake", "bank")), id="names alone"),
        pytest.param(passage("a", 0, "apple") + passage("b", 0, "ship"), id="two documents that share no term"),
    ],
)
def test_without_terms_there_are_no_topics(rows: list[Row]) -> None:
    assert fit(rows) == NOTHING


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
    assert [(row["share"], set(row["label"].split(", "))) for row in found[Topic]] == [(1.0, terms)]
    assert {row["term"] for row in found[TopicTerm]} == terms
    assert [row["weight"] for row in found[DocumentTopic]] == pytest.approx([1.0])
    assert [row["weight"] for row in found[PassageTopic]] == pytest.approx([1.0] * len({row[1] for row in rows}))


def test_two_passages_of_two_documents_are_two_topics_at_most() -> None:
    rows = passage("a", 0, "apple*30 soil*30 rain") + passage("b", 0, "apple soil rain*60")
    found = fit(rows)
    (fitted,) = found[TopicFit]
    assert (fitted["topic_count"], fitted["documents"], fitted["passages"]) == (2, 2, 2)
    assert (fitted["tokens"], fitted["vocabulary"], fitted["is_active"]) == (123, 3, True)
    assert len(found[PassageTopic]) == len(found[DocumentTopic]) == 4


def test_there_are_no_more_topics_than_units() -> None:
    rows = [row for name in "abc" for row in passage(name, 0, "apple*20 soil*20 rain*20")]
    assert fit(rows, count=9, most_documents=1)[TopicFit][0]["topic_count"] == 3


# -- what topics are --------------------------------------------------------------------------------------------------


def test_two_clear_themes_are_told_apart(two_themes: Tables) -> None:
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


def test_a_label_names_the_topics_own_terms_with_phrases_first(two_themes: Tables) -> None:
    labels = [row["label"].split(", ") for row in two_themes[Topic]]
    assert sorted(label[0] for label in labels) == ["container ship", "fruit tree"]
    assert all(len(label) == 3 for label in labels)
    assert all(set(label) <= set(ORCHARD) or set(label) <= set(HARBOUR) for label in labels)
    words = [word for label in labels for term in label for word in term.split()]
    assert len(set(words)) == len(words)


def test_the_fit_is_counted_and_every_row_belongs_to_it(two_themes: Tables) -> None:
    (fitted,) = two_themes[TopicFit]
    assert {key: fitted[key] for key in ("topic_count", "documents", "passages", "tokens", "vocabulary")} == {
        "topic_count": 2,
        "documents": 12,
        "passages": 24,
        "tokens": 24 * 60,
        "vocabulary": 20,
    }
    identifiers = [row["topic_id"] for row in two_themes[Topic]]
    assert {row["model_id"] for row in two_themes[Topic]} == {fitted["model_id"]}
    for record in (TopicTerm, PassageTopic, DocumentTopic):
        assert {row["topic_id"] for row in two_themes[record]} == set(identifiers)
    assert len(two_themes[PassageTopic]) == 48
    assert len(two_themes[DocumentTopic]) == 24


def test_terms_are_ranked_by_weight_and_topics_by_share(two_themes: Tables) -> None:
    shares = [row["share"] for row in two_themes[Topic]]
    assert shares == sorted(shares, reverse=True)
    for topic in two_themes[Topic]:
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
    assert sum(row["share"] for row in found[Topic]) == pytest.approx(1, abs=1e-5)
    assert all(row["weight"] >= 0 for row in found[DocumentTopic])


def test_a_document_is_the_average_of_its_passages_by_length() -> None:
    rows = themes(documents=10, passages=1)
    rows += passage("mixed", 0, " ".join(f"{term.replace(' ', '_')}*15" for term in ORCHARD))
    rows += passage("mixed", 1, " ".join(f"{term.replace(' ', '_')}*5" for term in HARBOUR))
    found = fit(rows, count=2)
    weights = {row["topic_id"]: row["weight"] for row in found[DocumentTopic] if row["document_id"] == "mixed"}
    parts = {(row["passage_id"], row["topic_id"]): row["weight"] for row in found[PassageTopic]}
    for topic, weight in weights.items():
        expected = (150 * parts["mixed-0", topic] + 50 * parts["mixed-1", topic]) / 200
        assert weight == pytest.approx(expected)
    assert sorted(weights.values()) == pytest.approx([0.25, 0.75], abs=0.02)


def test_documents_may_come_in_any_order() -> None:
    rows = themes(documents=8)
    documents = sorted({row[0] for row in rows})
    random.Random(3).shuffle(documents)
    shuffled = [row for document in documents for row in rows if row[0] == document]
    assert shuffled != rows
    assert fit(shuffled, count=3) == fit(rows, count=3)


def test_the_same_passages_under_other_ids_give_the_same_topics() -> None:
    rows = themes(documents=8)
    renamed = sorted((f"x{99 - int(d[1:])}", f"x{99 - int(d[1:])}{p[3:]}", *rest) for d, p, *rest in rows)
    expected, found = fit(rows, count=3), fit(renamed, count=3)
    for record in (TopicFit, Topic, TopicTerm):
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
    found = fit(rows, count=count, most_documents=1)[Topic]
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
    assert len(found[TopicFit]) == len(found[Topic]) == bool(rows)
    for record, key in ((DocumentTopic, "document_id"), (PassageTopic, "passage_id")):
        summed = totals(found[record], key)
        assert summed == pytest.approx(dict.fromkeys(summed, 1.0))
        assert {row["topic_id"] for row in found[record]} == {row["topic_id"] for row in found[Topic]}


# -- units ------------------------------------------------------------------------------------------------------------


def test_passages_of_different_documents_are_not_merged() -> None:
    rows = [row for name in "abcd" for row in passage(name, 0, "apple*3 soil*3")]
    assert fit(rows, count=9, shortest_unit=100, most_documents=1)[TopicFit][0]["topic_count"] == 4


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
    (fitted,) = found[TopicFit]
    assert (fitted["topic_count"], fitted["passages"], fitted["tokens"]) == (units, 1, 60)
    assert totals(found[PassageTopic], "passage_id") == pytest.approx({"a-0": 1.0})


# -- settings ---------------------------------------------------------------------------------------------------------


def vocabulary(found: Tables) -> set[str]:
    return {row["term"] for row in found[TopicTerm]}


def test_names_are_left_out() -> None:
    rows = [row for name in "abc" for row in passage(name, 0, "apple*20 soil*20 lake*20", ("lake",))]
    found = fit(rows, count=1, most_documents=1)
    assert vocabulary(found) == {"apple", "soil"}
    assert found[TopicFit][0]["tokens"] == 120


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
    rows = [row for name in "abc" for row in passage(name, 0, "apple*20 rain*20 soil*20 fruit_tree*20")]
    assert vocabulary(fit(rows, count=1, most_documents=1, stopwords=stopwords)) == expected


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
    assert [found[TopicFit][0]["vocabulary"] for found in (wide, narrow)] == [11, 10]


@pytest.mark.parametrize(("terms", "expected"), [(3, 3), (20, 20), (100, 20)])
def test_so_many_terms_are_listed(terms: int, expected: int) -> None:
    found = fit(themes(documents=6), count=2, terms=terms)
    assert [row["rank"] for row in found[TopicTerm]] == list(range(1, expected + 1)) * 2


@pytest.mark.parametrize("count", [1, 3, 6])
def test_so_many_topics_are_fitted(count: int) -> None:
    found = fit(themes(documents=6), count=count)
    assert (found[TopicFit][0]["topic_count"], len(found[Topic]), found[TopicFit][0]["candidates"]) == (count, count, 1)


def test_without_a_count_the_number_of_topics_is_chosen_among_several() -> None:
    (fitted,) = fit(themes(documents=30), seeds=2)[TopicFit]
    assert fitted["topic_count"] in (3, 4, 5, 6)
    assert fitted["candidates"] == 2 * 4
    assert 0 <= fitted["stability"] <= 1


@pytest.mark.parametrize("seeds", [1, 3])
def test_each_seed_is_a_candidate_and_one_alone_has_no_stability(seeds: int) -> None:
    (fitted,) = fit(themes(documents=6), count=2, seeds=seeds)[TopicFit]
    assert fitted["candidates"] == seeds
    assert fitted["seed"] in range(TopicsSettings().random_seed, TopicsSettings().random_seed + seeds)
    assert (fitted["stability"] is None) is (seeds == 1)


def test_the_random_seed_is_the_first_that_is_tried() -> None:
    first, again, second = (fit(themes(documents=6), count=3, random_seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert [found[TopicFit][0]["seed"] for found in (first, second)] == [1, 2]
    assert first[PassageTopic] != second[PassageTopic]


def test_more_passes_change_the_fit() -> None:
    few, many = (fit(themes(documents=6), count=3, passes=passes) for passes in (15, 90))
    assert few[TopicFit][0]["model_id"] != many[TopicFit][0]["model_id"]
    assert fit(themes(documents=6), count=3, passes=1) == few, "a small corpus gets fifteen passes at least"


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
        {"topics": 5},
    ],
    ids=str,
)
def test_settings_have_bounds(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TopicsSettings(**values)
