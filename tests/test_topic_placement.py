"""Topic placement: what passages and documents are made of, whatever else is placed with them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tasks.stage import collect
from tasks.topic_placement import DocumentTopic, PassageTopic, TopicPlacementSettings, topic_placement

MODEL = pa.Table.from_pylist(
    [{"model_id": "m1", "terms": ["apple", "dock", "ship", "soil"], "shortest_unit": 5, "longest_unit": 50}]
)
TOPICS = pa.Table.from_pylist(
    [
        {"topic_id": "orchards", "prior": 0.01, "weights": [0.5, 0.01, 0.01, 0.48]},
        {"topic_id": "harbours", "prior": 0.01, "weights": [0.01, 0.5, 0.48, 0.01]},
    ]
)
NOUNS = [
    ("a", "a0", 0, "apple", 9),
    ("a", "a0", 0, "soil", 9),
    ("a", "a1", 0, "dock", 6),
    ("a", "a1", 1, "ship", 6),
    ("b", "b0", 0, "ship", 8),
]


def run(nouns: list[tuple[str, str, int, str, int]], model: pa.Table = MODEL, **settings: Any) -> dict[str, Any]:
    names = ("document_id", "passage_id", "stretch", "term", "occurrences")
    table = pa.table(dict(zip(names, zip(*nouns, strict=True), strict=True))) if nouns else pa.table(
        {n: pa.array([], pa.int64() if n in ("stretch", "occurrences") else pa.string()) for n in names}
    )  # fmt: skip
    topics = TOPICS.slice(0, TOPICS.num_rows if model.num_rows else 0)
    made = topic_placement.function(table, model, topics, TopicPlacementSettings(**settings))
    found = collect(topic_placement.writes, made)
    return {record.TABLE: part.to_pylist() for record, part in found.items()}


def test_passages_are_divided_among_topics_and_documents_are_what_they_add_up_to() -> None:
    found = run(NOUNS, smallest_share=0.1)
    assert [
        (row["document_id"], row["passage_id"], row["topic_id"], round(row["occurrences"], 9), row["weight"])
        for row in found[PassageTopic.TABLE]
    ] == [("a", "a0", "orchards", 18, 1), ("a", "a1", "harbours", 12, 1), ("b", "b0", "harbours", 8, 1)]
    assert [(row["document_id"], row["topic_id"], row["model_id"]) for row in found[DocumentTopic.TABLE]] == [
        (document, topic, "m1") for document in "ab" for topic in ("orchards", "harbours")
    ]
    assert [row["weight"] for row in found[DocumentTopic.TABLE]] == pytest.approx([0.6, 0.4, 0, 1])


def test_a_document_is_placed_the_same_alone_and_with_others() -> None:
    together = run(NOUNS)
    for document in "ab":
        alone = run([row for row in NOUNS if row[0] == document])
        for table, rows in alone.items():
            assert rows == [row for row in together[table] if row["document_id"] == document]


@pytest.mark.parametrize(
    ("smallest", "rows"),
    [pytest.param(0.0, 6, id="traces are kept"), pytest.param(0.5, 3, id="the largest stays at least")],
)
def test_a_topic_of_a_smaller_share_has_no_part_in_a_passage(smallest: float, rows: int) -> None:
    found = run(NOUNS, smallest_share=smallest)
    assert len(found[PassageTopic.TABLE]) == rows
    assert sum(row["occurrences"] for row in found[PassageTopic.TABLE]) == pytest.approx(38)
    assert sum(row["weight"] for row in found[PassageTopic.TABLE]) == pytest.approx(3)


@pytest.mark.parametrize(
    ("nouns", "model"),
    [
        pytest.param([], MODEL, id="no terms"),
        pytest.param(NOUNS, MODEL.slice(0, 0), id="no model"),
        pytest.param([], MODEL.slice(0, 0), id="neither"),
    ],
)
def test_without_terms_or_model_there_are_no_rows(nouns: list[Any], model: pa.Table) -> None:
    assert run(nouns, model) == {PassageTopic.TABLE: [], DocumentTopic.TABLE: []}


@pytest.mark.parametrize("values", [{"smallest_share": -0.1}, {"smallest_share": 0.6}, {"count": 3}], ids=str)
def test_settings_have_bounds(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TopicPlacementSettings(**values)
