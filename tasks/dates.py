"""Dates as they are written: what is stated, to the precision that is stated, and nothing that is guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
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
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<month>{_NAMES})\b\.?"
# Without a day beside it, a month in small letters may be the verb: they may 2021 times, they march 2000 miles.
_MONTH_NAME = rf"(?!(?-i:may|march|mar)\b){_MONTH}"
_ORDINAL = r"(?:st|nd|rd|th)?\b"
_DAY = rf"(?P<day>[0-3]?\d){_ORDINAL}"
_YEAR = r"(?P<year>[12]\d{3})"
_TO = r"(?:\s?[-–—]\s?|\s(?:to|and|through|until)\s)"
_LAST_DAY = rf"(?P<last>{_TO}[0-3]?\d{_ORDINAL})?"  # a meeting of several days is dated by its first
# The end of a span over two months lends its year to the beginning that states none: March 30 – April 2, 2021.
_YEAR_OF_ITS_OWN = r"(?:,?\s(?P<first_year>[12]\d{3})(?!\sand\b))?"  # two full dates with "and" between are two
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?"
_END = (
    rf"{_TO}(?:on\s)?{_WEEKDAY}(?:(?P<end_month>{_NAMES})\.?\s[0-3]?\d{_ORDINAL}"
    rf"|[0-3]?\d{_ORDINAL}\s(?P<month_of_end>{_NAMES})\b\.?),?\s{_YEAR}\b"
)
_TIME_OF_DAY = r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d)"  # behind a date without separators

# What stands in whatever a pattern matches, found in less time than the pattern takes.
_A_DIGIT = re.compile(r"[0-9]")
_A_YEAR = re.compile(r"[12][0-9]{3}")
_A_NAME = re.compile(
    r"[Jj](?:[Aa][Nn]|[Uu][NnLl])|[Ff][Ee][Bb]|[Mm][Aa][RrYy]|[Aa](?:[Pp][Rr]|[Uu][Gg])|[Ss][Ee][Pp]|[Oo][Cc][Tt]"
    r"|[Nn][Oo][Vv]|[Dd][Ee][Cc]"
)
_A_MONTH = re.compile("月")

# In order of specificity: what an earlier pattern has matched, a later one leaves alone. Those without a year are the last.
_PATTERNS = tuple(
    (sign, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for sign, pattern in (
        (_A_YEAR, rf"(?<!\d){_YEAR}(?P<mark>[-–])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d)"),
        (_A_YEAR, rf"(?<![\d/.]){_YEAR}(?P<mark>[/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?![\d/])"),
        (_A_YEAR, rf"(?<!\d){_YEAR}\s?年\s?(?P<month>\d\d?)\s?月(?:\s?(?P<day>\d\d?)\s?日)?"),
        (_A_YEAR, rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:(?!\d)|(?={_TIME_OF_DAY}))"),
        (_A_NAME, rf"\b{_MONTH}\s*{_DAY}{_YEAR_OF_ITS_OWN}{_END}"),
        (_A_NAME, rf"\b{_DAY}\s+{_MONTH}{_YEAR_OF_ITS_OWN}{_END}"),
        (_A_NAME, rf"\b{_MONTH}[\s-]*{_DAY}{_LAST_DAY},?(?:\s+|(?<=,)|-){_YEAR}\b"),
        (_A_NAME, rf"\b{_DAY}{_LAST_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}\b"),
        (_A_NAME, rf"\b{_YEAR},?[\s-]+{_MONTH}[\s-]+{_DAY}(?![\d:])"),
        (_A_YEAR, rf"(?<![\d/.-])(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)(?P=mark){_YEAR}(?![\d/-])"),
        (_A_NAME, rf"\b{_MONTH_NAME},?\s+{_YEAR}\b"),
        (_A_YEAR, rf"(?<![A-Za-z\d-]){_YEAR}-(?P<month>\d\d)(?!\d|-\d)"),
        (_A_MONTH, r"(?<!\d)(?P<month>\d\d?)月(?P<day>\d\d?)日"),
        (_A_NAME, rf"\b(?-i:(?=[A-Z])){_MONTH}\s?{_DAY}(?![\d%]|[,.]\d|:\d){_LAST_DAY}"),
        (_A_NAME, rf"(?<![\d.,$€£-])\b{_DAY}{_LAST_DAY}\s(?:of\s)?(?-i:(?=[A-Z])){_MONTH}(?!\s*\d)"),
        (_A_YEAR, rf"(?<![A-Za-z\d$€£№])(?<!\d[-–—/.,]){_YEAR}(?![A-Za-z\d%]|[-–—/]\d|[.,]\d)"),
    )
)
# Forms of East Asian keyboards, and spaces and hyphens that are not the common ones; each is one character for one.
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys((0xA0, 0x2009, 0x202F, 0x3000), " ")
    | dict.fromkeys((0x2010, 0x2011), "-")
)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date found in a text: its first day, how much of it is stated, and where (offsets into the text searched).

    `is_span` tells that it is the first of several days.
    """

    date: datetime.date
    precision: Precision
    start: int
    end: int
    is_span: bool = False


@dataclass(frozen=True, slots=True)
class UnreadableDate:
    """What is written as a date and states none: why not, where, and the month and day of one that lacks its year."""

    problem: Literal["ambiguous", "impossible", "no_year"]
    start: int
    end: int
    month: int = 0
    day: int = 0
    is_span: bool = False

    def before(self, latest: datetime.date, days: int) -> StatedDate | None:
        """The last such day up to `latest`, where it lies at most so many days back."""
        for year in (latest.year, latest.year - 1):
            try:
                date = datetime.date(year, self.month, self.day)
            except ValueError:
                continue
            if 0 <= (latest - date).days <= days:
                return StatedDate(date, "day", self.start, self.end, self.is_span)
        return None


def find_written_dates(text: str) -> list[StatedDate | UnreadableDate]:
    """What is written as a date in a text, in reading order, none inside another."""
    return list(_written_dates(text))


@lru_cache(maxsize=64)  # of one line it is asked several times in a row
def _written_dates(text: str) -> tuple[StatedDate | UnreadableDate, ...]:
    if not text.isascii():
        text = text.translate(_PLAIN)
    if not _A_DIGIT.search(text):
        return ()
    signs = {sign for sign in (_A_YEAR, _A_NAME, _A_MONTH) if sign.search(text)}
    taken = bytearray(len(text))
    found = []
    for sign, pattern in _PATTERNS:
        for match in pattern.finditer(text) if sign in signs else ():
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = b"\1" * len(match.group())
            found.append(_read(match))
    return tuple(sorted(found, key=lambda written: written.start))


def find_dates(text: str) -> Iterator[StatedDate]:
    """Yield the dates stated in a text, in reading order, none inside another.

    An impossible date (30 February), one whose day and month cannot be told apart (03/04/2021) and one without its year
    yield nothing.
    """
    return (written for written in find_written_dates(text) if isinstance(written, StatedDate))


def parse_date(text: str) -> StatedDate | None:
    """The date that a field states, such as `2021-10-18`, `Oct 20, 2021 03:49 PM`, `2015-07` or `2019`; the first if several."""
    return next(find_dates(text), None)


def _read(match: re.Match[str]) -> StatedDate | UnreadableDate:
    groups = match.groupdict()
    start, end = match.span()
    month, day = groups.get("month"), groups.get("day")
    end_month = groups.get("end_month") or groups.get("month_of_end")
    is_span = bool(groups.get("last") or end_month)
    if groups.get("first"):
        first, second = int(groups["first"]), int(groups["second"])
        if first <= 12 and second <= 12 and first != second:
            return UnreadableDate("ambiguous", start, end)
        month, day = (str(first), str(second)) if first <= 12 else (str(second), str(first))
    month_number = 1 if not month else int(month) if month.isdigit() else _MONTHS[month.casefold()]
    day_number = int(day) if day else 1
    try:
        if "year" not in groups:
            datetime.date(2000, month_number, day_number)  # a leap year
            return UnreadableDate("no_year", start, end, month_number, day_number, is_span)
        year = int(groups.get("first_year") or groups["year"])
        if end_month and not groups.get("first_year"):
            year -= month_number > _MONTHS[end_month.casefold()]
        date = datetime.date(year, month_number, day_number)
    except ValueError:
        return UnreadableDate("impossible", start, end)
    return StatedDate(date, "day" if day else "month" if month else "year", start, end, is_span)
