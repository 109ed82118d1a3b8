"""Ingest: files become documents, each with its text, what it says of itself, and every date found for it."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from tasks.dating import DocumentDate, confidence
from tasks.files import on_disk, open_file
from tasks.isolation import Crashed, TooSlow, process_pool
from tasks.metadata import describe
from tasks.readers import Reading, Unreadable, is_plain
from tasks.readers.file import read_file
from tasks.stage import stage


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One distinct content in the seeds folder, under the first of the paths that hold it."""

    TABLE: ClassVar[str] = "seed_files"

    document_id: str
    path: str
    content_sha256: str
    size: int
    overrides: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A document as its file and the analyst describe it."""

    TABLE: ClassVar[str] = "sources"

    document_id: str
    path: str
    content_sha256: str
    text_sha256: str
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
    event_date_precision: str | None


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's decoded text, which offsets of passages point into; the body starts behind any front matter.

    `furniture` holds where the lines start that the reader takes for the page's own, in their order.
    """

    TABLE: ClassVar[str] = "document_texts"

    document_id: str
    text: str
    body_start: int
    furniture: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date found for a document, with what it was read from."""

    TABLE: ClassVar[str] = "date_candidates"

    document_id: str
    role: str
    date: datetime.date | None
    precision: str | None
    source: str
    evidence: str
    problem: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A content that was looked at and not taken in.

    The runner adds those that another stage breaks down on, with a digest of what it and the stages before it were made of.
    """

    TABLE: ClassVar[str] = "refusals"

    document_id: str
    path: str
    reason: str
    detail: str
    stage: str = "ingest"
    made_with: str | None = None


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
    largest_content: int = Field(
        100_000_000, ge=1, description="bytes that a compressed file may unfold to; a larger one is quarantined"
    )
    largest_memory: int = Field(
        4_000_000_000, ge=1_000_000_000, description="bytes of memory that reading one file may take"
    )
    longest_read: float = Field(60, gt=0, description="seconds that reading one file may take")
    workers: int = Field(
        2,
        ge=1,
        description="processes for reading what is no plain text",
        json_schema_extra={"shapes_output": False},
    )
    fewest_words: int = Field(5, ge=0, description="a file with fewer words is quarantined")
    languages: tuple[Annotated[str, Field(pattern="^[a-z]{2}$")], ...] = Field(
        ("en",), min_length=1, description="ISO 639-1 codes of the languages that are taken in"
    )


def load_readers(_: IngestSettings) -> None:
    """Import what reading a plain text may need; other formats are read in processes of their own."""
    import charset_normalizer  # noqa: F401
    import ftfy  # noqa: F401


# Chinese and Japanese stand without spaces: so that such a text is not taken for a few words, each character is one.
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SAMPLE = 1000  # characters
_FILES_WORTH_A_PROCESS = 8  # to start one takes about as long as to read so many files


@stage(
    reads=SeedFile,
    writes=(Source, DocumentText, DateCandidate, Refusal),
    version=1,
    settings=IngestSettings,
    libraries=(
        "charset-normalizer",
        "ftfy",
        "lxml",
        "puremagic",
        "py3langid",
        "pypdfium2",
        "PyYAML",
        "simplemma",
        "trafilatura",
    ),
    bulk="size",
    load=load_readers,
)
def ingest(
    files: Iterable[SeedFile], settings: IngestSettings
) -> Iterator[Source | DocumentText | DateCandidate | Refusal]:
    """Read files into documents with their metadata and dates."""
    files = list(files)
    with _reader(files, settings) as read_one:
        for file in files:
            try:
                reading = read_one(file)
                _check_length(reading, settings)
                source, dates = _document(file, reading, settings)
            except Unreadable as verdict:
                yield Refusal(file.document_id, file.path, verdict.reason, verdict.detail)
                continue
            yield source
            yield DocumentText(file.document_id, reading.text, reading.body_start, tuple(sorted(reading.furniture)))
            yield from dates


@contextmanager
def _reader(files: list[SeedFile], settings: IngestSettings) -> Iterator[Callable[[SeedFile], Reading]]:
    """A function that reads a file: plain text here, anything else in processes that have begun with it already."""

    read_limited = partial(
        read_file, settings.folder, largest_file=settings.largest_file, largest_content=settings.largest_content
    )

    def read_here(file: SeedFile) -> Reading:
        return read_limited(file.path, file.content_sha256)

    apart = [file for file in files if not _is_plain(file, settings)]
    if not apart:
        yield read_here
        return
    processes = min(settings.workers, -(-len(apart) // _FILES_WORTH_A_PROCESS))
    with process_pool(processes, memory=settings.largest_memory) as schedule:
        waiting = {
            file: schedule(read_limited, file.path, file.content_sha256, seconds=settings.longest_read)
            for file in apart
        }
        yield lambda file: _result(waiting[file], settings) if file in waiting else read_here(file)


def _result(reading: Callable[[], Reading], settings: IngestSettings) -> Reading:
    """What a process has read, or the verdict on what the file has made of the process."""
    try:
        return reading()
    except TooSlow as error:
        raise Unreadable(
            "too_slow", f"reading it takes more than {settings.longest_read:g} s (ingest.longest_read)"
        ) from error
    except MemoryError as error:
        raise Unreadable("too_large", "reading it takes more memory than ingest.largest_memory allows") from error
    except Crashed as error:
        raise Unreadable("corrupt", "the reader breaks down on the file") from error


def _is_plain(file: SeedFile, settings: IngestSettings) -> bool:
    try:
        with open_file(on_disk(settings.folder, file.path)) as opened:
            return is_plain(opened.read(4096), file.path)
    except OSError:
        return True  # reading it will say what is wrong


def _check_length(reading: Reading, settings: IngestSettings) -> None:
    body = reading.text[reading.body_start :]
    words = len(body.split()) + sum(1 for _ in _IDEOGRAPHS.finditer(body, 0, _SAMPLE))
    if words == 0:
        raise Unreadable("empty", "the file holds no text")
    if words < settings.fewest_words:
        raise Unreadable(
            "too_short",
            f"{words} word{'s' if words != 1 else ''}; ingest.fewest_words asks for {settings.fewest_words}",
        )


def _document(file: SeedFile, reading: Reading, settings: IngestSettings) -> tuple[Source, list[DateCandidate]]:
    metadata = describe(
        file.path,
        reading,
        json.loads(file.overrides) if file.overrides else {},
        earliest_year=settings.earliest_year,
        today=settings.today,
    )
    if metadata.language not in settings.languages:
        raise Unreadable(
            "unsupported_language",
            f"the text is in {metadata.language!r}; ingest.languages allows {', '.join(settings.languages)}",
        )
    publication = next((date for date in metadata.dates if date.is_chosen and date.role == "publication"), None)
    event = next((date for date in metadata.dates if date.is_chosen and date.role == "event"), None)
    source = Source(
        document_id=file.document_id,
        path=file.path,
        content_sha256=file.content_sha256,
        text_sha256=_digest(reading.text[reading.body_start :]),
        media_type=reading.media_type,
        encoding=reading.encoding,
        title=metadata.title,
        publisher=metadata.publisher,
        author=metadata.author,
        speaker=metadata.speaker,
        language=metadata.language,
        publication_date=publication.date if publication else None,
        publication_date_precision=publication.precision if publication else None,
        publication_date_source=publication.source if publication else None,
        publication_date_confidence=confidence(publication, metadata.dates) if publication else None,
        event_date=event.date if event else None,
        event_date_precision=event.precision if event else None,
    )
    return source, [_as_record(file.document_id, date) for date in metadata.dates]


def _digest(text: str) -> str:
    """A digest of a text in which space at the end of lines does not count."""
    return hashlib.sha256("\n".join(line.rstrip() for line in text.strip().split("\n")).encode()).hexdigest()


def _as_record(document_id: str, date: DocumentDate) -> DateCandidate:
    return DateCandidate(
        document_id=document_id,
        role=date.role,
        date=date.date,
        precision=date.precision,
        source=date.source,
        evidence=date.evidence[:300],
        problem=date.problem,
        is_chosen=date.is_chosen,
    )
