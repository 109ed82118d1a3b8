"""Ingest: files become documents, each with its text, what it says of itself, and every date found for it."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from pydantic import BaseModel, Field

from tasks.boilerplate import furniture_rule
from tasks.dates import StatedDate, find_dates, parse_date
from tasks.layout import Header, Paragraph, paragraphs, read_header
from tasks.readers import Reading, Unreadable, read
from tasks.stage import stage


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One distinct content in the seeds folder, under the first of the paths that hold it."""

    TABLE: ClassVar[str] = "seed_files"

    document_id: str
    path: str
    content_sha256: str
    overrides: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A document as its file and the analyst describe it."""

    TABLE: ClassVar[str] = "sources"

    document_id: str
    path: str
    content_sha256: str
    media_type: str
    encoding: str
    title: str | None
    publisher: str | None
    author: str | None
    speaker: str | None
    language: str
    publication_date: datetime.date | None
    publication_date_precision: str | None
    publication_date_source: str | None
    publication_date_confidence: float | None
    event_date: datetime.date | None


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's decoded text, which offsets of passages point into; the body starts behind any front matter."""

    TABLE: ClassVar[str] = "document_texts"

    document_id: str
    text: str
    body_start: int


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date found for a document, with what it was read from."""

    TABLE: ClassVar[str] = "date_candidates"

    document_id: str
    role: str
    date: datetime.date
    precision: str
    source: str
    evidence: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A content that was looked at and not taken in."""

    TABLE: ClassVar[str] = "refusals"

    document_id: str
    path: str
    reason: str
    detail: str


class IngestSettings(BaseModel, frozen=True, extra="forbid"):
    """What is read from the seeds folder."""

    folder: Path = Field(
        Path("seeds"), description="filled in from the top-level `seeds`", json_schema_extra={"shapes_output": False}
    )
    today: datetime.date = Field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC).date(),
        description="no document is dated after this day (the day of the run)",
        json_schema_extra={"shapes_output": False},
    )
    earliest_year: int = Field(1500, ge=1, le=9999, description="a date before this year is not believed")
    largest_file: int = Field(
        20_000_000, ge=1, description="bytes; a larger file is quarantined", json_schema_extra={"shapes_output": False}
    )
    fewest_words: int = Field(5, ge=0, description="a file with fewer words is quarantined")
    languages: tuple[str, ...] = Field(("en",), description="ISO 639-1 codes of the languages that are taken in")


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
_SPEAKER = re.compile(
    r"(?:^|[:–—-]\s+)(?:(?:President|Premier|Chairman|Vice Premier|Minister|General Secretary)\s+)?"
    r"(?P<name>(?!The\s)[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){1,3})[’'‘]s\s+(?:\w+\s+){0,2}(?:Remarks|Speech|Address|Statement|Report|Letter|Keynote)\b"
)


def load_readers(_: IngestSettings) -> None:
    """Import what reading a file may need."""
    import charset_normalizer  # noqa: F401
    import ftfy  # noqa: F401

    _language_identifier()


@stage(
    reads=SeedFile,
    writes=(Source, DocumentText, DateCandidate, Refusal),
    version=1,
    settings=IngestSettings,
    libraries=("charset-normalizer", "ftfy", "py3langid", "PyYAML"),
    batch_size=100,
    load=load_readers,
)
def ingest(
    files: Iterable[SeedFile], settings: IngestSettings
) -> Iterator[Source | DocumentText | DateCandidate | Refusal]:
    """Read files into documents with their metadata and dates."""
    for file in files:
        try:
            reading = _read(file, settings)
            source, dates = _describe(file, reading, settings)
        except Unreadable as verdict:
            yield Refusal(file.document_id, file.path, verdict.reason, verdict.detail)
            continue
        yield source
        yield DocumentText(file.document_id, reading.text, reading.body_start)
        yield from dates


def _read(file: SeedFile, settings: IngestSettings) -> Reading:
    try:
        content = (settings.folder / file.path).read_bytes()
    except OSError as error:
        raise Unreadable("unreadable", f"the file cannot be opened: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != file.content_sha256:
        raise Unreadable("unstable", "the file changed while it was read; the next run takes it")
    reading = read(content, file.path)
    words = len(reading.text[reading.body_start :].split())
    if words == 0:
        raise Unreadable("empty", "the file holds no text")
    if words < settings.fewest_words:
        raise Unreadable("too_short", f"{words} words; ingest.fewest_words asks for {settings.fewest_words}")
    return reading


def _describe(file: SeedFile, reading: Reading, settings: IngestSettings) -> tuple[Source, list[DateCandidate]]:
    blocks = paragraphs(reading.text, reading.body_start)
    furniture = frozenset(index for index, block in enumerate(blocks) if furniture_rule(block.text))
    header = read_header(blocks, is_furniture=furniture)
    overrides: Mapping[str, str] = json.loads(file.overrides) if file.overrides else {}
    stated = {
        "title": header.title[1] if header.title else None,
        "publisher": header.publisher[1] if header.publisher else None,
        "author": header.author[1] if header.author else None,
        **reading.metadata,
        **overrides,
    }
    title = stated["title"]
    speaker = stated.get("speaker")
    if speaker is None and title is not None and (match := _SPEAKER.search(title)):
        speaker = match["name"]
    language = re.split(r"[-_]", (stated.get("language") or "").casefold())[0] or _language(
        reading.text[reading.body_start :]
    )
    if language not in settings.languages:
        raise Unreadable(
            "unsupported_language",
            f"the text is in {language!r}; ingest.languages allows {', '.join(settings.languages)}",
        )
    dates = _choose(
        file.document_id,
        list(_candidates(file.path, reading, header, blocks, furniture, overrides, settings)),
        settings.today,
    )
    publication = next((date for date in dates if date.is_chosen and date.role == "publication"), None)
    event = next((date for date in dates if date.is_chosen and date.role == "event"), None)
    source = Source(
        document_id=file.document_id,
        path=file.path,
        content_sha256=file.content_sha256,
        media_type=reading.media_type,
        encoding=reading.encoding,
        title=title,
        publisher=stated["publisher"],
        author=stated["author"],
        speaker=speaker,
        language=language,
        publication_date=publication.date if publication else None,
        publication_date_precision=publication.precision if publication else None,
        publication_date_source=publication.source if publication else None,
        publication_date_confidence=_confidence(publication, dates, settings.today) if publication else None,
        event_date=event.date if event else None,
    )
    return source, dates


def _candidates(
    path: str,
    reading: Reading,
    header: Header,
    blocks: list[Paragraph],
    furniture: frozenset[int],
    overrides: Mapping[str, str],
    settings: IngestSettings,
) -> Iterator[tuple[str, str, str]]:
    """Yield (role, source, evidence) wherever a date may be stated; the evidence holds the date."""
    for role, field in (("publication", "publication_date"), ("event", "event_date")):
        for source, values in (("_documents.csv", overrides), ("front_matter", reading.metadata)):
            if field in values:
                yield from _believable(role, source, values[field], settings)
    yield from _believable("publication", "file_name", _name_words(path), settings)
    for _, line in header.dates:
        yield from _believable("publication", "header", line, settings)
    if header.dateline:
        yield from _believable("publication", "dateline", header.dateline[1], settings, precision="day")
    if header.title:
        yield from _believable("event", "title", header.title[1], settings, precision="day")
    opening = next((b.text for i, b in enumerate(blocks) if i not in furniture and len(b.text.split()) >= 12), "")
    opening = " ".join(opening.split()[:_OPENING_WORDS])
    previous = 0
    for stated in find_dates(opening):
        if stated.precision == "day" and _EVENT.search(opening[: stated.start]):
            yield from _believable(
                "event", "opening", opening[max(previous, stated.start - 40) : stated.end], settings, precision="day"
            )
            break
        previous = stated.end


def _name_words(path: str) -> str:
    """A file's name as words; 2021_10_18 is a date."""
    return re.sub(r"(?<=\d)_(?=\d)", "-", PurePosixPath(path).stem).replace("_", " ")


def _believable(
    role: str, source: str, evidence: str, settings: IngestSettings, precision: str | None = None
) -> Iterator[tuple[str, str, str]]:
    stated = parse_date(evidence)
    if stated is not None and settings.earliest_year <= stated.date.year and precision in (None, stated.precision):
        yield role, source, evidence


def _choose(document_id: str, found: list[tuple[str, str, str]], today: datetime.date) -> list[DateCandidate]:
    """The candidates as records, the best of each role chosen: by rank of source, then the more precise, then as found.

    A date that is still to come is kept as a candidate and never chosen.
    """
    ranks = list(DATE_SOURCES)
    precisions = ("day", "month", "year")
    stated = []
    for role, source, evidence in dict.fromkeys(found):
        date = parse_date(evidence)
        assert date is not None  # `_believable` has read it before
        stated.append((role, source, evidence.strip(), date))
    best: dict[str, Any] = {}
    for entry in sorted(
        stated, key=lambda e: (ranks.index(e[1]) if e[1] in ranks else len(ranks), precisions.index(e[3].precision))
    ):
        if entry[3].date > today:
            continue
        chosen = best.setdefault(entry[0], entry)
        if _refines(entry[3], chosen[3]):
            best[entry[0]] = entry
    return [
        DateCandidate(
            document_id,
            role,
            date.date,
            date.precision,
            source,
            evidence[:300],
            best.get(role) == (role, source, evidence, date),
        )
        for role, source, evidence, date in stated
    ]


def _stated_part(date: DateCandidate | StatedDate) -> str:
    """The part of a date that is stated, such as `2021-10` of a month."""
    return date.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[date.precision]]


def _refines(date: StatedDate, other: StatedDate) -> bool:
    """Whether a date says the same as another and more, as 18 October 2021 does of October 2021."""
    return len(_stated_part(date)) > len(_stated_part(other)) and _stated_part(date).startswith(_stated_part(other))


def _confidence(chosen: DateCandidate, dates: list[DateCandidate], today: datetime.date) -> float:
    others = [d for d in dates if d.role == "publication" and not d.is_chosen and d.date <= today]
    agrees = all(_stated_part(date) == _stated_part(chosen)[: len(_stated_part(date))] for date in others)
    return round(DATE_SOURCES[chosen.source] - (0 if agrees else _CONFLICT), 2)


# The identifier chooses among these: with all of its languages it takes a list of Chinese names for Javanese.
_KNOWN_LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh")


@cache
def _language_identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_KNOWN_LANGUAGES))
    return identifier


def _language(text: str) -> str:
    """The text's ISO 639-1 code, judged by its first part."""
    return str(_language_identifier().classify(text[:4000])[0])
