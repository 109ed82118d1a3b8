"""Verdicts: what the tests say of each term by period, and the one word that sums it up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.bursts import find_bursts
from tasks.cores import available_cores
from tasks.trend_tests import absence, benjamini_hochberg, kendall, p_value, trend

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

_CELLS_AT_ONCE = 500_000
_SILENCE = 0.25  # of the periods: a term that has been away for longer is history, and its trend or burst tells it
_MEMORY = 0.5  # of the periods: what a term's usual rate before its silence is taken from
_BRIEF = 0.25  # of the periods: a longer burst is a level
_MARGIN = 0.125  # of the periods, on either side of a burst: with less, one cannot see that the term came and went
_MOST = 2 / 3  # of its rates summed over the periods: a term that came and went with one brief burst has no trend
_EARLIER_FALL = 0.05  # p-value: a term that was falling before it fell silent has fallen and not vanished


class VerdictSettings(BaseModel, frozen=True, extra="forbid"):
    """What evidence a verdict needs."""

    fewest_periods: int = Field(6, ge=3, description="finished periods with text that a test needs")
    fewest_occurrences: int = Field(10, ge=1, description="occurrences in dated documents that a test needs")
    fewest_documents: int = Field(5, ge=1, description="dated documents with the term that a test needs")
    fewest_publishers: int = Field(
        2, ge=1, description="publishers that a term needs where most documents are by publishers that never use it"
    )
    largest_share: float = Field(0.7, gt=0, le=1, description="of its occurrences that one document may hold")
    false_discovery_rate: float = Field(0.05, gt=0, lt=1, description="share of the verdicts that may be false")
    confidence: float = Field(0.95, gt=0, lt=1, description="of the slope's interval")
    smallest_tau: float = Field(
        0.25, ge=0, lt=1, description="Kendall's tau that a trend needs: a faint drift is significant in a long series"
    )
    burst_ratio: float = Field(3.0, gt=1, le=100, description="times its usual rate that a term has in a burst")
    burst_cost: float = Field(1.0, gt=0, le=100, description="how hard it is to enter a burst (Kleinberg's gamma)")
    burst_documents: int = Field(3, ge=1, description="documents with the term that a burst needs")
    burst_share: float = Field(
        0.15, ge=0, le=1, description="of the term's rates summed over all periods that a burst needs to hold"
    )


class Periods(NamedTuple):
    """The periods with text, in order; `number` is their place in the calendar, so that a gap counts as the time it is."""

    number: Floats
    tokens: Floats
    documents: Floats
    is_finished: Flags


class Counts(NamedTuple):
    """In which period (`column`) each term (`row`, ascending) stands how often and in how many documents."""

    row: Whole
    column: Whole
    occurrences: Whole
    documents: Whole


class Evidence(NamedTuple):
    """What the tests say, term by term; bursts are given by the columns of their periods, -1 where there is none."""

    slope: Floats
    slope_low: Floats
    slope_high: Floats
    tau: Floats
    p_value: Floats
    burst_start: Whole
    burst_end: Whole
    burst_strength: Floats
    burst_p_value: Floats
    came_and_went: Flags
    absence_p_value: Floats
    was_falling: Flags


class Verdicts(NamedTuple):
    """The verdict on each term, and the p-values adjusted over all of them."""

    verdict: NDArray[np.object_]
    q_value: Floats
    burst_q_value: Floats
    absence_q_value: Floats


def gates(
    periods: int,
    occurrences: Whole,
    documents: Whole,
    largest_share: Floats,
    publishers: Whole,
    silent_publishers_share: Floats,
    settings: VerdictSettings,
) -> NDArray[np.object_]:
    """For each term the first requirement that its evidence does not meet, or an empty text.

    `largest_share` is of the document with most of its occurrences, `silent_publishers_share` of the documents by
    publishers that never use it.
    """
    reasons = [
        f"{periods} finished periods with text; fewest_periods is {settings.fewest_periods}",
        f"fewer than {settings.fewest_documents} documents (fewest_documents)",
        f"fewer than {settings.fewest_occurrences} occurrences (fewest_occurrences)",
        f"one document holds more than {settings.largest_share:.0%} of the occurrences (largest_share)",
        f"fewer than {settings.fewest_publishers} publishers (fewest_publishers)",
    ]
    first = np.select(
        [
            np.full(len(occurrences), periods < settings.fewest_periods),
            documents < settings.fewest_documents,
            occurrences < settings.fewest_occurrences,
            largest_share > settings.largest_share,
            (publishers < settings.fewest_publishers) & (silent_publishers_share >= 0.5),
        ],
        list(range(len(reasons))),
        default=len(reasons),
    )
    result: NDArray[np.object_] = np.array([*reasons, ""], dtype=object)[first]
    return result


def weigh(counts: Counts, tested: Whole, periods: Periods, settings: VerdictSettings) -> Evidence:
    """Put the terms whose rows are `tested` to the tests, so many at once that memory is bounded, on all cores."""
    step = max(1, min(_CELLS_AT_ONCE // len(periods.number), -(-len(tested) // available_cores())))
    blocks = [tested[start : start + step] for start in range(0, len(tested), step)]
    with ThreadPoolExecutor(available_cores()) as pool:  # numpy computes beside other threads
        parts = list(pool.map(lambda block: _weigh(_matrices(counts, block, periods), periods, settings), blocks))
    return Evidence(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _matrices(counts: Counts, block: Whole, periods: Periods) -> Floats:
    """Occurrences and documents of some terms (2 x terms x periods)."""
    first, last = np.searchsorted(counts.row, (block[0], block[-1] + 1))
    rows = np.searchsorted(block, counts.row[first:last])
    wanted = block[rows] == counts.row[first:last]
    place = rows[wanted], counts.column[first:last][wanted]
    matrices = np.zeros((2, len(block), len(periods.number)))
    for matrix, values in zip(matrices, (counts.occurrences, counts.documents), strict=True):
        matrix[place] = values[first:last][wanted]
    return matrices


def _weigh(matrices: Floats, periods: Periods, settings: VerdictSettings) -> Evidence:
    occurrences, documents = matrices
    finished = periods.is_finished
    rates = (occurrences / periods.tokens)[:, finished] * 10_000
    number = rates.shape[1]
    # Farther back, autocorrelation is more noise than memory; the cube root of the number of periods is a usual limit.
    found = trend(rates, periods.number[finished], confidence=settings.confidence, lags=round(number ** (1 / 3)))
    bursts = find_bursts(
        occurrences[:, finished],
        documents[:, finished],
        periods.tokens[finished],
        ratio=settings.burst_ratio,
        cost=settings.burst_cost,
        fewest_documents=settings.burst_documents,
    )
    column = np.arange(number)
    inside = (column >= bursts.start[:, None]) & (column <= bursts.end[:, None])
    whole = rates.sum(axis=1)
    share = np.divide((rates * inside).sum(axis=1), whole, out=np.zeros(len(whole)), where=whole > 0)
    is_brief = bursts.end - bursts.start < _BRIEF * number
    is_within = (bursts.start >= _MARGIN * number) & (bursts.end < number - _MARGIN * number)
    return Evidence(
        found.slope,
        found.slope_low,
        found.slope_high,
        found.tau,
        found.p_value,
        bursts.start,
        bursts.end,
        bursts.strength,
        np.where(share >= settings.burst_share, bursts.p_value, 1),
        is_within & is_brief & (share >= _MOST),
        *_absence(occurrences, documents, periods, settings.false_discovery_rate),
    )


def _absence(occurrences: Floats, documents: Floats, periods: Periods, rarest: float) -> tuple[Floats, Flags]:
    """How likely each term's silence up to the end is by chance, and, if that is `rarest` at most, whether it fell before.

    A word that one document repeats tells little, and so does a document of few words: the less telling of the two counts.
    """
    terms, number = occurrences.shape
    last = number - 1 - np.argmax(occurrences[:, ::-1] > 0, axis=1)
    chance: Floats = np.ones(terms)
    was_falling = np.zeros(terms, dtype=bool)
    for end in range(max(0, number - 1 - int(_SILENCE * number)), number - 1):
        rows = np.flatnonzero(last == end)
        if not len(rows):
            continue
        before = slice(max(0, end + 1 - int(_MEMORY * number)), end + 1)
        since = slice(end + 1, None)
        chance[rows] = np.maximum(
            *(
                absence(counted[rows, before].sum(axis=1), volume[before].sum(), volume[since].sum())
                for counted, volume in ((occurrences, periods.tokens), (documents, periods.documents))
            )
        )
        if len(rows := rows[chance[rows] <= rarest]):
            earlier = kendall(occurrences[rows, : end + 1] / periods.tokens[: end + 1])
            was_falling[rows] = (earlier.score < 0) & (p_value(earlier.score, earlier.variance) <= _EARLIER_FALL)
    return chance, was_falling


def judge(evidence: Evidence, settings: VerdictSettings) -> Verdicts:
    """One word for each term, from the tests that pass the false discovery rate over all terms.

    A term has vanished if it is absent for a quarter of the periods at most, had a rate before by which it should have
    appeared, and was not falling already. It is a burst, and no trend, if it came and went with one
    brief burst that holds most of it.
    """
    q_values = [
        benjamini_hochberg(values) for values in (evidence.p_value, evidence.burst_p_value, evidence.absence_p_value)
    ]
    trends, bursts, absent = (values <= settings.false_discovery_rate for values in q_values)
    verdict = np.select(
        [
            absent & ~evidence.was_falling,
            bursts & evidence.came_and_went,
            trends & (evidence.tau >= settings.smallest_tau) & (evidence.tau > 0),
            trends & (evidence.tau <= -settings.smallest_tau) & (evidence.tau < 0),
            bursts,
        ],
        ["vanished", "burst", "rising", "falling", "burst"],
        default="steady",
    )
    return Verdicts(verdict.astype(object), *q_values)
