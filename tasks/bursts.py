"""Bursts: runs of periods in which a term is far more frequent than usual (Kleinberg 2002), over many terms at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

_ROUNDING = 1e-6  # by which sums of gains may differ that are summed in another order
_POWERS = 3  # of the ratio that are tried: 3, 9 and 27 times the usual rate


class Counts(NamedTuple):
    """In which period (`column`) each term (`row`) stands how often and in how many documents, by term and period."""

    row: Whole
    column: Whole
    occurrences: Whole
    documents: Whole


class Bursts(NamedTuple):
    """For each term its strongest burst: first and last period (-1 if there is none), strength, and p-value."""

    start: Whole
    end: Whole
    strength: Floats
    p_value: Floats


def find_bursts(
    counts: Counts, terms: int, exposure: Floats, *, ratio: float, cost: float, fewest_documents: int
) -> Bursts:
    """The strongest burst of each of so many terms, given their counts and the words of each period.

    The automaton has two states, the usual rate and a multiple of it; entering a burst costs `cost` times the logarithm of
    the number of periods. The multiple is `ratio` or one of its next powers, whichever explains most: a term of one war is
    hundreds of times more frequent in it. A burst is none if fewer documents than `fewest_documents` have the term in it.
    Its strength is the logarithm of how much better the higher rate explains it. By Ville's inequality that is as large by
    chance, from some period on, with a probability of at most exp(-strength): times the number of periods and of
    multiples, this is the p-value. Bursts for which that is 1 are not looked for.
    """
    periods = len(exposure)
    price = cost * np.log(max(periods, 2))
    scatter = dispersion(counts, terms, exposure)
    weakest = np.log(_POWERS * periods)
    best = Bursts(np.full(terms, -1), np.full(terms, -1), np.zeros(terms), np.ones(terms))
    opens = np.searchsorted(counts.row, np.arange(terms + 1))
    for power in range(1, _POWERS + 1):
        found = burst_gains(counts, terms, exposure, scatter, ratio**power, price)
        promising = np.flatnonzero(most_gained(found, counts, opens, exposure) >= weakest - _ROUNDING)
        cells = spans(opens[promising], opens[promising + 1])
        place = np.repeat(np.arange(len(promising)), np.diff(opens)[promising]), counts.column[cells]
        gains, carriers = -found.loss[promising, None] * exposure, np.zeros((len(promising), periods))
        gains[place], carriers[place] = found.gain[cells], counts.documents[cells]
        states = burst_states(gains, price)
        edges = np.diff(np.pad(states, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        rows, starts = np.nonzero(edges == 1)
        ends = np.nonzero(edges == -1)[1] - 1
        strength, carried = (
            np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))[rows, ends + 1]
            - np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))[rows, starts]
            for values in (gains, carriers)
        )
        terms_of = promising[rows]
        kept = np.flatnonzero((carried >= fewest_documents) & (strength > best.strength[terms_of]))
        kept = kept[np.argsort(strength[kept], kind="stable")]  # of several, the strongest is written last
        best.start[terms_of[kept]], best.end[terms_of[kept]], best.strength[terms_of[kept]] = (
            starts[kept],
            ends[kept],
            strength[kept],
        )
    best.p_value[:] = np.where(best.start < 0, 1, np.minimum(1, _POWERS * periods * np.exp(-best.strength)))
    return best


def spans(starts: Whole, ends: Whole) -> Whole:
    """The numbers from each start up to its end, one behind the other."""
    sizes = ends - starts
    behind = np.cumsum(sizes)
    result: Whole = np.arange(behind[-1] if len(sizes) else 0) + np.repeat(starts - (behind - sizes), sizes)
    return result


class Gains(NamedTuple):
    """By how much a higher rate explains a term's occurrences better, as a difference of logarithms.

    `gain` is of each period with the term, `loss` of each term what a word of the other periods takes away.
    """

    gain: Floats
    loss: Floats


def burst_gains(counts: Counts, terms: int, exposure: Floats, scatter: Floats, ratio: float, most: float) -> Gains:
    """What a rate that is `ratio` times the usual one gains.

    Words clump: who speaks of silver says it again. So the gain is divided by `scatter`, the dispersion of the term's
    occurrences, and a document counts for `most` at most: a single long document makes no burst.
    """
    rate = np.bincount(counts.row, weights=counts.occurrences, minlength=terms) / exposure.sum()
    loss = (ratio - 1) * rate / scatter
    gain = counts.occurrences * np.log(ratio) / scatter[counts.row] - loss[counts.row] * exposure[counts.column]
    return Gains(np.minimum(gain, most * counts.documents), loss)


def most_gained(gains: Gains, counts: Counts, opens: Whole, exposure: Floats) -> Floats:
    """For each term, whose cells begin at `opens`, the largest sum of the gains of neighbouring periods.

    No burst is stronger. It begins and ends with a period that has the term.
    """
    words = np.cumsum(exposure)
    between = words[counts.column] - exposure[counts.column]
    between[1:] -= words[counts.column[:-1]]  # what is between two terms is not looked at
    sizes = np.diff(opens)
    longest_first = np.argsort(-sizes, kind="stable")
    most, run = np.zeros(len(sizes)), np.zeros(len(sizes))
    remaining = np.searchsorted(-sizes[longest_first], -np.arange(sizes.max(initial=0)))
    for place, left in enumerate(remaining):
        terms = longest_first[:left]
        cells = opens[terms] + place
        if place:
            run = np.maximum(0, run[:left] - gains.loss[terms] * between[cells])
        run = run[:left] + gains.gain[cells]
        most[terms] = np.maximum(most[terms], run)
    return most


def dispersion(counts: Counts, terms: int, exposure: Floats) -> Floats:
    """How much more a term's occurrences vary from one period to the next than by chance; at least 1.

    The mean, over neighbouring periods with the term, of chi-square for one rate in both; so a slow change and a long
    burst do not count as dispersion.
    """
    row, column, occurrences = counts.row, counts.column, counts.occurrences
    is_followed = np.zeros(len(row), dtype=bool)  # by the next period's count of the same term
    is_followed[:-1] = (row[1:] == row[:-1]) & (column[1:] == column[:-1] + 1)
    has_before = np.append(False, is_followed[:-1])[: len(row)]
    first = np.flatnonzero(is_followed)
    together = occurrences[first] + occurrences[first + 1]
    share = exposure[column[first]] / (exposure[column[first]] + exposure[column[first] + 1])
    both = (occurrences[first] - together * share) ** 2 / (together * share * (1 - share))
    # Where one of two periods is without the term, chi-square is its count in the other times the ratio of their words.
    opening = np.flatnonzero(~has_before & (column > 0))
    closing = np.flatnonzero(~is_followed & (column < len(exposure) - 1))
    before, after = (
        occurrences[cells] * exposure[column[cells] + step] / exposure[column[cells]]
        for cells, step in ((opening, -1), (closing, 1))
    )
    pairs = np.concatenate((row[first], row[opening], row[closing]))
    chi_square = np.bincount(pairs, weights=np.concatenate((both, before, after)), minlength=terms)
    result: Floats = np.maximum(1, chi_square / np.maximum(1, np.bincount(pairs, minlength=terms)))
    return result


def burst_states(gains: Floats, price: float) -> Flags:
    """For each term the periods in which it bursts: those that maximise the gains less `price` for each burst (Viterbi)."""
    terms, periods = gains.shape
    usual, burst = np.zeros(terms), np.full(terms, -np.inf)
    left = np.zeros((periods, terms), dtype=bool)  # whether the best way to the usual state comes out of a burst
    entered = np.zeros((periods, terms), dtype=bool)  # whether the best way into the burst state comes from outside
    for period in range(periods):
        left[period] = burst > usual
        entered[period] = usual - price > burst
        usual, burst = np.maximum(usual, burst), gains[:, period] + np.maximum(burst, usual - price)
    states = np.zeros((terms, periods), dtype=bool)
    state = burst > usual
    for period in range(periods - 1, -1, -1):
        states[:, period] = state
        state = np.where(state, ~entered[period], left[period])
    return states
