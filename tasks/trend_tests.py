"""Tests of trend over many short series at once: Mann-Kendall, the Theil-Sen slope, Benjamini-Hochberg."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_PAIRS_AT_ONCE = 4_000_000


def mann_kendall(series: Floats) -> tuple[Floats, Floats, Floats]:
    """Test each row of `series` (rows x periods) for a monotonic trend.

    Returns Kendall's S, its variance corrected for ties, and the two-sided p-value by the normal approximation with
    continuity correction (Mann 1945, Kendall 1975). A constant row has variance 0 and p-value 1.
    """
    from scipy.special import ndtr

    rows, periods = series.shape
    score = np.zeros(rows)
    for lag in range(1, periods):
        score += np.sign(series[:, lag:] - series[:, :-lag]).sum(axis=1)
    ties = _tie_term(series)
    variance = (periods * (periods - 1) * (2 * periods + 5) - ties) / 18
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (score - np.sign(score)) / np.sqrt(variance), 0.0)
    return score, variance, 2 * ndtr(-np.abs(z))


def _tie_term(series: Floats) -> Floats:
    """For each row, the sum of t(t-1)(2t+5) over its groups of t equal values."""
    ordered = np.sort(series, axis=1)
    rows, periods = ordered.shape
    starts = np.ones((rows, periods), dtype=bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    groups = np.flatnonzero(starts)
    sizes = np.diff(np.append(groups, rows * periods)).astype(np.float64)
    total: Floats = np.zeros(rows)
    np.add.at(total, groups // periods, sizes * (sizes - 1) * (2 * sizes + 5))
    return total


def theil_sen(series: Floats, times: Floats, variance: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
    """The median of the slopes between all pairs of periods of each row, and the ends of its confidence interval.

    `times` (periods) must increase; `variance` is Kendall's, by which the interval is taken (Sen 1968).
    """
    from scipy.special import ndtri

    rows, periods = series.shape
    first, second = np.triu_indices(periods, 1)
    pairs = len(first)
    slope, low, high = (np.full(rows, np.nan) for _ in range(3))
    half_width = -ndtri((1 - confidence) / 2) * np.sqrt(variance)
    lower = np.clip(np.round((pairs - half_width) / 2).astype(int) - 1, 0, pairs - 1)
    upper = np.clip(np.round((pairs + half_width) / 2).astype(int), 0, pairs - 1)
    step = max(1, _PAIRS_AT_ONCE // pairs)
    for start in range(0, rows, step):
        part = slice(start, min(start + step, rows))
        slopes = np.sort((series[part][:, second] - series[part][:, first]) / (times[second] - times[first]), axis=1)
        slope[part] = np.median(slopes, axis=1)
        index = np.arange(slopes.shape[0])
        low[part], high[part] = slopes[index, lower[part]], slopes[index, upper[part]]
    return slope, low, high


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
