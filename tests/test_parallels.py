"""Parallels: passages of two documents that are each other's best match, in order, and no formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from tasks.parallels import Limits, Match, parallel_passages

LIMITS = Limits(anchor=0.3, least=0.15, anchors=2, most_documents=3)


def find(*documents: tuple[str, ...], limits: Limits = LIMITS) -> list[tuple[int, int]]:
    """The matches among documents of passages of words, by number of the passage in reading order."""
    return [(match.first, match.second) for match in matches(*documents, limits=limits)]


def matches(*documents: tuple[str, ...], limits: Limits = LIMITS) -> list[Match]:
    passages = [passage.split() for document in documents for passage in document]
    numbers = np.array([number for number, document in enumerate(documents) for _ in document], dtype=np.int64)
    terms = {term: column for column, term in enumerate(sorted({term for passage in passages for term in passage}))}
    rows = [row for row, passage in enumerate(passages) for _ in passage]
    columns = [terms[term] for passage in passages for term in passage]
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(passages), len(terms)))
    return list(parallel_passages(counts, numbers, limits))


FIRST = ("port data open", "firm trade small", "snow hill sheep")
SECOND = ("data port public", "small trade big", "hill snow goat")


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        pytest.param((FIRST, SECOND), [(0, 3), (1, 4), (2, 5)], id="in order"),
        pytest.param((FIRST, ("x y z", "u v w", "p q r")), [], id="nothing in common"),
        pytest.param((FIRST, SECOND[:1]), [], id="too few anchors"),
        pytest.param(
            (FIRST, (SECOND[2], SECOND[0], SECOND[1])), [(0, 4), (1, 5)], id="what stands elsewhere is left out"
        ),
        pytest.param((FIRST, ("bread oven", *SECOND, "flour mill")), [(0, 4), (1, 5), (2, 6)], id="what one has more"),
        pytest.param(((*FIRST, *SECOND),), [], id="one document"),
        pytest.param((), [], id="none"),
    ],
)
def test_parallel_passages(documents: tuple[tuple[str, ...], ...], expected: list[tuple[int, int]]) -> None:
    assert find(*documents) == expected


@pytest.mark.parametrize(("copies", "is_parallel"), [(1, True), (3, True), (4, False)])
def test_what_more_documents_share_than_may_is_a_formula(copies: int, is_parallel: bool) -> None:
    others = tuple(
        tuple(f"{passage} own{number}{place}" for place, passage in enumerate(SECOND)) for number in range(copies)
    )
    found = find(FIRST, *others, limits=LIMITS._replace(anchor=0.15))
    assert any(first < len(FIRST) for first, _ in found) is is_parallel


@pytest.mark.parametrize(("anchor", "count"), [(0.3, 3), (0.99, 0)])
def test_the_anchor_is_the_cosine_that_counts_by_itself(anchor: float, count: int) -> None:
    assert len(find(FIRST, SECOND, limits=LIMITS._replace(anchor=anchor))) == count


def test_a_weak_match_counts_between_anchors_only() -> None:
    weak = ("port data open", "alpha beta gamma delta one", "snow hill sheep")
    other = ("data port open", "alpha beta three four five", "hill snow sheep")
    strict = LIMITS._replace(anchor=0.5)
    assert find(weak, other, limits=strict) == [(0, 3), (1, 4), (2, 5)]
    assert find(weak, other, limits=strict._replace(least=0.45)) == [(0, 3), (2, 5)]


def test_the_cosine_of_equal_passages_is_one() -> None:
    assert [round(match.similarity, 6) for match in matches(FIRST, FIRST)] == [1.0, 1.0, 1.0]


def test_every_passage_of_a_long_document_is_compared() -> None:
    first = tuple(f"first{number} second{number} third{number}" for number in range(100))
    second = tuple(f"third{number} first{number} other{number}" for number in range(100))
    assert find(first, second) == [(number, 100 + number) for number in range(100)]


def test_documents_are_matched_whatever_stands_between_them() -> None:
    others = tuple((f"bread{number} oven{number}", f"flour{number} mill{number}") for number in range(5))
    assert find(*others[:2], FIRST, *others[2:], SECOND) == [(4, 13), (5, 14), (6, 15)]
