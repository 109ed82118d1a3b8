"""Verdicts: what the tests say of each term by period, and the one word that sums it up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.bursts import Counts, find_bursts, spans
from tasks.cores import available_cores, side_by_side
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
    fewest_occurrences: int = Field(10, ge=1, description="occurrences in finished periods that a test needs")
    fewest_documents: int = Field(5, ge=1, description="documents of finished periods with the term that a test needs")
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

    @classmethod
    def of_nothing(cls, terms: int) -> Evidence:
        """What is said of so many terms before they are tested."""
        value, none, one = np.zeros(terms), np.full(terms, -1), np.ones(terms)
        return cls(value, value, value, value, one, none, none, value, one, none > 0, one, none > 0)


class Known(NamedTuple):
    """Evidence of an earlier time, and of which terms that on their trend and that on their bursts still holds."""

    evidence: Evidence
    is_trend: Flags
    is_burst: Flags


class Verdicts(NamedTuple):
    """The verdict on each term, and the p-values adjusted over all of them."""

    verdict: NDArray[np.object_]
    q_value: Floats
    burst_q_value: Floats
    absence_q_value: Floats


def gates(
    documents: Whole,
    occurrences: Whole,
    largest_share: Floats,
    publishers: Whole,
    silent_publishers_share: Floats,
    settings: VerdictSettings,
) -> NDArray[np.object_]:
    """For each term that would be frequent enough the first requirement that its evidence does not meet, or an empty text.

    `documents` and `occurrences` are those in finished periods, which alone are tested, `largest_share` is of the document
    with most of its occurrences, `silent_publishers_share` of the documents by publishers that never use it.
    """
    reasons = [
        f"fewer than {settings.fewest_documents} documents in finished periods (fewest_documents)",
        f"fewer than {settings.fewest_occurrences} occurrences in finished periods (fewest_occurrences)",
        f"one document holds more than {settings.largest_share:.0%} of the occurrences (largest_share)",
        f"fewer than {settings.fewest_publishers} publishers (fewest_publishers)",
    ]
    first = np.select(
        [
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


def weigh(
    counts: Counts, tested: Whole, periods: Periods, settings: VerdictSettings, known: Known | None = None
) -> Evidence:
    """Put the terms whose rows are `tested` to the tests, so many at once that memory is bounded, on all cores.

    What is `known` and still holds is not tested again.
    """
    opens, closes = (np.searchsorted(counts.row, tested, side) for side in ("left", "right"))
    every = np.ones(len(tested), dtype=bool)
    evidence = known.evidence if known else Evidence.of_nothing(len(tested))
    is_silent = _is_silent(counts.column[closes - 1], int(periods.is_finished.sum()))
    columns: list[NDArray[Any]] = []

    def put_to(test: Callable[..., tuple[NDArray[Any], ...]], rows: Whole) -> tuple[NDArray[Any], ...]:
        return test(_cells(counts, opens[rows], closes[rows]), len(rows), periods, settings)

    for test, before, is_due in (
        (_trends, evidence[:5], ~known.is_trend if known else every),
        (_bursts, evidence[5:10], ~known.is_burst if known else every),
        (_absences, evidence[10:11], is_silent),
    ):
        due = np.flatnonzero(is_due)
        step = max(1, min(_CELLS_AT_ONCE // len(periods.number), -(-len(due) // available_cores())))
        parts = side_by_side(partial(put_to, test), [due[start : start + step] for start in range(0, len(due), step)])
        found = zip(before, *parts, strict=True)
        columns += [_with(old, due, new) for old, *new in found]
    is_absent = benjamini_hochberg(columns[-1]) <= settings.false_discovery_rate
    return Evidence._make([*columns, _was_falling(counts, opens, closes, np.flatnonzero(is_absent), periods)])


def _with(old: NDArray[Any], rows: Whole, new: list[NDArray[Any]]) -> NDArray[Any]:
    """An array with other values in some rows."""
    result = old.copy()
    if new:
        result[rows] = np.concatenate(new)
    return result


def _cells(counts: Counts, opens: Whole, closes: Whole) -> Counts:
    """The counts of some terms, which get the rows from 0 on."""
    wanted = spans(opens, closes)
    return Counts(np.repeat(np.arange(len(opens)), closes - opens), *(values[wanted] for values in counts[1:]))


def _finished(counts: Counts, periods: Periods) -> Counts:
    """The counts in finished periods, numbered among these."""
    number = np.cumsum(periods.is_finished) - 1
    wanted = periods.is_finished[counts.column]
    row, column, *values = (column[wanted] for column in counts)
    return Counts(row, number[column], *values)


def _rates(counts: Counts, terms: int, periods: Periods) -> Floats:
    """Occurrences per 10,000 words (terms x finished periods)."""
    rates = np.zeros((terms, len(periods.number)))
    rates[counts.row, counts.column] = counts.occurrences / periods.tokens[counts.column] * 10_000
    return rates[:, periods.is_finished]


def _trends(counts: Counts, terms: int, periods: Periods, settings: VerdictSettings) -> tuple[Floats, ...]:
    rates = _rates(counts, terms, periods)
    # Farther back, autocorrelation is more noise than memory; the cube root of the number of periods is a usual limit.
    found = trend(
        rates,
        periods.number[periods.is_finished],
        confidence=settings.confidence,
        lags=round(rates.shape[1] ** (1 / 3)),
    )
    return found.slope, found.slope_low, found.slope_high, found.tau, found.p_value


def _bursts(
    counts: Counts, terms: int, periods: Periods, settings: VerdictSettings
) -> tuple[Whole, Whole, Floats, Floats, Flags]:
    counts = _finished(counts, periods)
    tokens = periods.tokens[periods.is_finished]
    bursts = find_bursts(
        counts,
        terms,
        tokens,
        ratio=settings.burst_ratio,
        cost=settings.burst_cost,
        fewest_documents=settings.burst_documents,
    )
    rates = counts.occurrences / tokens[counts.column]
    inside = (counts.column >= bursts.start[counts.row]) & (counts.column <= bursts.end[counts.row])
    whole, held = (np.bincount(counts.row, weights=values, minlength=terms) for values in (rates, rates * inside))
    share = np.divide(held, whole, out=np.zeros(terms), where=whole > 0)
    number = len(tokens)
    is_brief = bursts.end - bursts.start < _BRIEF * number
    is_within = (bursts.start >= _MARGIN * number) & (bursts.end < number - _MARGIN * number)
    return (
        bursts.start,
        bursts.end,
        bursts.strength,
        np.where(share >= settings.burst_share, bursts.p_value, 1),
        is_within & is_brief & (share >= _MOST),
    )


def _is_silent(last: Whole, number: int) -> Flags:
    """Whether terms that stand in the period `last` for the last time are silent since, of so many finished ones, and not yet
    history. One that stands in the unfinished period, which is behind these, is not silent.
    """
    result: Flags = (last < number - 1) & (last >= number - 1 - int(_SILENCE * number))
    return result


def _absences(counts: Counts, terms: int, periods: Periods, _: VerdictSettings) -> tuple[Floats]:
    """How likely the silence of terms up to the end of the last finished period is by chance.

    A word that one document repeats tells little, and so does a document of few words: the less telling of the two counts.
    """
    counts = _finished(counts, periods)
    volumes = (periods.tokens[periods.is_finished], periods.documents[periods.is_finished])
    number = len(volumes[0])
    last = np.zeros(terms, dtype=np.int64)
    last[counts.row] = counts.column  # of several, the last is written last
    begin = np.maximum(0, last + 1 - int(_MEMORY * number))
    is_remembered = counts.column >= begin[counts.row]
    chance: Floats = np.zeros(terms)
    for counted, volume in zip((counts.occurrences, counts.documents), volumes, strict=True):
        before = np.bincount(counts.row, weights=counted * is_remembered, minlength=terms)
        until = np.append(0, np.cumsum(volume))
        found = absence(before.astype(np.float64), until[last + 1] - until[begin], until[-1] - until[last + 1])
        chance = np.maximum(chance, found)
    return (chance,)


def _was_falling(counts: Counts, opens: Whole, closes: Whole, rows: Whole, periods: Periods) -> Flags:
    """Whether those of the terms that are in `rows` were falling before they fell silent."""
    was_falling = np.zeros(len(opens), dtype=bool)
    last = counts.column[closes - 1]
    for end in np.unique(last[rows]):
        terms = rows[last[rows] == end]
        cells = _cells(counts, opens[terms], closes[terms])
        series = np.zeros((len(terms), end + 1))
        series[cells.row, cells.column] = cells.occurrences / periods.tokens[cells.column]
        earlier = kendall(series)
        was_falling[terms] = (earlier.score < 0) & (p_value(earlier.score, earlier.variance) <= _EARLIER_FALL)
    return was_falling


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
