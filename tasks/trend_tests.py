"""Tests over many short series at once: trend (Mann-Kendall, Theil-Sen), absence, and the false discovery rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_PAIRS_AT_ONCE = 3_000_000  # with fewer, threads wait for each other more than they work side by side


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
    """Kendall's S of each row of `series` (rows x periods) against time (Mann 1945, Kendall 1975).

    Most periods are without a rare term, so pairs are compared only where both values differ from 0: what stands before
    and behind these can be counted.
    """
    rows, periods = series.shape
    score = np.zeros(rows, dtype=np.int64)
    ties, tied = np.zeros(rows), np.zeros(rows)
    for packed in _packed(series):
        width = packed.values.shape[1]
        row, place, column = packed.row, packed.place, packed.column
        before = column - place
        behind = periods - packed.filled[row] - before
        of_zeros = np.bincount(
            row, weights=np.sign(packed.values[row, place]) * (before - behind), minlength=packed.size
        )
        order, opens, sizes = _tie_groups(packed.values)
        # Comparing small ranks, period by period over all rows, is several times faster than comparing the values.
        ranks = np.empty((width, packed.size), dtype=np.int16 if width < 2**15 else np.int32)
        np.put_along_axis(ranks, order.T, np.cumsum(opens, axis=1).T.astype(ranks.dtype), axis=0)
        risen = np.zeros_like(ranks)  # how many earlier ones each of them exceeds
        for lag in range(1, width):
            risen[lag:] += ranks[lag:] > ranks[:-lag]
        rising = risen.sum(axis=0, dtype=np.int64)
        # What fills the rows up counts as later and larger than every value, and as tied with itself.
        filling = width - packed.filled
        group = np.flatnonzero(opens) // max(width, 1)
        for total, weight in ((ties, _tie_weight), (tied, _tied_pairs)):
            total[packed.rows] = np.bincount(group, weights=weight(sizes), minlength=packed.size)
        # Pairs that neither rise nor are tied fall.
        compared = 2 * rising + tied[packed.rows].astype(np.int64) - width * (width - 1) // 2
        score[packed.rows] = compared - packed.filled * filling + of_zeros.astype(np.int64)
        for total, weight in ((ties, _tie_weight), (tied, _tied_pairs)):
            total[packed.rows] += weight((periods - packed.filled).astype(np.float64))
            total[packed.rows] -= weight(filling.astype(np.float64))
    variance = (periods * (periods - 1) * (2 * periods + 5) - ties) / 18
    return Kendall(score.astype(np.float64), variance, tied)


def _tie_weight(size: Floats) -> Floats:
    """What so many equal values take from the variance of Kendall's S, times 18."""
    result: Floats = size * (size - 1) * (2 * size + 5)
    return result


def _tied_pairs(size: Floats) -> Floats:
    """How many pairs there are among so many values."""
    result: Floats = size * (size - 1) / 2
    return result


class _Packed(NamedTuple):
    """Some rows of a matrix without their zeros: `values` (rows x most values of a row) are filled up with infinity.

    `row`, `place` and `column` tell of each value in which of these rows it stands, the how manieth it is there, and in which
    column of the matrix it was; `filled` how many a row has.
    """

    rows: NDArray[np.intp]
    values: Floats
    row: NDArray[np.intp]
    place: NDArray[np.intp]
    column: NDArray[np.intp]
    filled: NDArray[np.intp]

    @property
    def size(self) -> int:
        """How many rows these are."""
        return len(self.rows)


def _packed(series: Floats) -> Iterator[_Packed]:
    """All rows, those with about as many values at a time."""
    filled = np.count_nonzero(series, axis=1)
    group = np.ceil(2 * np.log2(np.maximum(filled, 1))).astype(np.intp)
    for number in np.unique(group):
        rows = np.flatnonzero(group == number)
        row, column = np.nonzero(series[rows])
        of_row = filled[rows]
        place = np.arange(len(row)) - np.repeat(np.cumsum(of_row) - of_row, of_row)
        values = np.full((len(rows), of_row.max()), np.inf)
        values[row, place] = series[rows[row], column]
        yield _Packed(rows, values, row, place, column, of_row)


def _tie_groups(values: Floats) -> tuple[NDArray[np.intp], NDArray[np.bool_], Floats]:
    """The order that sorts each row, where in it a group of equal values begins, and how large all these groups are."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    opens = np.ones(values.shape, dtype=bool)
    opens[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    return order, opens, np.diff(np.append(np.flatnonzero(opens), values.size)).astype(np.float64)


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
    ranks = np.empty_like(series)
    for packed in _packed(series):
        width = packed.values.shape[1]
        order, opens, sizes = _tie_groups(packed.values)
        means = np.empty_like(packed.values)
        ordered = np.repeat(np.flatnonzero(opens) % max(width, 1) + (sizes + 1) / 2, sizes.astype(np.intp))
        np.put_along_axis(means, order, ordered.reshape(means.shape), axis=1)
        zeros = series.shape[1] - packed.filled
        below = np.count_nonzero(packed.values < 0, axis=1)
        ranks[packed.rows] = (below + (zeros + 1) / 2)[:, None]
        ranks[packed.rows[packed.row], packed.column] = means[packed.row, packed.place] + np.where(
            packed.values[packed.row, packed.place] > 0, zeros[packed.row], 0
        )
    return ranks


def trend(series: Floats, times: Floats, *, confidence: float, lags: int) -> Trend:
    """Test each row of `series` (rows x periods, at least 3) for a monotonic trend, and estimate its slope.

    `times` (periods) must increase. The slope is the median over all pairs of periods, its interval is taken by Kendall's
    variance (Sen 1968); that variance is widened for autocorrelation at up to `lags` lags.
    """
    from scipy.special import ndtri

    count = len(times) * (len(times) - 1) // 2
    score, variance, tied = kendall(series)
    # Pairs of equal values have slope 0 and stand in the middle of the sorted slopes. A rare term has so many of them that
    # its median and interval lie there, and then its slopes need not be computed.
    negative = (count - tied - score) / 2
    is_flat = (negative <= (count - 1) // 2) & (count // 2 < negative + tied)
    slope, ends = np.zeros(len(series)), np.zeros((len(series), 2))

    def interval(rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Widen the variance, and tell the ranks of the slopes at both ends."""
        if lags:
            line = slope[rows] * (times[-1] - times[0]) / (len(times) - 1)
            variance[rows] *= autocorrelation_factor(series[rows], line, lags)
        half_width = -ndtri((1 - confidence) / 2) * np.sqrt(variance[rows])
        lower = np.round((count - half_width) / 2).astype(int) - 1
        upper = np.round((count + half_width) / 2).astype(int)
        ranks: NDArray[np.intp] = np.clip(np.stack((lower, upper), axis=1), 0, count - 1)
        return ranks

    step = max(1, _PAIRS_AT_ONCE // count)
    for rows in _blocks(np.flatnonzero(~is_flat), step):
        slopes = _slopes(series[rows], times)
        slope[rows] = _medians(slopes)
        ends[rows] = _of_ranks(slopes, interval(rows))
    flat = np.flatnonzero(is_flat)
    ranks = interval(flat)
    is_tied = (ranks >= negative[flat, None]) & (ranks < (negative + tied)[flat, None])
    for block in _blocks(np.flatnonzero(~is_tied.all(axis=1)), step):
        slopes = _slopes(series[flat[block]], times)
        _medians(slopes)
        ends[flat[block]] = _of_ranks(slopes, ranks[block])
    return Trend(score / count, p_value(score, variance), slope, ends[:, 0], ends[:, 1])


def _slopes(series: Floats, times: Floats) -> Floats:
    """The slopes between all pairs of periods of each row."""
    rows, periods = series.shape
    slopes = np.empty((rows, periods * (periods - 1) // 2))
    apart = np.empty(slopes.shape[1])
    end = 0
    for first in range(periods - 1):
        start, end = end, end + periods - 1 - first
        np.subtract(series[:, first + 1 :], series[:, first, None], out=slopes[:, start:end])
        np.subtract(times[first + 1 :], times[first], out=apart[start:end])
    slopes /= apart
    return slopes


def _medians(values: Floats) -> Floats:
    """The median of each row, which is put into another order: no value behind its middle is smaller than one before."""
    middle = values.shape[1] // 2
    values.partition(middle, axis=1)
    upper = values[:, middle]
    result: Floats = upper if values.shape[1] % 2 else (values[:, :middle].max(axis=1) + upper) / 2
    return result


def _of_ranks(values: Floats, ranks: NDArray[np.intp]) -> Floats:
    """The values of some ranks (rows x ranks) in each row; the rows are as `_medians` leaves them."""
    middle = values.shape[1] // 2
    found = np.empty(ranks.shape)
    for row, wanted, values_of in zip(values, ranks, found, strict=True):
        for place, rank in enumerate(wanted):
            start = middle if rank >= middle else 0
            half = row[start : middle if rank < middle else None]
            half.partition(rank - start)  # for several ranks at once it is not vectorised
            values_of[place] = row[rank]
    return found


def _blocks(rows: NDArray[np.intp], step: int) -> Iterator[NDArray[np.intp]]:
    """So many rows at a time."""
    return (rows[start : start + step] for start in range(0, len(rows), step))


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
