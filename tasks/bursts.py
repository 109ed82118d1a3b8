"""Bursts: runs of periods in which a term is far more frequent than usual (Kleinberg 2002), over many terms at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ROUNDING = 1e-6  # by which sums of gains may differ that are summed in another order
_POWERS = 3  # of the ratio that are tried: 3, 9 and 27 times the usual rate


class Bursts(NamedTuple):
    """For each term its strongest burst: first and last period (-1 if there is none), strength, and p-value."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    strength: Floats
    p_value: Floats


def find_bursts(
    occurrences: Floats, documents: Floats, exposure: Floats, *, ratio: float, cost: float, fewest_documents: int
) -> Bursts:
    """The strongest burst of each term, given its occurrences and documents (terms x periods) and the words of each period.

    The automaton has two states, the usual rate and a multiple of it; entering a burst costs `cost` times the logarithm of
    the number of periods. The multiple is `ratio` or one of its next powers, whichever explains most: a term of one war is
    hundreds of times more frequent in it. A burst is none if fewer documents than `fewest_documents` have the term in it.
    Its strength is the logarithm of how much better the higher rate explains it. By Ville's inequality that is as large by
    chance, from some period on, with a probability of at most exp(-strength): times the number of periods and of
    multiples, this is the p-value. Bursts for which that is 1 are not looked for.
    """
    terms, periods = occurrences.shape
    price = cost * np.log(max(periods, 2))
    scatter = dispersion(occurrences, exposure)
    weakest = np.log(_POWERS * periods)
    best = Bursts(np.full(terms, -1), np.full(terms, -1), np.zeros(terms), np.ones(terms))
    for power in range(1, _POWERS + 1):
        gains = burst_gains(occurrences, documents, exposure, scatter, ratio**power, price)
        promising = np.flatnonzero(most_gained(gains) >= weakest - _ROUNDING)
        gains, carriers = gains[promising], documents[promising]
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


def most_gained(gains: Floats) -> Floats:
    """For each term the largest sum of the gains of neighbouring periods; no burst is stronger."""
    sums = np.cumsum(gains, axis=1)
    result: Floats = (sums - np.minimum.accumulate(sums - gains, axis=1)).max(axis=1)
    return result


def burst_gains(
    occurrences: Floats, documents: Floats, exposure: Floats, scatter: Floats, ratio: float, most: float
) -> Floats:
    """For each term and period by how much the higher rate explains its occurrences better, as a difference of logarithms.

    Words clump: who speaks of silver says it again. So the gain is divided by `scatter`, the dispersion of the term's
    occurrences, and a document counts for `most` at most: a single long document makes no burst.
    """
    rate = occurrences.sum(axis=1, keepdims=True) / exposure.sum()
    gains = occurrences * np.log(ratio) - (ratio - 1) * rate * exposure
    result: Floats = np.minimum(gains / scatter[:, None], most * documents)
    return result


def dispersion(occurrences: Floats, exposure: Floats) -> Floats:
    """How much more a term's occurrences vary from one period to the next than by chance; at least 1.

    The mean, over neighbouring periods with the term, of chi-square for one rate in both; so a slow change and a long
    burst do not count as dispersion.
    """
    together = occurrences[:, :-1] + occurrences[:, 1:]
    share = exposure[:-1] / (exposure[:-1] + exposure[1:])
    expected = together * share
    chi_square = np.divide(
        (occurrences[:, :-1] - expected) ** 2,
        expected * (1 - share),
        out=np.zeros_like(expected),
        where=together > 0,
    )
    result: Floats = np.maximum(1, chi_square.sum(axis=1) / np.maximum(1, (together > 0).sum(axis=1)))
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
