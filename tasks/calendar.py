"""Calendar: the date by which each document is counted in periods."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, Field

from tasks.clean import Body
from tasks.ingest import DateCandidate
from tasks.stage import Columns, stage


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """The date of one document that has one; `role` says of what: publication or event."""

    TABLE: ClassVar[str] = "document_dates"

    document_id: str
    date: datetime.date
    precision: str
    role: str


class CalendarSettings(BaseModel, frozen=True, extra="forbid"):
    """Which date places a document in time."""

    use_event_date: bool = Field(
        True, description="count a document without a date of publication by that of its event"
    )


@stage(
    reads=(DateCandidate, Body),
    writes=CalendarDate,
    version=1,
    settings=CalendarSettings,
    queries=("stated_dates",),
)
def calendar(stated: pa.Table, settings: CalendarSettings) -> Iterator[Columns]:
    """Choose the date by which each document is counted: that of publication, else that of the event.

    Minutes and readouts often state the day of the meeting alone. They come out within days or weeks of it, so leaving
    them out would cost more than counting them by it.
    """
    if not settings.use_event_date:
        stated = stated.filter(pc.equal(stated["role"], "publication"))
    yield Columns(CalendarDate, stated)
