"""When a document was published and when what it reports took place: every date stated for it, and the one to believe."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from tasks.dates import Precision, StatedDate, UnreadableDate, find_written_dates
from tasks.layout import Header
from tasks.readers import Reading


class DocumentDate(NamedTuple):
    """A date stated for a document: as publication or event, where it stands, and the text that states it.

    `problem` tells why it is not believed; what cannot be read has neither date nor precision.
    """

    role: str
    source: str
    evidence: str
    date: datetime.date | None
    precision: Precision | None
    problem: str | None = None
    is_chosen: bool = False


# Where a publication date may stand, best first, and how far each is to be trusted.
_BY_ANALYST = "_documents.csv"
DATE_SOURCES = {
    _BY_ANALYST: 1.0,
    "front_matter": 0.95,
    "html_metadata": 0.95,
    "file_name": 0.9,
    "header": 0.85,
    "dateline": 0.75,
    "updated": 0.6,
    "file_properties": 0.4,
}
# Where the date of an event may stand, best first.
EVENT_SOURCES = (_BY_ANALYST, "front_matter", "html_metadata", "title", "header", "note", "opening", "dateline")
_CONFLICT = 0.2  # off the confidence where another source states another date

_OPENING_WORDS = 60
_REPORTED_WITHIN = 60  # days from an event to the report that may leave out its year
_NEWS_WITHIN = 366  # days; what a text says of a day longer before it was published is history
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?(?: and [a-z]{6,9}day)?,?\s+)?"
# What stands right before the day on which something happened …
_HAPPENED_ON = re.compile(
    r"(?:\bon\s+(?:the\s+)?(?:(?:morning|afternoon|evening|night)\s+of\s+)?(?:the\s+)?|[,–—]\s*|(?P<bracket>\()\s*"
    r"|\b(?P<span>from|between)\s+|\b(?:meeting|session|speech|forum|summit|hearing)\s+of\s+"
    r"|\b(?:held|met|spoke|convened|opened|delivered|announced|said|signed|(?:meeting|event|hearing|speech)(?:\s+date)?\s*:)\s+)"
    + _WEEKDAY
    + "$",
    re.IGNORECASE,
)
# … and before one that is mentioned in passing.
_IN_PASSING = re.compile(
    r"(?:\bhad|,\s(?:issued|adopted|published|released|passed|approved|promulgated|enacted|signed)"
    r"|\b(?:which|that|who) (?:had|has|have|took|came|(?:was|were) (?!held|opened|convened)))\b[^.;]{0,80}$"
    r"|\b(?:effect|effective|force|deadline|due|expire[sd]?|end(?:ed|ing|s)?|born|until|since|updated?|accessed|retrieved"
    r"|(?:laws?|acts?|regulations?|measures|rules|decree|order|treaty|agreement|plan|decision)(?: (?:that|which) was)?,? "
    r"(?:adopted|passed|issued|approved|signed|published|promulgated|enacted|released|dated))\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:h[eo]ld|met|meets?|meeting|sp[eo]ke|speech|delivered|delivers|address(?:ed)?|remarks|conven(?:es?|ed)|chair(?:s|ed)"
    r"|presid(?:es?|ed)|attend(?:s|ed)|open(?:s|ed)|visit(?:s|ed)|talks|signed|hosted|conference|summit|session|forum|dialogue"
    r"|took place|announced|said|issued|released|unveiled|adopted|passed|approved|launched|call|called|hearing|testified|gave"
    r"|gathered|symposium|inaugurated|ceremony|decided|agreed|voted|closed|concluded|inspected|expo|fair)\b",
    re.IGNORECASE,
)
# What says in the sentence of a day, which stands as a bar, that it is that of the document's own meeting or occasion.
_OCCASION = re.compile(
    r"\b(?:minutes of|readout)\b|\b(?:met|meets|spoke|said|told|testified|gathered|voted|announced on \|,? that)\b"
    r"|\b(?<!which )(?<!that )(?:was|were|is) (?:held|convened)\b"
    r"|\b(?:held|holds|hosted|chaired|convened|attended|delivered|gave|addressed|presided over) (?:an?|the|his|her|their|talks)\b"
    r"|\b(?:conference|forum|summit|meeting|session|symposium|ceremony|dialogue|talks|hearing|expo|fair)\b[^,]{0,60}"
    r"\b(?:opened|closed|concluded|convened|began|took place)\b"
    r"|\b(?:meeting|session|speech|event|hearing)(?: date)?\s*:|\btoday,?\s*(?:on\s+|\()?" + _WEEKDAY + r"\|",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!Mr)(?<!Ms)(?<!Mrs)(?<!Dr)[.;!?][”’\"']?\s(?=[A-Z“\"])")
_RECORD = re.compile(r"minutes\b|.*\breadout\b", re.IGNORECASE)
_LAST_CHANGE = re.compile(r"\b(?:(?P<last>last|latest)\s+)?(?:updat|modif|revis|review)", re.IGNORECASE)
_SPOKEN = re.compile(
    r"\b(?:speech|remarks|address|statement|keynote|testimony|lecture|talk|press conference)\b", re.IGNORECASE
)
# A year in a file's name that is what a plan aims at, or part of a number.
_AIM = re.compile(
    r"\b(?:vision|agenda|horizon|made[- ]in[- ]china|by|until|targets?|goals?|plan|outline|strategy|roadmap)[- ]"
    r"[12]\d{3}\b(?!-\d)"
    r"|\b[12]\d{3}[- ](?:vision|agenda|targets?|goals?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?:no|nr|wp|guofa|guobanfa|order|decree|ref|doc)[-. ]{1,2}[12]\d{3}-\d{1,3}\b", re.IGNORECASE)


def find_document_dates(
    *,
    path: str,
    overrides: Mapping[str, str],
    reading: Reading,
    header: Header,
    earliest_year: int,
    today: datetime.date,
) -> list[DocumentDate]:
    """The dates stated for a document, the best of each role chosen.

    None before `earliest_year` or after `today` is chosen, nor what cannot be read; all are kept. Something that happened on
    a day stated without its year is dated only by a report published, on a day that is known, up to 60 days later: its
    year is then the one that makes it the last such day. So is the day in a dateline, which is where and when what is
    reported took place unless it is the day of publication itself. Where no publication shows that the opening tells news, a
    day in it is believed only if it is that of the document's own occasion: else it may be history.
    """
    given = (("_documents.csv", overrides), (reading.metadata_source, reading.metadata))
    published = [*_published(path, given, header, reading.properties)]
    chosen = _best([_judged(date, earliest_year, today) for date in published], list(DATE_SOURCES))
    found = [*published, *_happened(given, header, chosen)]
    found = [_judged(date, earliest_year, today) for date in dict.fromkeys(found)]
    best = [
        _best([date for date in found if date.role == role], list(sources))
        for role, sources in (("publication", DATE_SOURCES), ("event", EVENT_SOURCES))
    ]
    return [date._replace(is_chosen=date in best) for date in found]


def _published(
    path: str, given: Iterable[tuple[str, Mapping[str, str]]], header: Header, properties: Mapping[str, str]
) -> Iterator[DocumentDate]:
    """Yield what may be the date of publication, wherever it may be stated."""
    for source, fields in given:
        yield from _field("publication", source, fields.get("publication_date"))
    name = PurePosixPath(path).stem
    written = find_written_dates(_name_words(name))
    yield from (_as_date("publication", "file_name", name, date) for date in written[:1] if not _lacks_year(date))
    for _, line in header.dates:
        date = find_written_dates(line)[0]
        change = _LAST_CHANGE.search(line[: date.start])
        if not (_dates_the_event(line, date, header) or (change and change["last"])):
            yield _as_date("publication", "updated" if change else "header", line, date)
    for line, date in _delivered(header):
        if not (date.is_span or _is_of_minutes(header)):
            yield _as_date("publication", "dateline", line, date)
    if header.dateline:
        line = header.dateline[1]
        yield from (
            _as_date("publication", "dateline", line, date) for date in find_written_dates(line)[:1] if _is_day(date)
        )
    yield from _field("publication", "file_properties", properties.get("publication_date"))


def _happened(
    given: Iterable[tuple[str, Mapping[str, str]]], header: Header, publication: DocumentDate | None
) -> Iterator[DocumentDate]:
    """Yield what may be the date of the event, wherever it may be stated."""
    is_known = publication is not None and publication.precision == "day" and _is_stated(publication)
    published = publication.date if publication is not None and is_known else None
    for source, fields in given:
        yield from _field("event", source, fields.get("event_date"))
    if header.title:
        line = header.title[1]
        for date in find_written_dates(line):
            if _is_known_day(date) and not _IN_PASSING.search(line[: date.start]):
                yield _as_date("event", "title", line, _with_year(date, published))
    for _, line in header.dates:
        date = find_written_dates(line)[0]
        if _dates_the_event(line, date, header):
            yield _as_date("event", "header", line, date)
    yield from (_as_date("event", "header", line, date) for line, date in _delivered(header) if _is_day(date))
    for _, line in header.notes:
        yield from (told for told, _ in _reported("note", line, published) if not _is_history(told, publication))
    if header.opening:
        is_record = header.title is not None and _RECORD.match(header.title[1]) is not None
        for told, is_own in _reported("opening", header.opening[1], published):
            is_believed = is_own or is_record or told.problem or _is_news(told, publication)
            if not _is_history(told, publication):
                yield told if is_believed else told._replace(problem="in_passing")
    if header.dateline:
        line = header.dateline[1]
        yield from (_filed(line, date, published) for date in find_written_dates(line)[:1] if _is_known_day(date))


def _filed(line: str, date: StatedDate | UnreadableDate, published: datetime.date | None) -> DocumentDate:
    """What the day in a dateline dates: what is reported, where the report was published later, else the report."""
    stated = _with_year(date, published)
    is_earlier = isinstance(stated, StatedDate) and published and 0 < (published - stated.date).days <= _REPORTED_WITHIN
    return _as_date("event" if is_earlier else "publication", "dateline", line, stated)


def _is_stated(publication: DocumentDate) -> bool:
    """Whether somebody states a date of publication, and not the program that made the file."""
    return publication.source != "file_properties"


def _is_history(date: DocumentDate, publication: DocumentDate | None) -> bool:
    """Whether a day lies too far back to be what a document of a stated date reports."""
    return (
        publication is not None
        and _is_stated(publication)
        and date.date is not None
        and not _is_news(date, publication)
    )


def _is_news(date: DocumentDate, publication: DocumentDate | None) -> bool:
    """Whether a publication may report a day as news: it came out at most a year later."""
    if publication is None or publication.date is None or date.date is None:
        return False
    return (publication.date - date.date).days <= _NEWS_WITHIN


def _reported(source: str, text: str, published: datetime.date | None) -> Iterator[tuple[DocumentDate, bool]]:
    """Yield the days on which a text says that something happened, and whether that is the text's own occasion."""
    text = " ".join(text.split()[:_OPENING_WORDS])
    end = 0
    for date in find_written_dates(text):
        before = text[: date.start][-200:]
        happened = _HAPPENED_ON.search(before)
        stated = _with_year(date, published)
        if (
            _is_known_day(date)
            and happened
            and not (happened["bracket"] and text[date.end : date.end + 1] == ")")
            and (date.is_span or not happened["span"])
            and not _IN_PASSING.search(text[end : date.start])
            and _EVENT.search(before + text[date.end : date.end + 120])
        ):
            lead = before if len(before) <= 60 else before[-60:].partition(" ")[2]
            sentence = _SENTENCE_END.split(before)[-1] + "|" + _SENTENCE_END.split(text[date.end : date.end + 120])[0]
            yield (
                _as_date("event", source, lead + text[date.start : date.end], stated),
                _OCCASION.search(sentence) is not None,
            )
        end = date.end


def _with_year(date: StatedDate | UnreadableDate, published: datetime.date | None) -> StatedDate | UnreadableDate:
    """A date, completed where it lacks its year and the day of publication gives it."""
    if published and isinstance(date, UnreadableDate) and date.problem == "no_year":
        return date.before(published, _REPORTED_WITHIN) or date
    return date


def _dates_the_event(line: str, date: StatedDate | UnreadableDate, header: Header) -> bool:
    """Whether a line of a date alone states the day of what the document records and not that of its publication.

    So do the days of a meeting, and the day under the title of minutes. The day in brackets under the title of a speech is
    that of its delivery.
    """
    if not _is_day(date) or header.title is None:
        return False
    is_bare = not any(character.isalpha() for character in line[: date.start])
    return date.is_span or (is_bare and _is_of_minutes(header)) or _is_in_brackets(line, header)


def _delivered(header: Header) -> Iterator[tuple[str, StatedDate | UnreadableDate]]:
    """Yield the day of a speech or a statement, from lines that name its place or stand in brackets below its title.

    Such a text is mostly published on the day of its delivery, where nothing else is said.
    """
    for _, line in sorted([*header.places, *(part for part in header.dates if _is_in_brackets(part[1], header))]):
        yield from ((line, date) for date in find_written_dates(line)[:1])


def _is_in_brackets(line: str, header: Header) -> bool:
    title = header.title[1] if header.title else ""
    return line.startswith("(") and line.endswith(")") and _SPOKEN.search(title) is not None


def _is_of_minutes(header: Header) -> bool:
    return header.title is not None and header.title[1].casefold().startswith("minutes")


def _name_words(name: str) -> str:
    """A file's name as words, such that 2021_10_18 and 18-october-2021 are dates, and the aim of a plan is none."""
    name = re.sub(r"(?<=\d)_(?=\d)", "-", name).replace("_", " ")
    name = re.sub(r"(?<=[A-Za-z])-?(?=\d)|(?<=\d)-(?=[A-Za-z])|(?<=\d)(?=[A-Z][a-z]{2})", " ", name)
    name = _AIM.sub(lambda match: " " * len(match.group()), name)
    name = _NUMBER.sub(lambda match: match.group().rpartition("-")[0], name)
    return name.title()


def _field(role: str, source: str, value: str | None) -> Iterator[DocumentDate]:
    """Yield the date that a field states, or that what it holds cannot be read."""
    if value is None:
        return
    written = find_written_dates(value)
    if written:
        yield _as_date(role, source, value, written[0])
    else:
        yield DocumentDate(role, source, value.strip(), None, None, "unreadable")


def _as_date(role: str, source: str, evidence: str, written: StatedDate | UnreadableDate) -> DocumentDate:
    if isinstance(written, UnreadableDate):
        return DocumentDate(role, source, evidence.strip(), None, None, written.problem)
    return DocumentDate(role, source, evidence.strip(), written.date, written.precision)


def _is_day(date: StatedDate | UnreadableDate) -> bool:
    return isinstance(date, StatedDate) and date.precision == "day"


def _lacks_year(date: StatedDate | UnreadableDate) -> bool:
    return isinstance(date, UnreadableDate) and date.problem == "no_year"


def _is_known_day(date: StatedDate | UnreadableDate) -> bool:
    return _is_day(date) or _lacks_year(date)


def _judged(date: DocumentDate, earliest_year: int, today: datetime.date) -> DocumentDate:
    """A date with the reason not to believe it, where there is one."""
    if date.date is None:
        return date
    return date._replace(problem=disbelief(date.date, earliest_year, today) or date.problem)


def disbelief(date: datetime.date, earliest_year: int, today: datetime.date) -> str | None:
    """Why no document has a date, if so: it is `ancient` or in the `future`."""
    return "ancient" if date.year < earliest_year else "future" if date > today else None


def _best(dates: Iterable[DocumentDate], ranks: list[str]) -> DocumentDate | None:
    """The date to believe: by rank of source, then the more precise, then as found.

    A worse one may refine it, save what the analyst states: who knows why no more than a year is said there.
    """
    believed = [date for date in dates if date.problem is None]
    best = min(believed, key=lambda d: (ranks.index(d.source), -len(_stated_part(d))), default=None)
    for date in sorted(believed, key=lambda d: ranks.index(d.source)):
        if best is not None and best.source != _BY_ANALYST and _refines(date, best):
            best = date
    return best


def _stated_part(date: DocumentDate) -> str:
    """The part of a date that is stated, such as `2021-10` of a month."""
    return str(date.date)[: {"day": 10, "month": 7, "year": 4}[date.precision or "day"]]


def _refines(date: DocumentDate, other: DocumentDate) -> bool:
    """Whether a date says the same as another and more, as 18 October 2021 does of October 2021."""
    return len(_stated_part(date)) > len(_stated_part(other)) and _stated_part(date).startswith(_stated_part(other))


def confidence(chosen: DocumentDate, dates: Iterable[DocumentDate]) -> float:
    """How far the chosen date of publication is to be trusted, from 0 to 1: by its source, and less if others differ."""
    part = _stated_part(chosen)
    others = [
        _stated_part(date)
        for date in dates
        if date.role == "publication" and date.problem is None and date.source not in ("updated", "file_properties")
    ]
    agrees = all(other == part[: len(other)] or part == other[: len(part)] for other in others)
    return round(DATE_SOURCES[chosen.source] - (0 if agrees else _CONFLICT), 2)
