"""Fold-in: each passage by itself, whole, and near to what it was made of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from tasks import topic_inference
from tasks.topic_inference import fold_in, log_likelihood, place
from tasks.topic_units import Stretches

TOPICS = np.array([[0.5, 0.4, 0.1, 0.0], [0.0, 0.1, 0.4, 0.5]])
PRIOR = np.array([0.1, 0.1])


def stretches(counts: list[list[int]], passages: list[int], documents: list[int]) -> Stretches:
    return Stretches(
        csr_matrix(np.array(counts, dtype=float)),
        list("wxyz"),
        [f"p{n}" for n in range(max(passages) + 1)],
        [f"d{n}" for n in range(max(documents) + 1)],
        np.array(passages),
        np.array(documents),
    )


def test_a_unit_is_of_the_topic_that_explains_its_terms() -> None:
    shares = fold_in(csr_matrix([[9.0, 8, 1, 0], [0, 1, 8, 9], [5, 4, 5, 6]]), TOPICS, PRIOR)
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1])
    assert shares[0, 0] > 0.95
    assert shares[1, 1] > 0.95
    assert 0.4 < shares[2, 0] < 0.5


def test_a_unit_has_the_same_topics_whichever_others_are_placed_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(5)
    units, topics = csr_matrix(draw.poisson(0.3, size=(50, 30)).astype(float)), draw.dirichlet(np.ones(30), size=7)
    whole = fold_in(units, topics, np.full(7, 0.05))
    assert (fold_in(units[20:23], topics, np.full(7, 0.05)) == whole[20:23]).all()
    monkeypatch.setattr(topic_inference, "_BATCH", 100)
    assert (fold_in(units, topics, np.full(7, 0.05)) == whole).all()


def test_the_occurrences_of_a_passage_are_divided_and_none_is_lost() -> None:
    placed = place(
        stretches([[4, 0, 0, 0], [0, 0, 0, 3], [0, 0, 0, 0], [0, 2, 2, 0]], [0, 0, 1, 2], [0, 0, 0, 1]),
        TOPICS,
        PRIOR,
        shortest=1,
        longest=9,
    )
    assert placed.passages == ["p0", "p2"], "what has no known term is left out"
    assert [placed.documents[d] for d in placed.document_of] == ["d0", "d1"]
    assert placed.amounts.sum(axis=1) == pytest.approx([7, 4])
    assert placed.amounts[0] == pytest.approx([4, 3])


def test_a_passage_is_read_in_the_context_of_its_unit() -> None:
    counts, alone = [[0, 1, 0, 0], [0, 0, 9, 9]], [[0, 1, 0, 0]]
    within = place(stretches(counts, [0, 1], [0, 0]), TOPICS, PRIOR, shortest=5, longest=99).amounts[0]
    apart = place(stretches(alone, [0], [0]), TOPICS, PRIOR, shortest=5, longest=99).amounts[0]
    assert within[1] > apart[1] + 0.3


def test_nothing_is_placed_where_nothing_is_known() -> None:
    placed = place(stretches([[0, 0, 0, 0]], [0], [0]), TOPICS, PRIOR, shortest=1, longest=9)
    assert (placed.passages, placed.amounts.shape) == ([], (0, 2))


def test_the_likelihood_is_the_mean_logarithm_of_what_the_topics_give_to_each_occurrence() -> None:
    one = np.array([[0.5, 0.25, 0.25]])
    units = csr_matrix([[2.0, 0, 1], [0, 1, 0], [0, 0, 0]])
    assert log_likelihood(units, one, np.ones(1)) == pytest.approx((2 * np.log(0.5) + 2 * np.log(0.25)) / 4)
    apart = csr_matrix([[9.0, 9, 0, 0], [0, 0, 9, 9]])
    assert log_likelihood(apart, TOPICS, PRIOR) > log_likelihood(apart, TOPICS.mean(axis=0)[None], np.ones(1))
