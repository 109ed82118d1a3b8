"""The quality of topics: coherence against values computed by hand, stability from one to none."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from tasks.topic_quality import agreements, npmi_coherence, top_terms
from tasks.topic_units import Matrix


def bags(*units: str) -> Matrix:
    """Units of the terms a to f, such as `abb`, as a matrix of counts."""
    return csr_matrix([[float(unit.count(term)) for term in "abcdef"] for unit in units])


def npmi(together: float, first: float, second: float) -> float:
    return log(together / (first * second)) / -log(together)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        pytest.param(("ab", "ab", "c", "c"), 1.0, id="always together"),
        pytest.param(("a", "b", "a", "b"), -1.0, id="never together"),
        pytest.param(("ab", "a", "b", "c"), 0.0, id="together as often as chance has it"),
        pytest.param(("ab", "ab", "a", "c"), npmi(2 / 4, 3 / 4, 2 / 4), id="together more often"),
        pytest.param(("ab", "a", "a", "b", "b", "c"), npmi(1 / 6, 3 / 6, 3 / 6), id="together less often"),
        pytest.param(("aaab", "abbb", "c", "c"), 1.0, id="units count and not occurrences"),
        pytest.param(("ab", "ab"), 0.0, id="everywhere"),
        pytest.param(("a", "a", "c"), -1.0, id="a term that never occurs"),
    ],
)
def test_the_coherence_of_two_terms_is_their_npmi_over_the_units(units: tuple[str, ...], expected: float) -> None:
    topics = np.array([[0.6, 0.4, 0.0]])
    assert npmi_coherence(topics, bags(*units), top=2) == pytest.approx([expected])


def test_the_coherence_of_a_topic_is_the_mean_over_its_pairs_of_top_terms() -> None:
    topics = np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]])
    units = bags("abc", "ab", "cd", "d", "d")
    of_abc = (npmi(2 / 5, 2 / 5, 2 / 5) + 2 * npmi(1 / 5, 2 / 5, 2 / 5)) / 3
    of_dcb = (npmi(1 / 5, 3 / 5, 2 / 5) + npmi(1 / 5, 2 / 5, 2 / 5) - 1) / 3
    assert npmi_coherence(topics, units, top=3) == pytest.approx([of_abc, of_dcb])


@pytest.mark.parametrize(
    ("topics", "top"),
    [
        pytest.param([[1.0]], 10, id="one term in the vocabulary"),
        pytest.param([[0.5, 0.5]], 1, id="one term looked at"),
    ],
)
def test_a_topic_of_one_term_has_no_coherence(topics: list[list[float]], top: int) -> None:
    assert np.isnan(npmi_coherence(np.array(topics), bags("a", "ab"[: len(topics[0])]), top=top)).all()


@profile(deadline=None, derandomize=True)
@given(st.lists(st.text("abcd", min_size=1, max_size=6), min_size=1, max_size=8), st.permutations(range(4)))
def test_coherence_lies_between_minus_one_and_one_and_units_have_no_order(units: list[str], order: list[int]) -> None:
    topics = np.array([[order.index(term) + 1.0 for term in range(4)]])
    (value,) = npmi_coherence(topics, bags(*units))
    assert -1 <= value <= 1 + 1e-12
    assert npmi_coherence(topics, bags(*reversed(units))) == pytest.approx([value])


def test_top_terms_are_the_most_probable_and_ties_go_by_position() -> None:
    topics = np.array([[0.1, 0.4, 0.4, 0.1], [0.25, 0.25, 0.25, 0.25]])
    assert top_terms(topics, 3).tolist() == [[1, 2, 0], [0, 1, 2]]
    assert top_terms(topics, 9).shape == (2, 4)


A, B, C = [8.0, 7, 1, 1, 0, 0], [0.0, 1, 8, 7, 1, 0], [0.0, 0, 1, 0, 8, 7]


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        pytest.param([[A, B], [A, B]], [1.0, 1.0], id="identical"),
        pytest.param([[A, B], [B, A]], [1.0, 1.0], id="in another order"),
        pytest.param([[A], [C]], [0.0, 0.0], id="disjoint"),
        pytest.param([[A, B], [A, C]], [0.5, 0.5], id="one of two"),
        pytest.param([[A], [[8.0, 0, 7, 0, 0, 0]]], [1 / 3, 1 / 3], id="one of three terms"),
        pytest.param([[A], [A], [C]], [0.5, 0.5, 0.0], id="one of three fits is another"),
        pytest.param([[A, B]], [], id="one fit"),
        pytest.param([], [], id="no fit"),
    ],
)
def test_fits_agree_as_far_as_topics_paired_off_at_their_best_overlap(
    models: list[list[list[float]]], expected: list[float]
) -> None:
    assert agreements([np.array(model) for model in models], top=2).tolist() == pytest.approx(expected)
