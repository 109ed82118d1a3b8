"""Where a fit starts: the themes that are there, and something sound where there is next to nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tasks.topic_start import clustered_topics, factored_topics
from tasks.topic_units import Matrix

Start = Callable[[Matrix, int], NDArray[np.float64]]
THEMES, TERMS = 3, 8


def themed(units: int, noise: float, seed: int) -> Matrix:
    """Units of three themes of eight terms each by turns, with a share of terms from anywhere."""
    draw = np.random.default_rng(seed)
    rows = np.zeros((units, THEMES * TERMS))
    for unit in range(units):
        chance = np.full(THEMES * TERMS, noise / (THEMES * TERMS))
        chance[unit % THEMES * TERMS :][:TERMS] += (1 - noise) / TERMS
        rows[unit] = draw.multinomial(60, chance)
    return csr_matrix(rows)


STARTS = pytest.mark.parametrize("start", [factored_topics, clustered_topics])


@STARTS
def test_themes_are_found_and_found_again_in_other_units_of_the_same_themes(start: Start) -> None:
    found = [start(themed(90, 0.4, seed), THEMES) for seed in (1, 1, 2)]
    for topics in found:
        assert topics.sum(axis=1) == pytest.approx([1, 1, 1])
        blocks = [set(np.argsort(-topic)[:TERMS] // TERMS) for topic in topics]
        assert sorted(min(block) for block in blocks) == [0, 1, 2]
        assert all(len(block) == 1 for block in blocks)
    assert (found[0] == found[1]).all()
    assert (found[0] != found[2]).any()


@STARTS
@pytest.mark.parametrize(
    ("counts", "count"),
    [
        pytest.param([[3.0]], 1, id="one term"),
        pytest.param([[3.0, 1]], 4, id="more topics than units"),
        pytest.param([[2.0, 2], [2, 2], [2, 2]], 3, id="units all alike"),
        pytest.param([[2.0, 0, 0], [0, 0, 0]], 2, id="a unit and terms without counts"),
    ],
)
def test_whatever_there_is_topics_are_distributions_without_zeros(
    start: Start, counts: list[list[float]], count: int
) -> None:
    topics = start(csr_matrix(np.array(counts)), count)
    assert topics.shape == (count, len(counts[0]))
    assert topics.sum(axis=1) == pytest.approx(np.ones(count))
    assert (topics > 0).all()
