"""The tests of trend against scipy, against values computed by hand, and on simulated series."""

from __future__ import annotations

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, kendalltau, norm, poisson, theilslopes

from tasks.trend_tests import Floats, absence, autocorrelation_factor, benjamini_hochberg, kendall, p_value, trend


def mann_kendall(series: Floats) -> tuple[Floats, Floats, Floats]:
    """S, its variance and the p-value of each row, without regard to autocorrelation."""
    score, variance, _ = kendall(series)
    return score, variance, p_value(score, variance)


def theil_sen(series: Floats, times: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
    found = trend(series, times, confidence=confidence, lags=0)
    return found.slope, found.slope_low, found.slope_high


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
    slope, low, high = theil_sen(series, times, confidence)
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
    found = theil_sen(row, np.array(times, dtype=float), 0.95)
    assert float(found[0][0]) == pytest.approx(slope)
    assert found[1][0] <= slope <= found[2][0]


def test_many_rows_are_the_rows_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    series = np.random.default_rng(6).integers(0, 3, (50, 16)).astype(float)
    at_once = np.array(trend(series, np.arange(16.0), confidence=0.9, lags=4))
    monkeypatch.setattr("tasks.trend_tests._PAIRS_AT_ONCE", 120 * 4)
    np.testing.assert_array_equal(np.array(trend(series, np.arange(16.0), confidence=0.9, lags=4)), at_once)
    alone = np.concatenate([trend(row[None], np.arange(16.0), confidence=0.9, lags=4) for row in series], axis=1)
    np.testing.assert_array_equal(alone, at_once)


# Computed with pymannkendall 1.4.3 (hamed_rao_modification_test with lag=5): p, tau-a and slope.
REFERENCE = [
    (
        "drifting",
        [
            8.0,
            8.2,
            7.93,
            8.98,
            8.85,
            7.74,
            8.4,
            10.36,
            11.17,
            9.09,
            6.74,
            6.12,
            6.75,
            3.41,
            4.43,
            3.51,
            3.69,
            4.11,
            4.77,
            6.4,
            8.55,
            8.18,
            10.31,
            8.55,
            8.95,
            10.11,
            9.63,
            7.95,
            6.49,
            6.21,
        ],
        (0.8630125529, -0.0413793103, -0.0146666667),
    ),
    (
        "rising with a memory",
        [
            8.0,
            11.39,
            6.44,
            7.77,
            7.16,
            6.95,
            7.22,
            4.56,
            5.59,
            5.34,
            11.9,
            11.57,
            10.45,
            9.82,
            8.79,
            7.49,
            7.68,
            9.24,
            9.22,
            11.15,
            10.69,
            10.76,
            13.28,
            13.48,
            11.98,
            11.48,
            12.32,
            15.17,
            13.68,
            12.72,
        ],
        (0.0023729700, 0.5356321839, 0.2381250000),
    ),
    (
        "falling with a memory",
        [
            11.0,
            11.45,
            12.5,
            12.42,
            9.72,
            11.33,
            11.7,
            10.35,
            11.16,
            11.36,
            11.35,
            10.89,
            11.37,
            9.62,
            9.28,
            8.51,
            9.66,
            9.55,
            8.91,
            7.64,
            7.57,
            7.91,
            7.67,
            9.98,
            11.1,
            5.92,
            3.57,
            4.64,
            4.96,
            6.17,
        ],
        (0.0001512997, -0.6413793103, -0.2325000000),
    ),
]


@pytest.mark.parametrize(("series", "expected"), [pytest.param(row, want, id=name) for name, row, want in REFERENCE])
def test_autocorrelation_is_reckoned_with_as_the_reference_does(
    series: list[float], expected: tuple[float, float, float]
) -> None:
    found = trend(np.array([series], dtype=float), np.arange(30.0), confidence=0.95, lags=5)
    assert (found.p_value[0], found.tau[0], found.slope[0]) == pytest.approx(expected, abs=1e-9)


def test_a_correction_never_makes_the_test_bolder() -> None:
    zigzag = np.tile([1.0, 9.0], 10)[None] + np.arange(20) / 10
    assert autocorrelation_factor(zigzag, np.array([0.1]), 4).tolist() == [1.0]


def test_a_trend_is_not_taken_for_autocorrelation_where_most_periods_are_without_the_term() -> None:
    late = np.r_[np.zeros(80), np.random.default_rng(2).poisson(np.linspace(1, 8, 40))][None]
    found = trend(late, np.arange(120.0), confidence=0.95, lags=5)
    assert found.slope[0] == 0
    assert found.p_value[0] < 0.05
    # A slope that rounding takes away again stands for one that is not replaced.
    with_line, without = (autocorrelation_factor(late, np.array([slope]), 5)[0] for slope in (0.0, 1e-13))
    assert 1 < with_line < 0.9 * without


def autocorrelated(rows: int, periods: int, memory: float) -> Floats:
    """Series without a trend in which each value remembers the one before."""
    draw = np.random.default_rng(19)
    series = np.zeros((rows, periods + 50))
    for period in range(1, periods + 50):
        series[:, period] = memory * series[:, period - 1] + draw.normal(size=rows)
    return series[:, 50:]


def test_of_series_with_a_memory_far_fewer_are_called_trends() -> None:
    series = autocorrelated(800, 100, 0.6)
    naive, corrected = (
        (trend(series, np.arange(100.0), confidence=0.95, lags=lags).p_value <= 0.05).mean() for lags in (0, 10)
    )
    assert naive > 0.28
    assert corrected < 0.15


def test_the_correction_widens_the_interval_too() -> None:
    series = autocorrelated(50, 100, 0.8)
    narrow, wide = (trend(series, np.arange(100.0), confidence=0.95, lags=lags) for lags in (0, 10))
    np.testing.assert_array_equal(narrow.slope, wide.slope)
    assert ((wide.slope_high - wide.slope_low) >= (narrow.slope_high - narrow.slope_low)).all()
    assert (wide.slope_high - wide.slope_low).mean() > 1.5 * (narrow.slope_high - narrow.slope_low).mean()


@pytest.mark.parametrize(
    ("before", "volumes", "chance"),
    [
        pytest.param(0, (10, 10), 1.0, id="nothing before"),
        pytest.param(3, (10, 10), 0.125, id="equal volumes"),
        pytest.param(2, (30, 10), 0.5625, id="a short silence"),
        pytest.param(5, (10, 0), 1.0, id="no silence"),
        pytest.param(0, (0, 0), 1.0, id="no text at all"),
    ],
)
def test_the_chance_of_a_silence(before: float, volumes: tuple[float, float], chance: float) -> None:
    assert absence(np.array([before], dtype=float), *map(np.float64, volumes))[0] == pytest.approx(chance)


def test_with_a_long_past_the_chance_of_a_silence_is_poissons() -> None:
    found = absence(np.array([4000.0]), np.float64(1000), np.float64(2))[0]
    assert found == pytest.approx(poisson.pmf(0, 8), rel=0.01)


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
    _, low, high = theil_sen(series, np.arange(15.0), 0.9)
    assert 0.85 < ((low <= 0.5) & (high >= 0.5)).mean() < 0.95


def test_values_of_either_sign_among_many_zeros_are_compared_as_by_every_pair() -> None:
    random = np.random.default_rng(7)
    series = random.integers(-3, 4, (60, 15)) * (random.random((60, 15)) < np.linspace(0, 1, 60)[:, None])
    pairs = [(first, second) for first in range(15) for second in range(first + 1, 15)]
    found = kendall(series.astype(float))
    differences = np.array([series[:, second] - series[:, first] for first, second in pairs])
    assert found.score.tolist() == np.sign(differences).sum(axis=0).tolist()
    assert found.tied.tolist() == (differences == 0).sum(axis=0).tolist()
