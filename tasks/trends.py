"""Trends: how often each term stands in each period, what that says of it, and what sets a period apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from tasks.annotate import Sentence, TermCount
from tasks.calendar import CalendarDate
from tasks.ingest import Source
from tasks.keyness import keyness, rounded
from tasks.signatures import PassageSignature
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage
from tasks.verdicts import Counts, Periods, VerdictSettings, gates, judge, weigh

Floats = NDArray[np.float64]
Granularity = Literal["month", "quarter", "year"]
_G2_BOUND = 10.83  # chi-square with one degree of freedom at 0.1%: a period is compared by many terms at once
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Term:
    """One term over the whole corpus."""

    TABLE: ClassVar[str] = "terms"

    term: str
    word_count: int
    document_count: int
    occurrences: int
    undated_occurrences: int
    is_name: bool


@dataclass(frozen=True, slots=True)
class KeywordCount:
    """One term in one period in which it occurs; `per_10k` is per 10,000 words of the period."""

    TABLE: ClassVar[str] = "keyword_counts"

    term: str
    granularity: str
    period_start: datetime.date
    occurrences: int
    documents: int
    period_tokens: int
    period_documents: int
    per_10k: float
    is_partial: bool


@dataclass(frozen=True, slots=True)
class KeywordTrend:
    """One term at one granularity, with a verdict; the slope is per period, of occurrences per 10,000 words."""

    TABLE: ClassVar[str] = "keyword_trends"

    term: str
    granularity: str
    periods: int
    documents: int
    occurrences: int
    first_period: datetime.date
    last_period: datetime.date
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    tau: float | None
    p_value: float | None
    q_value: float | None
    burst_start: datetime.date | None
    burst_end: datetime.date | None
    burst_strength: float | None
    burst_q_value: float | None
    absence_q_value: float | None
    last_seen_date: datetime.date
    verdict: str
    gate: str | None


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


@stage(
    reads=(TermCount, Sentence, Source, CalendarDate, PassageSignature, Duplicate),
    writes=(Term, KeywordCount, KeywordTrend, PeriodKeyness),
    version=1,
    settings=TrendsSettings,
    queries=("term_totals", "period_counts", "periods"),
    libraries=("numpy", "scipy"),
)
def trends(totals: pa.Table, counts: pa.Table, periods: pa.Table, settings: TrendsSettings) -> Iterator[Columns]:
    """Count terms by period, judge each by its evidence, and find what sets each period apart.

    `totals` has one row per term, `counts` one per term, granularity and period, `periods` one per granularity and
    period with documents; all sorted.
    """
    stopwords = pa.array([word.casefold() for word in settings.stopwords], pa.string())
    totals = totals.filter(pc.invert(pc.is_in(totals["term"], value_set=stopwords)))
    counts = counts.filter(pc.is_in(counts["granularity"], value_set=pa.array(settings.granularities)))
    totals = totals.filter(pc.invert(pc.or_(totals["is_fragment"], totals["is_formula"])))
    counts = counts.filter(pc.is_in(counts["term"], value_set=totals["term"].combine_chunks()))
    yield Columns(Term, totals.select(arrow_schema(Term).names))
    yield Columns(KeywordCount, counts.select(arrow_schema(KeywordCount).names))
    for granularity in sorted(set(settings.granularities)):
        wanted = pc.equal(counts["granularity"], granularity)
        spans = periods.filter(
            pc.and_(pc.equal(periods["granularity"], granularity), pc.greater(periods["period_tokens"], 0))
        )
        if (part := counts.filter(wanted)).num_rows:
            yield _trends(granularity, totals, part, spans, settings)
            yield _keyness(part, spans, settings)


def _trends(
    granularity: Granularity, totals: pa.Table, counts: pa.Table, spans: pa.Table, settings: TrendsSettings
) -> Columns:
    """Verdicts on all terms of one granularity."""
    starts = spans["period_start"].to_numpy()
    periods = Periods(
        _period_numbers(starts, granularity),
        spans["period_tokens"].to_numpy().astype(np.float64),
        spans["period_documents"].to_numpy().astype(np.float64),
        ~spans["is_partial"].to_numpy(zero_copy_only=False),
    )
    codes = counts["term"].combine_chunks().dictionary_encode()
    terms, rows = codes.dictionary, codes.indices.to_numpy()  # sorted by term, so that the codes ascend
    columns = np.searchsorted(starts, counts["period_start"].to_numpy())
    occurrences, documents = (counts[name].to_numpy() for name in ("occurrences", "documents"))
    opens = np.searchsorted(rows, np.arange(len(terms)))
    closes = np.append(opens[1:], len(rows)) - 1
    totals = totals.take(pc.index_in(terms, value_set=totals["term"].combine_chunks()))
    finished = int(periods.is_finished.sum())
    of_term = {
        "occurrences": np.add.reduceat(occurrences, opens),
        "documents": np.add.reduceat(documents, opens),
        **{name: totals[name].to_numpy() for name in ("largest_share", "publishers", "silent_publishers_share")},
    }
    failed = gates(finished, **of_term, settings=settings)
    tested = np.flatnonzero(failed == "")
    verdict = np.where(failed == "", "steady", "insufficient").astype(object)
    results: dict[str, pa.Array] = {}
    if len(tested):
        evidence = weigh(Counts(rows, columns, occurrences, documents), tested, periods, settings)
        judged = judge(evidence, settings)
        verdict[tested] = judged.verdict
        bursts = tested[is_burst := judged.burst_q_value <= settings.false_discovery_rate]
        begun = starts[periods.is_finished]
        results = {
            "burst_start": _spread(begun[evidence.burst_start[is_burst]], bursts, len(terms)),
            "burst_end": _spread(begun[evidence.burst_end[is_burst]], bursts, len(terms)),
            "burst_strength": _spread(evidence.burst_strength[is_burst], bursts, len(terms)),
        }
        for source, names in (
            (evidence, ("slope", "slope_low", "slope_high", "tau", "p_value")),
            (judged, ("q_value", "burst_q_value", "absence_q_value")),
        ):
            results |= {name: _spread(getattr(source, name), tested, len(terms)) for name in names}
    known = {
        "term": terms,
        "granularity": pa.array([granularity] * len(terms)),
        "periods": np.full(len(terms), finished, dtype=np.int64),
        "documents": of_term["documents"],
        "occurrences": of_term["occurrences"],
        "first_period": pa.array(starts[columns[opens]]),
        "last_period": pa.array(starts[columns[closes]]),
        "last_seen_date": totals["last_seen_date"],
        "verdict": pa.array(verdict, pa.string()),
        "gate": pa.array(failed, pa.string(), mask=failed == ""),
    }
    schema = arrow_schema(KeywordTrend)
    return Columns(
        KeywordTrend,
        pa.table(
            [known.get(name, results.get(name, pa.nulls(len(terms)))) for name in schema.names],
            names=schema.names,
        ).cast(schema),
    )


def _spread(values: NDArray[Any], places: NDArray[np.intp], length: int) -> pa.Array:
    """A column with the values in their places and nulls elsewhere."""
    column = np.zeros(length, dtype=values.dtype)
    column[places] = np.round(values, 9) if values.dtype.kind == "f" else values
    missing = np.ones(length, dtype=bool)
    missing[places] = False
    return pa.array(column, mask=missing)


def _keyness(counts: pa.Table, spans: pa.Table, settings: TrendsSettings) -> Columns:
    """The terms that set each period of one granularity apart from the others."""
    codes = counts["term"].combine_chunks().dictionary_encode().indices.to_numpy()
    occurrences, documents, tokens, of_period = (
        counts[name].to_numpy() for name in ("occurrences", "documents", "period_tokens", "period_documents")
    )
    reference = np.bincount(codes, weights=occurrences).astype(np.int64)[codes] - occurrences
    words = pc.sum(spans["period_tokens"]).as_py()
    # In a period of several documents, what one of them alone says sets that document apart and not the period.
    wanted = np.flatnonzero(
        (occurrences >= settings.keyness_occurrences) & (documents >= np.minimum(2, of_period)) & (tokens < words)
    )
    measures = keyness(occurrences[wanted], reference[wanted], tokens[wanted], words - tokens[wanted])
    distinctive = (measures.log_ratio > 0) & (measures.log_likelihood >= _G2_BOUND)
    wanted = wanted[distinctive]
    table = pa.table(
        {
            **{
                name: counts[name].take(wanted)
                for name in ("granularity", "period_start", "term", "occurrences", "documents")
            },
            "reference_occurrences": reference[wanted],
            **{name: values[distinctive] for name, values in rounded(measures).items()},
        }
    ).sort_by([("period_start", "ascending"), ("log_odds_z", "descending"), ("term", "ascending")])
    _, opens, sizes = np.unique(table["period_start"].to_numpy(), return_index=True, return_counts=True)
    rank = np.arange(1, table.num_rows + 1) - np.repeat(opens, sizes)
    table = table.append_column("rank", pa.array(rank)).filter(pa.array(rank <= settings.keyness_terms))
    return Columns(PeriodKeyness, table.select(arrow_schema(PeriodKeyness).names))


def _period_numbers(starts: NDArray[np.datetime64], granularity: Granularity) -> Floats:
    """The periods' places in the calendar, so that a gap in the corpus counts as the time that it is."""
    months = starts.astype("datetime64[M]").astype(np.int64)
    return (months // _MONTHS[granularity]).astype(np.float64)
