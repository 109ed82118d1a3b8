"""Period terms: how often each term stands in each month, which all that is said of terms over time is made from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
from pydantic import BaseModel

from tasks.annotate import TermCount
from tasks.calendar import CalendarDate
from tasks.clean import Body
from tasks.ingest import Source
from tasks.signatures import PassageSignature
from tasks.similarity import Duplicate
from tasks.stage import Columns, stage


@dataclass(frozen=True, slots=True)
class PeriodTerm:
    """One term in the documents of one publisher in one period: a month, the year of those dated by that alone, or no date."""

    TABLE: ClassVar[str] = "period_terms"

    period: str
    term: str
    publisher: str
    occurrences: int
    name_occurrences: int
    repeated_occurrences: int
    documents: int
    largest: int
    last_date: datetime.date | None


class PeriodTermsSettings(BaseModel, frozen=True, extra="forbid"):
    """There is nothing to set."""


@stage(
    reads=(TermCount, Source, Body, CalendarDate, PassageSignature, Duplicate),
    writes=PeriodTerm,
    version=1,
    settings=PeriodTermsSettings,
    queries=("period_terms",),
    units="counted_documents",
)
def period_terms(counts: pa.Table, _: PeriodTermsSettings) -> Iterator[Columns]:
    """Count terms by month.

    A document that comes is added to what was counted of its month; where one has changed or is gone, the month is counted
    again.
    """
    yield Columns(PeriodTerm, counts)
