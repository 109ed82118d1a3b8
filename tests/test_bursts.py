"""Bursts: the automaton against all ways through it, what counts as a burst, and how many are found and missed."""

from __future__ import annotations

from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tasks.bursts import Bursts, Counts, Floats, burst_gains, burst_states, dispersion, find_bursts, most_gained
from tasks.trend_tests import benjamini_hochberg

GAINS = st.integers(1, 9).flatmap(
    lambda periods: st.lists(
        st.lists(st.integers(-40, 40).map(lambda n: n / 10), min_size=periods, max_size=periods), min_size=1, max_size=4
    )
)


def counts_of(occurrences: Floats, documents: Floats | None = None) -> Counts:
    """The counts of terms (terms x periods), each in one document of a period unless said otherwise."""
    row, column = np.nonzero(occurrences)
    carried = np.minimum(occurrences, 1) if documents is None else documents
    return Counts(row, column, occurrences[row, column], carried[row, column])  # type: ignore[arg-type]


def value(states: tuple[bool, ...], gains: list[float], price: float) -> float:
    """What a way through the automaton is worth: its gains in bursts, less the price of each entry."""
    entries = sum(now and not before for before, now in zip((False, *states), states, strict=False))
    return sum(gain for gain, state in zip(gains, states, strict=True) if state) - price * entries


@profile(deadline=None, derandomize=True)
@given(GAINS, st.sampled_from([0.05, 0.55, 1.75, 6.25]))
def test_no_way_through_the_automaton_is_better(rows: list[list[float]], price: float) -> None:
    found = burst_states(np.array(rows), price)
    for gains, states in zip(rows, found, strict=True):
        best = max(value(way, gains, price) for way in product((False, True), repeat=len(gains)))
        assert value(tuple(map(bool, states)), gains, price) == pytest.approx(best)


def test_the_gain_is_the_difference_of_kleinbergs_costs() -> None:
    # His cost of a state with rate p is -ln(p^r (1-p)^(d-r)), here for small p; the binomial coefficient cancels.
    occurrences, words, ratio = np.array([[3.0, 0.0, 5.0, 2.0]]), np.full(4, 100_000.0), 2.0
    p0 = 10 / 400_000
    costs = [[-(r * log(p) + (100_000 - r) * log(1 - p)) for r in occurrences[0]] for p in (p0, ratio * p0)]
    found = burst_gains(counts_of(occurrences), 1, words, np.ones(1), ratio, 1e9)
    gains = -found.loss[0] * words
    gains[occurrences[0] > 0] = found.gain
    np.testing.assert_allclose(gains, np.subtract(*costs), atol=0.001)


def bursts(
    occurrences: list[float],
    *,
    words: list[float] | float = 10_000,
    documents: list[float] | None = None,
    **options: float,
) -> tuple[int, int]:
    """First and last period of the strongest burst of one term."""
    row = np.array([occurrences], dtype=float)
    counts = counts_of(row, None if documents is None else np.array([documents], dtype=float))
    given_options = {"ratio": 3.0, "cost": 1.0, "fewest_documents": 4} | options
    found = find_bursts(counts, 1, np.broadcast_to(np.array(words, dtype=float), row.shape[1:]), **given_options)  # type: ignore[arg-type]
    return int(found.start[0]), int(found.end[0])


NONE = (-1, -1)
FLAT = [1.0] * 10


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        pytest.param([*FLAT, 9, 8, 9, 10, 9, *FLAT], (10, 14), id="in the middle"),
        pytest.param([9, 8, 9, 10, 9, *FLAT, *FLAT], (0, 4), id="at the beginning"),
        pytest.param([*FLAT, *FLAT, 9, 8, 9, 10, 9], (20, 24), id="at the end"),
        pytest.param([*FLAT, 9, 8, 2, 10, 9, *FLAT], (10, 14), id="with a gap"),
        pytest.param([*FLAT, 6, 6, 7, 6, *FLAT, 14, 12, 13, 15, *FLAT, *FLAT], (24, 27), id="the stronger of two"),
        pytest.param([0.0] * 20, NONE, id="never"),
        pytest.param([3.0] * 20, NONE, id="always alike"),
        pytest.param([*FLAT, 2, 2, 2, 2, *FLAT], NONE, id="twice as often"),
        pytest.param([*FLAT, 90, *FLAT], NONE, id="one period"),
        pytest.param([0.0] * 10 + [2, 1, 1] + [0.0] * 10, NONE, id="three documents"),
        pytest.param([5.0], NONE, id="a single period"),
    ],
)
def test_what_is_a_burst(series: list[float], expected: tuple[int, int]) -> None:
    assert bursts(series) == expected


def test_a_long_document_is_no_burst() -> None:
    series = [2.0] * 10 + [24, 22, 25, 23] + [2.0] * 10
    assert bursts(series) == (10, 13)
    assert bursts(series, words=[10_000.0] * 10 + [120_000] * 4 + [10_000.0] * 10) == NONE


def test_a_period_of_many_documents_may_burst_by_itself() -> None:
    series, documents = [20.0] * 10 + [200] + [20.0] * 10, [15.0] * 10 + [60] + [15.0] * 10
    assert bursts(series, words=200_000, documents=documents) == (10, 10)
    assert bursts(series, words=200_000, documents=[15.0] * 10 + [1] + [15.0] * 10) == NONE


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, (10, 13), id="as set"),
        pytest.param({"ratio": 20.0}, NONE, id="a much higher rate is asked for"),
        pytest.param({"cost": 20.0}, NONE, id="entering is dear"),
        pytest.param({"fewest_documents": 5}, NONE, id="more documents are asked for"),
    ],
)
def test_each_option_has_its_effect(options: dict[str, float], expected: tuple[int, int]) -> None:
    assert bursts([*FLAT, 7, 8, 7, 8, *FLAT], **options) == expected


def test_strength_and_p_value_belong_together() -> None:
    row = np.array([[*FLAT, 9, 8, 9, 10, 9, *FLAT]])
    counts, words = counts_of(row), np.full(25, 1e4)
    found = find_bursts(counts, 1, words, ratio=3, cost=1, fewest_documents=4)
    gains = burst_gains(counts, 1, words, dispersion(counts, 1, words), 3, log(25))
    assert found.strength[0] == pytest.approx(gains.gain[10:15].sum())
    assert found.p_value[0] == pytest.approx(3 * 25 * exp(-found.strength[0])), "by periods and multiples"


def test_dispersion_is_that_of_neighbours() -> None:
    even = np.full(40, 10_000.0)
    assert dispersed(np.full((1, 40), 3.0), even)[0] == 1
    assert dispersed(np.tile([0.0, 12.0], 20)[None], even)[0] == pytest.approx(12)
    level = np.r_[np.full(20, 2.0), np.full(20, 20.0)][None]
    assert dispersed(level, even)[0] == 1, "a step is no clump"


def dispersed(occurrences: Floats, words: Floats) -> Floats:
    return dispersion(counts_of(occurrences), len(occurrences), words)


def test_dispersion_is_the_mean_chi_square_of_neighbours() -> None:
    draw = np.random.default_rng(11)
    occurrences, words = draw.poisson(0.7, (30, 14)).astype(float), draw.uniform(500, 9_000, 14)
    for row, found in zip(occurrences, dispersed(occurrences, words), strict=True):
        chi_squares = []
        for first, second, *size in zip(row[:-1], row[1:], words[:-1], words[1:], strict=True):
            if total := first + second:
                expected = [total * each / sum(size) for each in size]
                chi_squares.append(sum((n - e) ** 2 / e for n, e in zip((first, second), expected, strict=True)))
        assert found == pytest.approx(max(1, np.mean(chi_squares or [1])))


def simulated(rates: Floats, *, clump: float) -> tuple[Bursts, Floats]:
    """Bursts found in yearly documents of 1,000 to 33,000 words whose terms stand in clumps, and the words of these."""
    draw = np.random.default_rng(1790)
    words = np.exp(draw.normal(8.9, 0.6, rates.shape[1])).clip(1_000, 33_000)
    occurrences = draw.poisson(rates * words / 10_000 * draw.gamma(clump, 1 / clump, rates.shape)).astype(float)
    found = find_bursts(counts_of(occurrences), len(rates), words, ratio=3, cost=1, fewest_documents=4)
    return found, occurrences


def test_bursts_of_a_few_yearly_documents_are_found_where_they_are() -> None:
    rates = np.full((200, 230), 0.2)
    draw = np.random.default_rng(3)
    starts, lengths = draw.integers(10, 210, 200), draw.integers(5, 11, 200)
    for row, start, length in zip(rates, starts, lengths, strict=True):
        row[start : start + length] = 8
    found, _ = simulated(rates, clump=3)
    called = benjamini_hochberg(found.p_value) <= 0.05
    assert called.mean() > 0.9
    near = (abs(found.start - starts) <= 2) & (abs(found.end - (starts + lengths - 1)) <= 2)
    assert near[called].mean() > 0.9


def test_where_nothing_bursts_next_to_nothing_is_called() -> None:
    rates = np.repeat(np.geomspace(0.2, 40, 500)[:, None], 230, axis=1)
    found, _ = simulated(rates, clump=3)
    assert (benjamini_hochberg(found.p_value) <= 0.05).sum() <= 3


def test_a_term_of_one_war_stands_out_however_it_clumps() -> None:
    war = [4, 1, 2, 11, 0, 3, 5, 1]
    row = np.array([[0.0] * 175 + war + [0.0] * 47])
    words = np.full(230, 4_400.0)
    counts = counts_of(row)
    found = find_bursts(counts, 1, words, ratio=3, cost=1, fewest_documents=3)
    assert (found.start[0], found.end[0]) == (175, 182)
    assert found.p_value[0] < 1e-3
    thrice = burst_gains(counts, 1, words, dispersion(counts, 1, words), 3, log(230))
    assert 230 * exp(thrice.loss[0] * words[0] - thrice.gain.sum()) > 0.01, (
        "three times the usual rate explains it badly"
    )


def test_no_run_of_periods_gains_more_than_is_said() -> None:
    draw = np.random.default_rng(5)
    occurrences, words = draw.poisson(0.8, (40, 12)).astype(float), draw.uniform(500, 9_000, 12)
    counts = counts_of(occurrences)
    found = burst_gains(counts, 40, words, np.ones(40), 3, 1.5)
    gains = -found.loss[:, None] * words
    gains[counts.row, counts.column] = found.gain
    runs = [gains[:, start:end].sum(axis=1) for start in range(12) for end in range(start + 1, 13)]
    opens = np.searchsorted(counts.row, np.arange(41))
    assert most_gained(found, counts, opens, words) == pytest.approx(np.maximum(0, np.max(runs, axis=0)))
