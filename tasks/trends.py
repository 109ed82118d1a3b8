"""Trends: what the counts of each term by period say of it, and what sets a period apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from tasks.annotate import Sentence
from tasks.bursts import Counts
from tasks.calendar import CalendarDate
from tasks.clean import Body
from tasks.ingest import Source
from tasks.period_keyness import PeriodKeyness, period_keyness
from tasks.similarity import Duplicate
from tasks.splitmix import STEP, finalised
from tasks.stage import Columns, arrow_schema, stage
from tasks.term_totals import TermTotal
from tasks.verdicts import Evidence, Flags, Known, Periods, VerdictSettings, Whole, gates, judge, weigh

Granularity = Literal["month", "quarter", "year"]
_KEPT = ("slope", "slope_low", "slope_high", "tau", "p_value", "burst_strength", "burst_p_value", "came_and_went")
_MONTHS: dict[Granularity, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class TermVerdict:
    """One term that occurs often enough to be tested at one granularity, and what the tests say unless a `gate` forbids them.

    The slope is per period, of occurrences per 10,000 words. `series` is a digest of what it has in the finished periods, on
    which the evidence rests; one that is not tested has none.
    """

    TABLE: ClassVar[str] = "term_verdicts"

    term: str
    granularity: str
    series: int | None
    gate: str | None
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    tau: float | None
    p_value: float | None
    q_value: float | None
    burst_start: datetime.date | None
    burst_end: datetime.date | None
    burst_strength: float | None
    burst_p_value: float | None
    burst_q_value: float | None
    is_burst: bool | None
    came_and_went: bool | None
    absence_q_value: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class TestedPeriods:
    """How many finished periods with text there are at one granularity that is counted by, and what a test needs."""

    TABLE: ClassVar[str] = "tested_periods"

    granularity: str
    periods: int
    periods_gate: str | None
    fewest_documents: int
    documents_gate: str
    fewest_occurrences: int
    occurrences_gate: str


@dataclass(frozen=True, slots=True)
class WeighedPeriod:
    """One finished period that the verdicts rest on."""

    TABLE: ClassVar[str] = "weighed_periods"

    granularity: str
    period_start: datetime.date
    tokens: int


@dataclass(frozen=True, slots=True)
class Stopword:
    """One term that is left out."""

    TABLE: ClassVar[str] = "stopwords"

    term: str


class TrendsSettings(VerdictSettings, frozen=True, extra="forbid"):
    """Which periods are counted, and what evidence a verdict needs."""

    granularities: tuple[Granularity, ...] = Field(
        ("month", "quarter", "year"), min_length=1, description="periods to count by"
    )
    keyness_terms: int = Field(50, ge=1, description="terms that are listed for each period as setting it apart")
    keyness_occurrences: int = Field(3, ge=1, description="occurrences in the period that such a term needs")
    stopwords: tuple[str, ...] = Field((), description="terms left out; `_stopwords.csv` adds to them")


@stage(
    reads=(TermTotal, Sentence, Source, Body, CalendarDate, Duplicate),
    writes=(TermVerdict, TestedPeriods, WeighedPeriod, PeriodKeyness, Stopword),
    version=3,
    settings=TrendsSettings,
    queries=("term_series", "publishers", "periods"),
    recalls=("known_evidence", "weighed_periods"),
    libraries=("numpy", "scipy"),
)
def trends(
    terms: pa.Table,
    publishers: pa.Table,
    periods: pa.Table,
    known: pa.Table,
    weighed: pa.Table,
    settings: TrendsSettings,
) -> Iterator[Columns | TestedPeriods | Stopword]:
    """Judge each term by how often it stands in each period, and find what sets each period apart.

    `terms` has one row per term with what it has in each period; `periods` one row per granularity and period with documents,
    sorted. The tests that `known` tells of are not made again where what the term has in finished periods and the `weighed`
    periods are the same.
    """
    stopwords = sorted({word.lower() for word in settings.stopwords})
    yield from map(Stopword, stopwords)
    if stopwords:
        terms = terms.filter(pc.invert(pc.is_in(terms["term"], value_set=pa.array(stopwords))))
    cells = _cells(terms)
    for granularity in _MONTHS:
        spans = periods.filter(
            pc.and_(pc.equal(periods["granularity"], granularity), pc.greater(periods["period_tokens"], 0))
        )
        if granularity not in settings.granularities or not spans.num_rows:
            continue
        counts = _by_period(cells, granularity, _numbers(spans["period_start"].to_numpy(), granularity))
        finished = spans.filter(pc.invert(spans["is_partial"]))
        yield _tested_periods(granularity, finished.num_rows, settings)
        yield Columns(
            WeighedPeriod,
            pa.table(
                {
                    "granularity": pa.array([granularity] * finished.num_rows, pa.string()),
                    "period_start": finished["period_start"],
                    "tokens": finished["period_tokens"],
                }
            ),
        )
        if finished.num_rows >= settings.fewest_periods:
            before = [table.filter(pc.equal(table["granularity"], granularity)) for table in (known, weighed)]
            yield from _verdicts(granularity, terms, publishers, counts, spans, before[0], before[1], settings)
        yield period_keyness(
            granularity,
            terms["term"],
            counts,
            spans,
            fewest_occurrences=settings.keyness_occurrences,
            most_terms=settings.keyness_terms,
        )


class _Cells(NamedTuple):
    """What each term (`row`) has in each month, in order; `is_year` where the month is not known."""

    row: Whole
    month: Whole
    is_year: Flags
    occurrences: Whole
    documents: Whole


def _cells(terms: pa.Table) -> _Cells:
    """The dated counts of all terms."""
    lists = [terms[name].combine_chunks() for name in ("periods", "period_occurrences", "period_documents")]
    row = np.repeat(np.arange(terms.num_rows), pc.list_value_length(lists[0]).to_numpy())
    period, *counts = (column.flatten().to_numpy() for column in lists)
    dated = np.flatnonzero(period)
    year, month = np.divmod(period[dated], 100)
    return _Cells(
        row[dated],
        (year - 1970) * 12 + np.maximum(month, 1) - 1,
        month == 0,
        *(values[dated] for values in counts),
    )


def _by_period(cells: _Cells, granularity: Granularity, numbers: Whole) -> Counts:
    """How often each term occurs in each period, whose `numbers` in the calendar are given."""
    if granularity == "year" or not cells.is_year.any():
        row, month, occurrences, documents = cells.row, cells.month, cells.occurrences, cells.documents
    else:
        row, month, occurrences, documents = (
            values[~cells.is_year] for values in (cells.row, cells.month, cells.occurrences, cells.documents)
        )
    number = month // _MONTHS[granularity]
    opens = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(number, prepend=0) != 0))
    if 0 < len(opens) < len(row):
        row, number = row[opens], number[opens]
        occurrences, documents = (np.add.reduceat(values, opens) for values in (occurrences, documents))
    place = np.zeros(numbers[-1] - numbers[0] + 1, dtype=np.int64)
    place[numbers - numbers[0]] = np.arange(len(numbers))
    return Counts(row, place[number - numbers[0]], occurrences, documents)


def _tested_periods(granularity: Granularity, periods: int, settings: TrendsSettings) -> TestedPeriods:
    least = settings.fewest_periods
    return TestedPeriods(
        granularity,
        periods,
        f"{periods} finished periods with text; fewest_periods is {least}" if periods < least else None,
        settings.fewest_documents,
        f"fewer than {settings.fewest_documents} documents (fewest_documents)",
        settings.fewest_occurrences,
        f"fewer than {settings.fewest_occurrences} occurrences (fewest_occurrences)",
    )


def _verdicts(
    granularity: Granularity,
    terms: pa.Table,
    publishers: pa.Table,
    counts: Counts,
    spans: pa.Table,
    known: pa.Table,
    weighed: pa.Table,
    settings: TrendsSettings,
) -> Iterator[Columns]:
    """Verdicts at one granularity on the terms that occur often enough."""
    dated = "year" if granularity == "year" else "month"
    often = np.flatnonzero(
        (terms[f"{dated}_documents"].to_numpy() >= settings.fewest_documents)
        & (terms[f"{dated}_occurrences"].to_numpy() >= settings.fewest_occurrences)
    )
    is_finished = ~spans["is_partial"].to_numpy(zero_copy_only=False)
    chosen = terms.select(["term", *(f"{dated}_{name}" for name in ("largest", "occurrences", "publishers"))]).take(
        often
    )
    basis = _in_finished(counts, often, is_finished) | _spread(chosen, publishers, dated)
    gate = gates(**basis, settings=settings)
    failed, passed = np.flatnonzero(gate != ""), np.flatnonzero(gate == "")
    yield _rows(
        granularity,
        chosen.take(failed),
        {"gate": pa.array(gate[failed], pa.string()), "verdict": ["insufficient"] * len(failed)},
    )
    if not len(passed):
        return
    tested = often[passed]
    starts = spans["period_start"].to_numpy()
    tokens = spans["period_tokens"].to_numpy()
    periods = Periods(
        _numbers(starts, granularity).astype(np.float64),
        tokens.astype(np.float64),
        spans["period_documents"].to_numpy().astype(np.float64),
        is_finished,
    )
    begun = starts[is_finished]
    series = _series(counts, tested, is_finished)
    kept = None
    if known.num_rows and np.array_equal(begun, weighed["period_start"].to_numpy()):
        is_other = np.zeros(len(starts), dtype=bool)
        is_other[is_finished] = tokens[is_finished] != weighed["tokens"].to_numpy()
        is_touched = np.zeros(terms.num_rows, dtype=bool)
        is_touched[counts.row[is_other[counts.column]]] = True
        kept = _kept(chosen["term"].take(passed), series, known, begun, is_touched[tested], bool(is_other.any()))
    evidence = weigh(counts, tested, periods, settings, kept)
    judged = judge(evidence, settings)
    has_run = evidence.burst_start >= 0
    columns = {
        "series": series,
        "burst_start": pa.array(begun[evidence.burst_start], mask=~has_run),
        "burst_end": pa.array(begun[evidence.burst_end], mask=~has_run),
        "is_burst": judged.burst_q_value <= settings.false_discovery_rate,
    }
    columns |= {name: getattr(evidence, name) for name in _KEPT}
    columns |= {name: getattr(judged, name) for name in ("q_value", "burst_q_value", "absence_q_value")}
    columns["verdict"] = pa.array(judged.verdict, pa.string())
    yield _rows(granularity, chosen.take(passed), columns)


def _in_finished(counts: Counts, terms: Whole, is_finished: Flags) -> dict[str, Whole]:
    """In how many documents of finished periods each of some terms stands, and how often."""
    opens, closes = (np.searchsorted(counts.row, terms, side) for side in ("left", "right"))
    found = {}
    for name, values in (("documents", counts.documents), ("occurrences", counts.occurrences)):
        until = np.append(0, np.cumsum(values * is_finished[counts.column]))
        found[name] = until[closes] - until[opens]
    return found


def _spread(terms: pa.Table, publishers: pa.Table, dated: str) -> dict[str, NDArray[Any]]:
    """For each term how much of it one document has, how many publishers use it, and the share of those that do not.

    `publishers` says how many documents each publisher has that are `dated` by their month or, among others, by their year.
    """
    lists = terms[f"{dated}_publishers"].combine_chunks()
    number = pc.list_value_length(lists).to_numpy()
    documents = publishers[f"{dated}_documents"].to_numpy()
    place = pc.index_in(lists.flatten(), value_set=publishers["publisher"]).to_numpy()
    speaking = np.bincount(
        np.repeat(np.arange(terms.num_rows), number), weights=documents[place], minlength=terms.num_rows
    )
    largest, occurrences = (terms[f"{dated}_{name}"].to_numpy() for name in ("largest", "occurrences"))
    return {
        "largest_share": largest / np.maximum(1, occurrences),
        "publishers": number,
        "silent_publishers_share": 1 - speaking / max(1, documents.sum()),
    }


def _series(counts: Counts, terms: Whole, is_finished: Flags) -> Whole:
    """For each of some terms a digest of what it has in finished periods."""
    digests = np.zeros(len(counts.row), dtype=np.uint64)
    for values in (counts.column, counts.occurrences, counts.documents):
        digests = finalised(digests + values.astype(np.uint64) + STEP)
    until = np.append(np.uint64(0), np.cumsum(np.where(is_finished[counts.column], digests, np.uint64(0))))
    opens, closes = (np.searchsorted(counts.row, terms, side) for side in ("left", "right"))
    result: Whole = (until[closes] - until[opens]).view(np.int64)
    return result


def _kept(
    terms: pa.ChunkedArray,
    series: Whole,
    known: pa.Table,
    begun: NDArray[np.datetime64],
    is_touched: Flags,
    is_any_other: bool,
) -> Known:
    """What is known of some terms and still holds, as the digests of their `series` are the same.

    Evidence on a trend rests on the words of the periods with the term, that on bursts on those of all: some terms are
    `is_touched` by a period that has other words now, or there `is_any_other`. `begun` are the first days of the periods.
    """
    place = pc.index_in(terms, value_set=known["term"])
    rows = known.take(pc.fill_null(place, 0))
    is_same = pc.is_valid(place).to_numpy() & (rows["series"].to_numpy() == series)
    evidence = {name: rows[name].to_numpy() for name in _KEPT}
    for name in ("burst_start", "burst_end"):
        column = np.searchsorted(begun, rows[name].to_numpy())
        evidence[name] = np.where(pc.is_valid(rows[name]).to_numpy(), column, -1)
    return Known(
        Evidence.of_nothing(len(is_same))._replace(**evidence),
        is_trend=is_same & ~is_touched,
        is_burst=is_same & (not is_any_other),
    )


def _rows(granularity: Granularity, terms: pa.Table, columns: dict[str, Any]) -> Columns:
    """Rows of verdicts on some terms; what is not said is null."""
    schema, number = arrow_schema(TermVerdict), terms.num_rows
    columns |= {"term": terms["term"], "granularity": [granularity] * number}
    table = pa.table({field.name: columns.get(field.name, pa.nulls(number, field.type)) for field in schema})
    return Columns(TermVerdict, table.cast(schema))


def _numbers(starts: NDArray[np.datetime64], granularity: Granularity) -> Whole:
    """The periods' places in the calendar, so that a gap in the corpus counts as the time that it is."""
    months: Whole = starts.astype("datetime64[M]").astype(np.int64)
    return months // _MONTHS[granularity]
