"""When a document was published and when what it reports took place: every date stated for it, and the one to believe."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from tasks.dates import Precision, StatedDate, find_dates, parse_date
from tasks.layout import Header


class DocumentDate(NamedTuple):
    """A date stated for a document: as publication or event, where it stands, and the text that states it."""

    role: str
    source: str
    evidence: str
    stated: StatedDate
    is_chosen: bool = False


# Where a publication date may stand, best first, and how far each is to be trusted.
DATE_SOURCES = {
    "_documents.csv": 1.0,
    "front_matter": 0.95,
    "file_name": 0.9,
    "header": 0.85,
    "dateline": 0.75,
    "opening": 0.7,
}
_CONFLICT = 0.2  # off the confidence where another source states another date

_OPENING_WORDS = 60
_EVENT = re.compile(r"\b(?:on|of|at|in|meeting)\b[^.\n]{0,40}$", re.IGNORECASE)


def find_document_dates(
    *,
    path: str,
    overrides: Mapping[str, str],
    metadata: Mapping[str, str],
    header: Header,
    opening: str,
    earliest_year: int,
    today: datetime.date,
) -> list[DocumentDate]:
    """The dates stated for a document, the best of each role chosen; `opening` is its first paragraph of running text.

    A date before `earliest_year` is left out; one after `today` is kept and never chosen.
    """
    found = _candidates(path, overrides, metadata, header, opening)
    return _choose([date for date in dict.fromkeys(found) if date.stated.date.year >= earliest_year], today)


def _candidates(
    path: str, overrides: Mapping[str, str], metadata: Mapping[str, str], header: Header, opening: str
) -> Iterator[DocumentDate]:
    """Yield a date wherever one may be stated."""
    for role, field in (("publication", "publication_date"), ("event", "event_date")):
        for source, values in (("_documents.csv", overrides), ("front_matter", metadata)):
            if field in values:
                yield from _read(role, source, values[field])
    yield from _read("publication", "file_name", _name_words(path))
    for _, line in header.dates:
        yield from _read("publication", "header", line)
    if header.dateline:
        yield from _read("publication", "dateline", header.dateline[1], precision="day")
    if header.title:
        yield from _read("event", "title", header.title[1], precision="day")
    opening = " ".join(opening.split()[:_OPENING_WORDS])
    previous = 0
    for stated in find_dates(opening):
        if stated.precision == "day" and _EVENT.search(opening[: stated.start]):
            evidence = opening[max(previous, stated.start - 40) : stated.end]
            yield from _read("event", "opening", evidence, precision="day")
            break
        previous = stated.end


def _name_words(path: str) -> str:
    """A file's name as words; 2021_10_18 is a date."""
    return re.sub(r"(?<=\d)_(?=\d)", "-", PurePosixPath(path).stem).replace("_", " ")


def _read(role: str, source: str, evidence: str, precision: Precision | None = None) -> Iterator[DocumentDate]:
    """Yield the date that a text states, if it states one, and as precisely as is asked for."""
    stated = parse_date(evidence)
    if stated is not None and precision in (None, stated.precision):
        yield DocumentDate(role, source, evidence.strip(), stated)


def _choose(found: list[DocumentDate], today: datetime.date) -> list[DocumentDate]:
    """The dates as found, the best of each role chosen: by rank of source, then the more precise, then as found."""
    ranks = list(DATE_SOURCES)
    precisions = ("day", "month", "year")
    best: dict[str, DocumentDate] = {}
    for date in sorted(
        (date for date in found if date.stated.date <= today),
        key=lambda d: (
            ranks.index(d.source) if d.source in ranks else len(ranks),
            precisions.index(d.stated.precision),
        ),
    ):
        chosen = best.setdefault(date.role, date)
        if _refines(date.stated, chosen.stated):
            best[date.role] = date
    return [date._replace(is_chosen=best.get(date.role) == date) for date in found]


def _stated_part(date: StatedDate) -> str:
    """The part of a date that is stated, such as `2021-10` of a month."""
    return date.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[date.precision]]


def _refines(date: StatedDate, other: StatedDate) -> bool:
    """Whether a date says the same as another and more, as 18 October 2021 does of October 2021."""
    return len(_stated_part(date)) > len(_stated_part(other)) and _stated_part(date).startswith(_stated_part(other))


def confidence(chosen: DocumentDate, dates: Iterable[DocumentDate], today: datetime.date) -> float:
    """How far the chosen date of publication is to be trusted, from 0 to 1: by its source, and less if others differ."""
    others = [d.stated for d in dates if d.role == "publication" and not d.is_chosen and d.stated.date <= today]
    part = _stated_part(chosen.stated)
    agrees = all(_stated_part(other) == part[: len(_stated_part(other))] for other in others)
    return round(DATE_SOURCES[chosen.source] - (0 if agrees else _CONFLICT), 2)
