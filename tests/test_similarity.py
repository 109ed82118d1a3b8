"""Similarity: documents with the same body are told, and which of them represents the others."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tasks.similarity import Duplicate, SimilaritySettings, similarity
from tasks.stage import collect

SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("text_sha256", pa.string()),
        ("body_sha256", pa.string()),
        ("word_count", pa.int64()),
    ]
)


def duplicates(rows: list[tuple[str, str, str | None, int]], fewest_words: int = 20) -> list[tuple[str, str]]:
    """Who repeats whom among rows of document, digest of the text, digest of the body and words."""
    table = pa.table([list(column) for column in zip(*rows, strict=True)] or [[], [], [], []], schema=SCHEMA)
    found = collect(similarity.writes, similarity.function(table, SimilaritySettings(fewest_words=fewest_words)))
    return [(row["document_id"], row["duplicate_of"]) for row in found[Duplicate].to_pylist()]


def bodies(*rows: tuple[str, str, int]) -> list[tuple[str, str, str | None, int]]:
    """Documents with a text of their own each, by digest of the body, document and words."""
    return [(document, f"text of {document}", body, words) for body, document, words in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([], [], id="no documents"),
        pytest.param([("x", "a", 50)], [], id="one document"),
        pytest.param([("x", "a", 50), ("y", "b", 50)], [], id="different bodies"),
        pytest.param([("x", "a", 50), ("x", "b", 50)], [("b", "a")], id="a pair"),
        pytest.param([("x", "b", 50), ("x", "a", 50)], [("a", "b")], id="the first one given represents, not the first id"),
        pytest.param(
            [("x", "c", 50), ("x", "a", 50), ("x", "b", 50)], [("a", "c"), ("b", "c")], id="one represents all the others"
        ),
        pytest.param(
            [("x", "a", 50), ("x", "b", 50), ("y", "c", 50), ("z", "d", 60), ("z", "e", 60)],
            [("b", "a"), ("e", "d")],
            id="two groups",
        ),
        pytest.param([("x", "a", 20), ("x", "b", 20)], [("b", "a")], id="just long enough"),
        pytest.param([("x", "a", 19), ("x", "b", 19)], [], id="too short"),
    ],
)  # fmt: skip
def test_the_first_document_of_a_body_represents_the_others(
    rows: list[tuple[str, str, int]], expected: list[tuple[str, str]]
) -> None:
    assert duplicates(bodies(*rows)) == expected


@pytest.mark.parametrize(("fewest_words", "expected"), [(1, [("b", "a")]), (30, [("b", "a")]), (31, [])])
def test_a_shorter_body_than_the_fewest_words_is_no_duplicate(
    fewest_words: int, expected: list[tuple[str, str]]
) -> None:
    assert duplicates(bodies(("x", "a", 30), ("x", "b", 30)), fewest_words) == expected


def test_the_fewest_words_are_one_at_least() -> None:
    with pytest.raises(ValidationError):
        SimilaritySettings(fewest_words=0)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("a", "t", "x", 3), ("b", "t", "x", 3)], [("b", "a")], id="short bodies"),
        pytest.param([("a", "t", None, 0), ("b", "t", None, 0)], [("b", "a")], id="no bodies"),
        pytest.param([("a", "s", None, 0), ("b", "t", None, 0)], [], id="no bodies and different texts"),
        pytest.param([("a", "s", "x", 3), ("b", "t", "x", 3)], [], id="short bodies of different texts"),
        pytest.param([("a", "t", "x", 30), ("b", "t", "y", 30)], [("b", "a")], id="one text read as two bodies"),
        pytest.param(
            [("a", "s", "x", 30), ("b", "t", "x", 30), ("c", "t", "y", 30)],
            [("b", "a"), ("c", "a")],
            id="the text of a duplicate leads to what it is a duplicate of",
        ),
    ],
)
def test_documents_of_one_text_are_duplicates_whatever_their_length(
    rows: list[tuple[str, str, str | None, int]], expected: list[tuple[str, str]]
) -> None:
    assert duplicates(rows) == expected
