"""Tests over many short series at once: trend (Mann-Kendall, Theil-Sen), absence, and the false discovery rate."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_PAIRS_AT_ONCE = 4_000_000


class Kendall(NamedTuple):
    """For each series Kendall's S, its variance corrected for ties, and the number of pairs that are tied."""

    score: Floats
    variance: Floats
    tied: Floats


class Trend(NamedTuple):
    """For each series its trend: Kendall's tau-a, the p-value, and the Theil-Sen slope with its interval."""

    tau: Floats
    p_value: Floats
    slope: Floats
    slope_low: Floats
    slope_high: Floats


def kendall(series: Floats) -> Kendall:
    """Kendall's S of each row of `series` (rows x periods) against time (Mann 1945, Kendall 1975)."""
    rows, periods = series.shape
    order = np.argsort(series, axis=1, kind="stable")
    ordered = np.take_along_axis(series, order, axis=1)
    opens = np.ones((rows, periods), dtype=bool)
    opens[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    sizes = np.diff(np.append(np.flatnonzero(opens), rows * periods)).astype(np.float64)
    row_of = np.flatnonzero(opens) // max(periods, 1)
    ties = np.bincount(row_of, weights=sizes * (sizes - 1) * (2 * sizes + 5), minlength=rows)
    tied = np.bincount(row_of, weights=sizes * (sizes - 1) / 2, minlength=rows)
    # Comparing small ranks, period by period over all rows, is several times faster than comparing the values.
    ranks = np.empty((periods, rows), dtype=np.int16 if periods < 2**15 else np.int32)
    np.put_along_axis(ranks, order.T, np.cumsum(opens, axis=1).T.astype(ranks.dtype), axis=0)
    score = np.zeros(rows, dtype=np.int64)
    for lag in range(1, periods):
        later, earlier = ranks[lag:], ranks[:-lag]
        score += np.add.reduce(later > earlier, axis=0, dtype=np.int32)
        score -= np.add.reduce(later < earlier, axis=0, dtype=np.int32)
    variance = (periods * (periods - 1) * (2 * periods + 5) - ties) / 18
    return Kendall(score.astype(np.float64), variance, tied.astype(np.float64))


def p_value(score: Floats, variance: Floats) -> Floats:
    """Two-sided, by the normal approximation with continuity correction; 1 where the variance is 0."""
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (score - np.sign(score)) / np.sqrt(variance), 0.0)
    result: Floats = 2 * ndtr(-np.abs(z))
    return result


def autocorrelation_factor(series: Floats, slope: Floats, lags: int) -> Floats:
    """By how much autocorrelation widens the variance of S (Hamed and Rao 1998), never below 1.

    It is that of the ranks of what is left when the slope is taken away, at lags of up to `lags` periods, and counts only
    where it is significant at the 5% level. Where the slope is 0 although S is not, as for a term that most periods are
    without, a straight line is taken from the ranks instead: else the trend itself would count as autocorrelation. A factor
    below 1 would make the test bolder and is not taken.
    """
    from scipy.special import ndtri

    periods = series.shape[1]
    # Rounded, so that what is equal but for the last digit of a product is a tie on every machine.
    ranks = _ranks(np.round(series - slope[:, None] * np.arange(periods), 9))
    ranks -= ranks.mean(axis=1, keepdims=True)
    times = np.arange(periods) - (periods - 1) / 2
    line = np.where(slope == 0, ranks @ times / (times @ times), 0)
    ranks -= line[:, None] * times
    power = np.einsum("ij,ij->i", ranks, ranks)
    bound = ndtri(0.975) / np.sqrt(periods)
    total: Floats = np.zeros(len(series))
    for lag in range(1, min(lags, periods - 3) + 1):
        shared = np.einsum("ij,ij->i", ranks[:, lag:], ranks[:, :-lag])
        correlation = np.divide(shared, power, out=np.zeros_like(power), where=power > 0)
        left = periods - lag
        total += np.where(np.abs(correlation) > bound, left * (left - 1) * (left - 2) * correlation, 0)
    factor: Floats = np.maximum(1, 1 + 2 * total / (periods * (periods - 1) * (periods - 2)))
    return factor


def _ranks(series: Floats) -> Floats:
    """The ranks within each row, equal values at the mean of theirs; scipy.stats has this, and takes a second to import."""
    rows, periods = series.shape
    order = np.argsort(series, axis=1, kind="stable")
    ordered = np.take_along_axis(series, order, axis=1)
    opens = np.ones((rows, periods), dtype=bool)
    opens[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    starts = np.flatnonzero(opens)
    sizes = np.diff(np.append(starts, rows * periods))
    means = np.repeat(starts % periods + (sizes + 1) / 2, sizes).reshape(rows, periods)
    ranks = np.empty_like(means)
    np.put_along_axis(ranks, order, means, axis=1)
    return ranks


def trend(series: Floats, times: Floats, *, confidence: float, lags: int) -> Trend:
    """Test each row of `series` (rows x periods, at least 3) for a monotonic trend, and estimate its slope.

    `times` (periods) must increase. The slope is the median over all pairs of periods, its interval is taken by Kendall's
    variance (Sen 1968); that variance is widened for autocorrelation at up to `lags` lags.
    """
    periods = series.shape[1]
    first, second = np.triu_indices(periods, 1)
    step = max(1, _PAIRS_AT_ONCE // len(first))
    parts = [
        _trend(series[start : start + step], times, (first, second), confidence, lags)
        for start in range(0, len(series), step)
    ]
    return Trend(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _trend(
    series: Floats, times: Floats, pairs: tuple[NDArray[np.intp], NDArray[np.intp]], confidence: float, lags: int
) -> Trend:
    from scipy.special import ndtri

    count = len(pairs[0])
    score, variance, tied = kendall(series)
    # Pairs of equal values have slope 0 and stand in the middle of the sorted slopes. A rare term has so many of them that
    # its median and interval lie there, and then its slopes need not be computed.
    negative = (count - tied - score) / 2
    slopes = _SortedSlopes(series, times, pairs)
    middle = np.full(len(series), (count - 1) // 2)
    slope = (slopes.at(middle, negative, tied) + slopes.at(middle + 1 - count % 2, negative, tied)) / 2
    if lags:
        variance = variance * autocorrelation_factor(series, slope * (times[-1] - times[0]) / (len(times) - 1), lags)
    half_width = -ndtri((1 - confidence) / 2) * np.sqrt(variance)
    lower = np.clip(np.round((count - half_width) / 2).astype(int) - 1, 0, count - 1)
    upper = np.clip(np.round((count + half_width) / 2).astype(int), 0, count - 1)
    ends = [slopes.at(rank, negative, tied) for rank in (lower, upper)]
    return Trend(score / count, p_value(score, variance), slope, *ends)


class _SortedSlopes:
    """The slopes between all pairs of periods of each row, sorted once they are asked for."""

    def __init__(self, series: Floats, times: Floats, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]) -> None:
        self._series, self._times, (self._first, self._second) = series, times, pairs
        self._known: list[tuple[NDArray[np.intp], Floats]] = []

    def at(self, rank: NDArray[Any], negative: Floats, tied: Floats) -> Floats:
        """For each row the slope of a rank: 0 behind the negative ones, as far as pairs are tied."""
        result: Floats = np.zeros(len(rank))
        open_ = (rank < negative) | (rank >= negative + tied)
        for rows, slopes in self._known:
            result[rows] = np.take_along_axis(slopes, rank[rows][:, None], axis=1)[:, 0]
            open_[rows] = False
        if open_.any():
            rows = np.flatnonzero(open_)
            rise = self._series[rows][:, self._second] - self._series[rows][:, self._first]
            slopes = np.sort(rise / (self._times[self._second] - self._times[self._first]), axis=1)
            self._known.append((rows, slopes))
            result[rows] = np.take_along_axis(slopes, rank[rows][:, None], axis=1)[:, 0]
        return result


def absence(before: Floats, volume_before: Floats, volume_since: Floats) -> Floats:
    """How likely it is by chance that none of `before` events fell into the time since.

    The events are spread over both times in proportion to their volumes, so the uncertainty of the past rate is taken
    into account (the conditional test of two Poisson rates, Przyborowski and Wilenski 1940).
    """
    total = volume_before + volume_since
    share = np.divide(volume_before, total, out=np.ones(len(before)), where=total > 0)
    result: Floats = share**before
    return result


def benjamini_hochberg(p_values: Floats) -> Floats:
    """The p-values adjusted for the false discovery rate (Benjamini and Hochberg 1995)."""
    count = len(p_values)
    if count == 0:
        return p_values
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1)
    result = np.empty(count)
    result[order] = adjusted
    return result
