"""Units: stretches of sensible length, an order that content alone decides, and the vocabulary."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import csr_matrix

from tasks.topic_units import by_content, choose_vocabulary, grouped, read_stretches, units_of


def table(*rows: tuple[str, str, int, str, int]) -> pa.Table:
    names = ("document_id", "passage_id", "stretch", "term", "occurrences")
    types = (pa.string(), pa.string(), pa.int64(), pa.string(), pa.int64())
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    return pa.table({n: pa.array(list(c), t) for n, t, c in zip(names, types, columns, strict=True)})


def test_stretches_are_rows_and_terms_are_columns() -> None:
    found = read_stretches(
        table(
            ("b", "b1", 0, "soil", 2), ("b", "b1", 1, "apple", 1), ("a", "a1", 0, "soil", 3), ("a", "a1", 0, "rain", 4)
        )
    )
    assert found.terms == ["apple", "rain", "soil"]
    assert found.counts.toarray().tolist() == [[0, 0, 2], [1, 0, 0], [0, 4, 3]]
    assert [found.documents[d] for d in found.document_of] == ["b", "b", "a"]
    assert [found.passages[p] for p in found.passage_of] == ["b1", "b1", "a1"]
    assert found.only([2, 0]).counts.toarray().tolist() == [[2, 0], [0, 1], [3, 0]]


def test_no_rows_are_no_stretches() -> None:
    found = read_stretches(table())
    assert found.counts.shape == (0, 0)
    assert units_of(found, 10, 20).tolist() == []


@pytest.mark.parametrize(
    ("lengths", "bounds", "expected"),
    [
        pytest.param("a10 a10", (20, 90), [0, 0], id="two short ones are merged"),
        pytest.param("a30 a10", (20, 90), [0, 0], id="a short one is merged with the one before"),
        pytest.param("a10 a30", (20, 90), [0, 0], id="or with the next"),
        pytest.param("a30 a30", (20, 90), [0, 1], id="long enough ones are not"),
        pytest.param("a10 a30", (10, 90), [0, 1], id="the shortest length is long enough"),
        pytest.param("a10 a30", (20, 40), [0, 0], id="as long as a unit may be"),
        pytest.param("a10 a30", (20, 39), [0, 1], id="no longer than that"),
        pytest.param("a10 b10 b10 a10", (20, 90), [0, 1, 1, 2], id="documents stay apart"),
        pytest.param("a5 a5 a5 a5 a5", (10, 10), [0, 0, 1, 1, 2], id="many short ones"),
    ],
)
def test_short_stretches_of_a_document_are_merged(lengths: str, bounds: tuple[int, int], expected: list[int]) -> None:
    rows = [(item[0], f"p{n}", 0, "soil", int(item[1:])) for n, item in enumerate(lengths.split())]
    assert units_of(read_stretches(table(*rows)), *bounds).tolist() == expected


def test_rows_are_summed_by_group() -> None:
    counts = csr_matrix(np.array([[1.0, 0], [2, 3], [0, 4]]))
    assert grouped(counts, np.array([1, 0, 1])).toarray().tolist() == [[2, 3], [1, 4]]


def test_the_order_of_units_follows_from_their_content_alone() -> None:
    draw = np.random.default_rng(3)
    counts = draw.integers(0, 3, size=(40, 6)).astype(float)
    terms = [f"term {letter}" for letter in "abcdef"]
    order, shuffle, columns = by_content(csr_matrix(counts), terms), draw.permutation(40), draw.permutation(6)
    shuffled = csr_matrix(counts[shuffle][:, columns])
    again = shuffled[by_content(shuffled, [terms[column] for column in columns])].toarray()
    assert again[:, np.argsort(columns)].tolist() == counts[order].tolist()
    assert order.tolist() != list(range(40))


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        pytest.param((1, 1.0, 10), [0, 1, 2, 3], id="all"),
        pytest.param((2, 1.0, 10), [0, 1, 2], id="documents"),
        pytest.param((9, 1.0, 10), [0], id="as many documents as there are are enough"),
        pytest.param((1, 0.5, 10), [2, 3], id="share of the units"),
        pytest.param((1, 1.0, 2), [0, 1], id="size"),
    ],
)
def test_the_vocabulary_is_chosen_by_frequency(bounds: tuple[int, float, int], expected: list[int]) -> None:
    units = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0]])
    documents = np.array([[2, 2, 1, 1], [1, 1, 1, 0], [1, 0, 0, 0]])
    assert choose_vocabulary(csr_matrix(units), csr_matrix(documents), *bounds).tolist() == expected
