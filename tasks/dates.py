"""Dates as they are written: what is stated, to the precision that is stated, and nothing that is guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "month", "year"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
_RANGE = r"(?:\s?[-–]\s?(?:[0-3]?\d)(?:st|nd|rd|th)?)?"  # a meeting of two days is dated by its first

# In order of specificity: what an earlier pattern has matched, a later one leaves alone.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"(?<!\d){_YEAR}/(?P<month>\d\d?)/(?P<day>\d\d?)(?!\d)",
        rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
        rf"\b{_MONTH}\s*{_DAY}{_RANGE},?\s+{_YEAR}\b",
        rf"\b{_DAY}{_RANGE}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"(?<![\d/])(?P<first>\d\d?)/(?P<second>\d\d?)/{_YEAR}(?![\d/])",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
        rf"(?<![A-Za-z\d]){_YEAR}-(?P<month>\d\d)(?!\d|-\d)",
        rf"(?<![A-Za-z\d])(?<!\d-){_YEAR}(?![A-Za-z\d]|-\d)",
    )
)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date found in a text: its first day, how much of it is stated, and where (offsets into the text searched)."""

    date: datetime.date
    precision: Precision
    start: int
    end: int


def find_dates(text: str) -> Iterator[StatedDate]:
    """Yield the dates stated in a text, in reading order, none inside another.

    An impossible date (30 February) and one whose day and month cannot be told apart (03/04/2021) yield nothing.
    """
    taken = bytearray(len(text))
    found = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = b"\1" * len(match.group())
            if (stated := _stated(match)) is not None:
                found.append(stated)
    yield from sorted(found, key=lambda stated: stated.start)


def parse_date(text: str) -> StatedDate | None:
    """The date that a field states, such as `2021-10-18`, `Oct 20, 2021 03:49 PM`, `2015-07` or `2019`; the first if several."""
    return next(find_dates(text), None)


def _stated(match: re.Match[str]) -> StatedDate | None:
    groups = match.groupdict()
    year = int(groups["year"])
    month, day = groups.get("month"), groups.get("day")
    if groups.get("first"):
        first, second = int(groups["first"]), int(groups["second"])
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (str(first), str(second)) if first <= 12 else (str(second), str(first))
    precision: Precision = "day" if day else "month" if month else "year"
    # Letters that match the pattern only by their case, such as a dotless i, make no month: month zero is no date.
    month_number = 1 if not month else int(month) if month.isdigit() else _MONTHS.get(month.casefold(), 0)
    try:
        date = datetime.date(year, month_number, int(day) if day else 1)
    except ValueError:
        return None
    return StatedDate(date, precision, *match.span())
