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
from tasks.calendar import CalendarDate
from tasks.ingest import Source
from tasks.keyness import keyness, rounded
from tasks.period_terms import PeriodTerm
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage
from tasks.verdicts import Counts, Flags, Periods, VerdictSettings, Whole, gates, judge, weigh

Granularity = Literal["month", "quarter", "year"]
_G2_BOUND = 10.83  # chi-square with one degree of freedom at 0.1%: a period is compared by many terms at once
_MONTHS: dict[Granularity, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class TermTotal:
    """One term over the whole corpus, and why it is not tested.

    What begins with `month` is of the documents dated by their month, what begins with `year` of all that have a date.
    """

    TABLE: ClassVar[str] = "term_totals"

    term: str
    word_count: int
    document_count: int
    occurrences: int
    undated_occurrences: int
    is_name: bool
    month_documents: int
    month_occurrences: int
    first_month: datetime.date | None
    last_month: datetime.date | None
    year_documents: int
    year_occurrences: int
    first_year: datetime.date | None
    last_year: datetime.date | None
    last_seen_date: datetime.date | None
    month_gate: str | None
    quarter_gate: str | None
    year_gate: str | None


@dataclass(frozen=True, slots=True)
class TermVerdict:
    """One term that is tested at one granularity; the slope is per period, of occurrences per 10,000 words."""

    TABLE: ClassVar[str] = "term_verdicts"

    term: str
    granularity: str
    slope: float
    slope_low: float
    slope_high: float
    tau: float
    p_value: float
    q_value: float
    burst_start: datetime.date | None
    burst_end: datetime.date | None
    burst_strength: float | None
    burst_q_value: float
    absence_q_value: float
    verdict: str


@dataclass(frozen=True, slots=True)
class TestedPeriods:
    """How many finished periods with text there are at one granularity that is counted by."""

    TABLE: ClassVar[str] = "tested_periods"

    granularity: str
    periods: int


class TrendsSettings(VerdictSettings, frozen=True, extra="forbid"):
    """Which periods are counted, and what evidence a verdict needs."""

    granularities: tuple[Granularity, ...] = Field(
        ("month", "quarter", "year"), min_length=1, description="periods to count by"
    )
    keyness_terms: int = Field(50, ge=1, description="terms that are listed for each period as setting it apart")
    keyness_occurrences: int = Field(3, ge=1, description="occurrences in the period that such a term needs")
    stopwords: tuple[str, ...] = Field((), description="terms left out; `_stopwords.csv` adds to them")


@dataclass(frozen=True, slots=True)
class PeriodKeyness:
    """One term that sets a period apart from all others."""

    TABLE: ClassVar[str] = "period_keyness"

    granularity: str
    period_start: datetime.date
    term: str
    occurrences: int
    documents: int
    reference_occurrences: int
    log_likelihood: float
    log_ratio: float
    log_odds_z: float
    rank: int


class _Cells(NamedTuple):
    """What each term (`row`) has in each month and by each publisher, in order; `is_year` where the month is not known."""

    row: Whole
    month: Whole
    is_year: Flags
    publisher: Whole
    occurrences: Whole
    documents: Whole


@stage(
    reads=(PeriodTerm, Sentence, Source, CalendarDate, Duplicate),
    writes=(TermTotal, TermVerdict, TestedPeriods, PeriodKeyness),
    version=2,
    settings=TrendsSettings,
    queries=("term_totals", "publishers", "periods"),
    libraries=("numpy", "scipy"),
)
def trends(totals: pa.Table, publishers: pa.Table, periods: pa.Table, settings: TrendsSettings) -> Iterator[Columns]:
    """Judge each term by how often it stands in each period, and find what sets each period apart.

    `totals` has one row per term with its `cells`: what it has in each month and by each publisher. The cells tell
    publishers by their row in `publishers`; `periods` has one row per granularity and period with documents, sorted.
    """
    if settings.stopwords:
        stopwords = pa.array([word.casefold() for word in settings.stopwords])
        totals = totals.filter(pc.invert(pc.is_in(totals["term"], value_set=stopwords)))
    order = pc.sort_indices(totals["term"]).to_numpy()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    cells = _cells(totals["cells"].combine_chunks(), place)
    totals = totals.drop_columns(["cells"]).take(order)
    spread = _spread(cells, totals["largest"], publishers["documents"].to_numpy())
    columns: dict[str, Any] = {name: totals[name] for name in totals.column_names}
    for granularity in _MONTHS:
        counts = _by_period(cells, granularity)
        known = _known(counts, totals.num_rows)
        is_there = known["documents"] > 0
        if granularity != "quarter":
            columns |= {f"{granularity}_{name}": known[name] for name in ("documents", "occurrences")}
            columns |= {f"{end}_{granularity}": _starts(known[end], granularity, is_there) for end in ("first", "last")}
        columns[f"{granularity}_gate"] = pa.nulls(totals.num_rows)
        spans = periods.filter(
            pc.and_(pc.equal(periods["granularity"], granularity), pc.greater(periods["period_tokens"], 0))
        )
        if granularity not in settings.granularities or not is_there.any() or not spans.num_rows:
            continue
        counts = counts._replace(
            column=np.searchsorted(_numbers(spans["period_start"].to_numpy(), granularity), counts.column)
        )
        finished = pc.sum(pc.invert(spans["is_partial"])).as_py()
        failed = gates(finished, known["occurrences"], known["documents"], **spread, settings=settings)
        columns[f"{granularity}_gate"] = pa.array(failed, pa.string(), mask=(failed == "") | ~is_there)
        yield Columns(TestedPeriods, pa.table({"granularity": [granularity], "periods": [finished]}))
        if len(tested := np.flatnonzero((failed == "") & is_there)):
            yield _verdicts(granularity, totals["term"], counts, tested, spans, settings)
        yield _keyness(granularity, totals["term"], counts, spans, settings)
    schema = arrow_schema(TermTotal)
    yield Columns(TermTotal, pa.table([columns[name] for name in schema.names], names=schema.names).cast(schema))


def _cells(lists: pa.ListArray, place: Whole) -> _Cells:
    """The cells of all terms, which get the rows of `place`."""
    sizes = pc.list_value_length(lists).fill_null(0).to_numpy()
    cells = lists.flatten()
    row = np.repeat(place, sizes)
    month = cells.field("date").to_numpy(zero_copy_only=False).astype("datetime64[M]").astype(np.int64)
    order = np.argsort((row << 20) + month)  # a month of the year 9999 is a number of 17 bits
    return _Cells(
        row[order],
        month[order],
        cells.field("is_year").to_numpy(zero_copy_only=False)[order],
        *(cells.field(name).to_numpy()[order] for name in ("publisher", "occurrences", "documents")),
    )


def _spread(cells: _Cells, largest: pa.ChunkedArray, documents: Whole) -> dict[str, NDArray[Any]]:
    """For each term how much of it one document has, how many publishers use it, and the share of those that do not.

    `largest` says how often it stands in the dated document that has most of it, `documents` how many each publisher has.
    """
    terms = len(largest)
    occurrences = np.bincount(cells.row, weights=cells.occurrences, minlength=terms)
    term, publisher = np.divmod(np.unique(cells.row * len(documents) + cells.publisher), max(1, len(documents)))
    speaking = np.bincount(term, weights=documents[publisher], minlength=terms)
    return {
        "largest_share": largest.fill_null(0).to_numpy() / np.maximum(1, occurrences),
        "publishers": np.bincount(term, minlength=terms),
        "silent_publishers_share": 1 - speaking / max(1, documents.sum()),
    }


def _by_period(cells: _Cells, granularity: Granularity) -> Counts:
    """How often each term occurs in each period, whose `column` is its number in the calendar."""
    wanted = np.arange(len(cells.row)) if granularity == "year" else np.flatnonzero(~cells.is_year)
    row, number = cells.row[wanted], cells.month[wanted] // _MONTHS[granularity]
    opens = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(number, prepend=0) != 0))
    if not len(opens):
        return Counts(row, number, row, row)
    sums = (np.add.reduceat(values[wanted], opens) for values in (cells.occurrences, cells.documents))
    return Counts(row[opens], number[opens], *sums)


def _known(counts: Counts, terms: int) -> dict[str, NDArray[Any]]:
    """Each term's occurrences and documents at a granularity, and its first and last period, below 0 if it has none."""
    sums = {
        name: np.bincount(counts.row, weights=getattr(counts, name), minlength=terms).astype(np.int64)
        for name in ("occurrences", "documents")
    }
    closes = np.cumsum(np.bincount(counts.row, minlength=terms))
    opens = np.append(0, closes)[:-1]
    column = np.append(counts.column, 0)  # for terms that have none
    return sums | {"first": column[opens], "last": column[closes - 1]}


def _verdicts(
    granularity: Granularity,
    terms: pa.ChunkedArray,
    counts: Counts,
    tested: Whole,
    spans: pa.Table,
    settings: TrendsSettings,
) -> Columns:
    """Verdicts on the terms of one granularity whose rows are `tested`."""
    starts = spans["period_start"].to_numpy()
    is_finished = ~spans["is_partial"].to_numpy(zero_copy_only=False)
    periods = Periods(
        _numbers(starts, granularity).astype(np.float64),
        spans["period_tokens"].to_numpy().astype(np.float64),
        spans["period_documents"].to_numpy().astype(np.float64),
        is_finished,
    )
    evidence = weigh(counts, tested, periods, settings)
    judged = judge(evidence, settings)
    is_burst = judged.burst_q_value <= settings.false_discovery_rate
    begun = starts[is_finished]
    columns = {
        "term": terms.take(tested),
        "granularity": pa.array([granularity] * len(tested)),
        "burst_start": pa.array(begun[evidence.burst_start], mask=~is_burst),
        "burst_end": pa.array(begun[evidence.burst_end], mask=~is_burst),
        "burst_strength": pa.array(np.round(evidence.burst_strength, 9), mask=~is_burst),
        "verdict": pa.array(judged.verdict, pa.string()),
    }
    for source, names in (
        (evidence, ("slope", "slope_low", "slope_high", "tau", "p_value")),
        (judged, ("q_value", "burst_q_value", "absence_q_value")),
    ):
        columns |= {name: np.round(getattr(source, name), 9) for name in names}
    schema = arrow_schema(TermVerdict)
    return Columns(TermVerdict, pa.table(columns).select(schema.names).cast(schema))


def _keyness(
    granularity: Granularity, terms: pa.ChunkedArray, counts: Counts, spans: pa.Table, settings: TrendsSettings
) -> Columns:
    """The terms that set each period of one granularity apart from the others."""
    period_tokens, period_documents = (spans[name].to_numpy() for name in ("period_tokens", "period_documents"))
    words = int(period_tokens.sum())
    # In a period of several documents, what one of them alone says sets that document apart and not the period.
    wanted = np.flatnonzero(
        (counts.occurrences >= settings.keyness_occurrences)
        & (counts.documents >= np.minimum(2, period_documents)[counts.column])
        & (period_tokens[counts.column] < words)
    )
    everywhere = np.bincount(counts.row, weights=counts.occurrences, minlength=len(terms)).astype(np.int64)
    row, column, occurrences, documents = (values[wanted] for values in counts)
    reference, tokens = everywhere[row] - occurrences, period_tokens[column]
    measures = keyness(occurrences, reference, tokens, words - tokens)
    distinctive = np.flatnonzero((measures.log_ratio > 0) & (measures.log_likelihood >= _G2_BOUND))
    table = pa.table(
        {
            "granularity": pa.array([granularity] * len(distinctive), pa.string()),
            "period_start": spans["period_start"].take(column[distinctive]),
            "term": terms.take(row[distinctive]),
            "occurrences": occurrences[distinctive],
            "documents": documents[distinctive],
            "reference_occurrences": reference[distinctive],
            **{name: values[distinctive] for name, values in rounded(measures).items()},
        }
    ).sort_by([("period_start", "ascending"), ("log_odds_z", "descending"), ("term", "ascending")])
    _, opens, sizes = np.unique(table["period_start"].to_numpy(), return_index=True, return_counts=True)
    rank = np.arange(1, table.num_rows + 1) - np.repeat(opens, sizes)
    table = table.append_column("rank", pa.array(rank)).filter(pa.array(rank <= settings.keyness_terms))
    return Columns(PeriodKeyness, table.select(arrow_schema(PeriodKeyness).names))


def _numbers(starts: NDArray[np.datetime64], granularity: Granularity) -> Whole:
    """The periods' places in the calendar, so that a gap in the corpus counts as the time that it is."""
    months: Whole = starts.astype("datetime64[M]").astype(np.int64)
    return months // _MONTHS[granularity]


def _starts(numbers: Whole, granularity: Granularity, is_there: Flags) -> pa.Array:
    """The first days of the periods with these places in the calendar."""
    days = (numbers * _MONTHS[granularity]).astype("datetime64[M]").astype("datetime64[D]")
    return pa.array(days, pa.date32(), mask=~is_there)
