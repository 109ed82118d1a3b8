"""The tests of trend against scipy, against values computed by hand, and on simulated series."""

from __future__ import annotations

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, kendalltau, norm, theilslopes

from tasks.trend_tests import benjamini_hochberg, mann_kendall, theil_sen


@pytest.mark.parametrize(
    ("series", "score", "variance"),
    [
        pytest.param([1, 2, 3, 4, 5], 10, 5 * 4 * 15 / 18, id="rising"),
        pytest.param([5, 4, 3, 2, 1], -10, 5 * 4 * 15 / 18, id="falling"),
        pytest.param([1, 3, 2, 4], 4, 4 * 3 * 13 / 18, id="one step back"),
        pytest.param([1, 2, 2, 3], 5, (4 * 3 * 13 - 2 * 1 * 9) / 18, id="one tie"),
        pytest.param([1, 1, 2, 2, 2], 6, (5 * 4 * 15 - 2 * 1 * 9 - 3 * 2 * 11) / 18, id="two ties"),
        pytest.param([0, 0, 0, 0, 9], 4, (5 * 4 * 15 - 4 * 3 * 13) / 18, id="nothing but the last"),
        pytest.param([2, 2, 2, 2], 0, 0, id="constant"),
        pytest.param([1, 2, 1, 2, 1], 0, (5 * 4 * 15 - 3 * 2 * 11 - 2 * 1 * 9) / 18, id="to and fro"),
    ],
)
def test_mann_kendall_against_values_by_hand(series: list[float], score: float, variance: float) -> None:
    found = mann_kendall(np.array([series], dtype=float))
    z = (abs(score) - 1) / sqrt(variance) if score else 0.0
    assert [float(part[0]) for part in found] == pytest.approx([score, variance, 2 * norm.sf(z)])


SERIES = st.integers(3, 12).flatmap(
    lambda periods: st.lists(
        st.lists(st.integers(0, 6).map(float), min_size=periods, max_size=periods), min_size=1, max_size=5
    )
)


@profile(deadline=None, derandomize=True)
@given(SERIES)
def test_kendalls_score_is_that_of_scipys_tau(rows: list[list[float]]) -> None:
    series = np.array(rows)
    score, variance, p_values = mann_kendall(series)
    periods = series.shape[1]
    for row, s, v, p in zip(series, score, variance, p_values, strict=True):
        assert s == sum(np.sign(b - a) for a, b in combinations(row, 2))
        assert 0 <= p <= 1
        assert (v == 0) == (len(set(row)) == 1)
        if v > 0:
            tied = sum(a == b for a, b in combinations(row, 2))
            pairs = periods * (periods - 1) / 2
            tau = kendalltau(np.arange(periods), row, method="asymptotic")
            assert s / sqrt(pairs * (pairs - tied)) == pytest.approx(tau.statistic, abs=1e-12)
            assert p >= tau.pvalue - 1e-12, "the continuity correction makes a test more careful"
            assert 2 * norm.sf(abs(s) / sqrt(v)) == pytest.approx(tau.pvalue)
        else:
            assert p == 1


@profile(deadline=None, derandomize=True)
@given(SERIES)
def test_a_series_backwards_has_the_opposite_score_and_the_same_p_value(rows: list[list[float]]) -> None:
    series = np.array(rows)
    score, variance, p_values = mann_kendall(series)
    backwards = mann_kendall(series[:, ::-1])
    np.testing.assert_array_equal(backwards[0], -score)
    np.testing.assert_allclose(backwards[1:], (variance, p_values))


def test_rows_are_tested_each_for_itself() -> None:
    series = np.random.default_rng(5).integers(0, 4, (40, 9)).astype(float)
    together = np.array(mann_kendall(series))
    alone = np.array([[part[0] for part in mann_kendall(row[None])] for row in series]).T
    np.testing.assert_array_equal(together, alone)


TIMES = st.lists(st.integers(1, 4), min_size=12, max_size=12).map(lambda gaps: np.cumsum(gaps).astype(float))


@profile(deadline=None, derandomize=True)
@given(SERIES, TIMES, st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_the_slope_and_its_interval_are_scipys(
    rows: list[list[float]], times: np.ndarray[tuple[int], np.dtype[np.float64]], confidence: float
) -> None:
    series = np.array(rows)
    times = times[: series.shape[1]]
    _, variance, _ = mann_kendall(series)
    slope, low, high = theil_sen(series, times, variance, confidence)
    for row, *found, v in zip(series, slope, low, high, variance, strict=True):
        expected = theilslopes(row, times, alpha=confidence)
        assert found[0] == pytest.approx(expected.slope)
        if v > 0:
            assert found[1:] == pytest.approx([expected.low_slope, expected.high_slope])


@pytest.mark.parametrize(
    ("series", "times", "slope"),
    [
        pytest.param([1, 2, 3, 4], [0, 1, 2, 3], 1, id="straight"),
        pytest.param([8, 6, 4, 2], [0, 1, 2, 3], -2, id="falling"),
        pytest.param([0, 1, 2, 10], [0, 1, 2, 10], 1, id="a gap in time"),
        pytest.param([0, 1, 2, 90, 4, 5], [0, 1, 2, 3, 4, 5], 1, id="one period far out"),
        pytest.param([3, 3, 3, 3], [0, 1, 2, 3], 0, id="constant"),
    ],
)
def test_the_slope_is_the_median_over_pairs(series: list[float], times: list[float], slope: float) -> None:
    row = np.array([series], dtype=float)
    found = theil_sen(row, np.array(times, dtype=float), mann_kendall(row)[1], 0.95)
    assert float(found[0][0]) == pytest.approx(slope)
    assert found[1][0] <= slope <= found[2][0]


def test_many_rows_are_the_rows_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    series = np.random.default_rng(6).random((50, 7))
    times, variance = np.arange(7.0), mann_kendall(series)[1]
    at_once = np.array(theil_sen(series, times, variance, 0.9))
    monkeypatch.setattr("tasks.trend_tests._PAIRS_AT_ONCE", 21 * 4)
    np.testing.assert_array_equal(np.array(theil_sen(series, times, variance, 0.9)), at_once)


@profile(deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.05, 1.0])), min_size=1, max_size=30))
def test_adjusted_p_values_are_scipys(p_values: list[float]) -> None:
    expected = false_discovery_control(p_values, method="bh")
    np.testing.assert_allclose(benjamini_hochberg(np.array(p_values)), expected, atol=1e-15)


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([0.03], [0.03], id="one"),
        pytest.param([0.04, 0.01, 0.03, 0.02], [0.04, 0.04, 0.04, 0.04], id="evenly spaced"),
        pytest.param([0.01, 0.5, 0.9], [0.03, 0.75, 0.9], id="one that is small"),
        pytest.param([0.9, 0.95], [0.95, 0.95], id="none above one"),
    ],
)
def test_adjusted_p_values_by_hand(p_values: list[float], expected: list[float]) -> None:
    assert benjamini_hochberg(np.array(p_values)).tolist() == pytest.approx(expected)


def simulated(rising: int, flat: int, periods: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Counts by chance: first series whose rate doubles and doubles again, then series of a steady rate."""
    draw = np.random.default_rng(20150704)
    rates = np.vstack([np.tile(np.linspace(10, 40, periods), (rising, 1)), np.full((flat, periods), 20.0)])
    return draw.poisson(rates).astype(float)


def test_trends_are_found_and_few_of_those_found_are_false() -> None:
    _, _, p_values = mann_kendall(simulated(200, 1800, 20))
    called = benjamini_hochberg(p_values) <= 0.05
    assert called[:200].mean() > 0.9
    assert called[200:].sum() / called.sum() < 0.1


def test_without_any_trend_next_to_none_is_found_and_few_p_values_are_small() -> None:
    _, _, p_values = mann_kendall(simulated(0, 2000, 12))
    assert (benjamini_hochberg(p_values) <= 0.05).sum() <= 2
    assert 0.02 < (p_values <= 0.05).mean() < 0.06


def test_the_interval_covers_the_true_slope_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(11)
    series = 0.5 * np.arange(15) + draw.normal(size=(1000, 15))
    _, low, high = theil_sen(series, np.arange(15.0), mann_kendall(series)[1], 0.9)
    assert 0.85 < ((low <= 0.5) & (high >= 0.5)).mean() < 0.95
