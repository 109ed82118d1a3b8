"""Trends: how often each term stands in each period, and whether that rises, falls or cannot be told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.annotate import Sentence, TermCount
from tasks.calendar import CalendarDate
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage
from tasks.trend_tests import benjamini_hochberg, mann_kendall, theil_sen

Floats = NDArray[np.float64]
Granularity = Literal["month", "quarter", "year"]
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
    p_value: float | None
    q_value: float | None
    last_seen_date: datetime.date
    verdict: str
    gate: str | None


class TrendsSettings(BaseModel, frozen=True, extra="forbid"):
    """Which periods are counted, and what evidence a verdict needs."""

    granularities: tuple[Granularity, ...] = Field(
        ("month", "quarter", "year"), min_length=1, description="periods to count by"
    )
    fewest_periods: int = Field(6, ge=3, description="finished periods with text that a test needs")
    fewest_occurrences: int = Field(10, ge=1, description="occurrences in dated documents that a test needs")
    fewest_documents: int = Field(5, ge=1, description="dated documents with the term that a test needs")
    largest_share: float = Field(0.5, gt=0, le=1, description="of its occurrences that one document may hold")
    false_discovery_rate: float = Field(0.05, gt=0, lt=1, description="share of the trends called that may be false")
    confidence: float = Field(0.95, gt=0, lt=1, description="of the slope's interval")
    stopwords: tuple[str, ...] = Field((), description="terms left out; `_stopwords.csv` adds to them")


@stage(
    reads=(TermCount, Sentence, CalendarDate, Duplicate),
    writes=(Term, KeywordCount, KeywordTrend),
    version=1,
    settings=TrendsSettings,
    queries=("term_totals", "period_counts", "periods"),
    libraries=("numpy", "scipy"),
)
def trends(totals: pa.Table, counts: pa.Table, periods: pa.Table, settings: TrendsSettings) -> Iterator[Columns]:
    """Count terms by period and test each for a trend, or say which evidence is missing.

    `totals` has one row per term, `counts` one per term, granularity and period, `periods` one per granularity and
    period with documents; all sorted.
    """
    stopwords = pa.array([word.casefold() for word in settings.stopwords], pa.string())
    totals = totals.filter(pc.invert(pc.is_in(totals["term"], value_set=stopwords)))
    counts = counts.filter(pc.invert(pc.is_in(counts["term"], value_set=stopwords)))
    counts = counts.filter(pc.is_in(counts["granularity"], value_set=pa.array(settings.granularities)))
    yield Columns(Term, totals.select(arrow_schema(Term).names))
    yield Columns(KeywordCount, counts.select(arrow_schema(KeywordCount).names))
    for granularity in sorted(set(settings.granularities)):
        wanted = pc.equal(counts["granularity"], granularity)
        spans = periods.filter(
            pc.and_(pc.equal(periods["granularity"], granularity), pc.greater(periods["period_tokens"], 0))
        )
        if (part := counts.filter(wanted)).num_rows:
            yield _trends(granularity, totals, part, spans, settings)


def _trends(
    granularity: Granularity, totals: pa.Table, counts: pa.Table, spans: pa.Table, settings: TrendsSettings
) -> Columns:
    """Verdicts on all terms of one granularity."""
    starts = spans["period_start"].to_numpy()
    finished = ~spans["is_partial"].to_numpy(zero_copy_only=False)
    codes = counts["term"].combine_chunks().dictionary_encode()
    terms, rows = codes.dictionary, codes.indices.to_numpy()
    columns = np.searchsorted(starts, counts["period_start"].to_numpy())
    occurrences = np.bincount(rows, weights=counts["occurrences"].to_numpy(), minlength=len(terms)).astype(np.int64)
    documents = np.bincount(rows, weights=counts["documents"].to_numpy(), minlength=len(terms)).astype(np.int64)
    first, last = np.full(len(terms), len(starts)), np.full(len(terms), -1)
    np.minimum.at(first, rows, columns)
    np.maximum.at(last, rows, columns)
    place = pc.index_in(terms, value_set=totals["term"].combine_chunks()).to_numpy()
    largest_share = totals["largest_share"].to_numpy(zero_copy_only=False)[place]
    gates = _gates(int(finished.sum()), occurrences, documents, largest_share, settings)
    tested = np.flatnonzero(gates == "")
    results = {name: np.full(len(terms), np.nan) for name in ("slope", "slope_low", "slope_high", "p_value", "q_value")}
    verdicts = np.where(gates == "", "steady", "insufficient").astype(object)
    if len(tested):
        series = _series(rows, columns, counts["per_10k"].to_numpy(), tested, finished, len(terms))
        _, variance, p_values = mann_kendall(series)
        times = _period_numbers(starts[finished], granularity)
        slope, low, high = theil_sen(series, times, variance, settings.confidence)
        q_values = benjamini_hochberg(p_values)
        for name, values in zip(results, (slope, low, high, p_values, q_values), strict=True):
            results[name][tested] = np.round(values, 9)
        called = q_values <= settings.false_discovery_rate
        verdicts[tested[called & (slope > 0)]] = "rising"
        verdicts[tested[called & (slope < 0)]] = "falling"
    schema = arrow_schema(KeywordTrend)
    return Columns(
        KeywordTrend,
        pa.table(
            [
                terms,
                pa.array([granularity] * len(terms)),
                np.full(len(terms), finished.sum(), dtype=np.int64),
                documents,
                occurrences,
                pa.array(starts[first]),
                pa.array(starts[last]),
                *(pa.array(values, mask=np.isnan(values)) for values in results.values()),
                totals["last_seen_date"].take(pa.array(place)),
                pa.array(verdicts, pa.string()),
                pa.array(gates, pa.string(), mask=gates == ""),
            ],
            schema=schema,
        ),
    )


def _gates(
    periods: int,
    occurrences: NDArray[np.int64],
    documents: NDArray[np.int64],
    largest_share: Floats,
    settings: TrendsSettings,
) -> NDArray[np.object_]:
    """For each term the first requirement that it fails, or an empty text."""
    return np.select(
        [
            np.full(len(occurrences), periods < settings.fewest_periods),
            documents < settings.fewest_documents,
            occurrences < settings.fewest_occurrences,
            largest_share > settings.largest_share,
        ],
        [
            f"{periods} finished periods with text; fewest_periods is {settings.fewest_periods}",
            f"fewer than {settings.fewest_documents} documents (fewest_documents)",
            f"fewer than {settings.fewest_occurrences} occurrences (fewest_occurrences)",
            f"one document holds more than {settings.largest_share:.0%} of the occurrences (largest_share)",
        ],
        default="",
    ).astype(object)


def _series(
    rows: NDArray[np.int32],
    columns: NDArray[np.intp],
    shares: Floats,
    tested: NDArray[np.intp],
    finished: NDArray[np.bool_],
    terms: int,
) -> Floats:
    """The tested terms' shares (terms x finished periods), 0 where a period has text without the term."""
    row_of = np.full(terms, -1)
    row_of[tested] = np.arange(len(tested))
    series = np.zeros((len(tested), len(finished)))
    wanted = row_of[rows] >= 0
    series[row_of[rows[wanted]], columns[wanted]] = shares[wanted]
    return series[:, finished]


def _period_numbers(starts: NDArray[np.datetime64], granularity: Granularity) -> Floats:
    """The periods' places in the calendar, so that a gap in the corpus counts as the time that it is."""
    months = starts.astype("datetime64[M]").astype(np.int64)
    return (months // _MONTHS[granularity]).astype(np.float64)
