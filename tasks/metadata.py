"""What a document says of itself: title, publisher, author, speaker, language and dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tasks.boilerplate import find_furniture
from tasks.dating import DocumentDate, find_document_dates
from tasks.language import identify_language
from tasks.layout import paragraphs, read_header
from tasks.readers import Reading


@dataclass(frozen=True, slots=True)
class Metadata:
    """A document's description; every date found for it, the best of each role chosen."""

    title: str | None
    publisher: str | None
    author: str | None
    speaker: str | None
    language: str
    dates: tuple[DocumentDate, ...]


_SPEAKER = re.compile(
    r"(?:^|[:–—-]\s+)(?:(?:President|Premier|Chairman|Vice Premier|Minister|General Secretary)\s+)?"
    r"(?P<name>(?!The\s)[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){1,3})[’'‘]s\s+(?:\w+\s+){0,2}(?:Remarks|Speech|Address|Statement|Report|Letter|Keynote)\b"
)


def describe(
    path: str, reading: Reading, overrides: Mapping[str, str], *, earliest_year: int, today: datetime.date
) -> Metadata:
    """Describe a document: by the analyst's `overrides`, else by its file's metadata, else by its opening lines.

    No date before `earliest_year` or after `today` is believed.
    """
    blocks = paragraphs(reading.text, reading.body_start, reading.furniture)
    furniture = frozenset(find_furniture(blocks))
    header = read_header(blocks, is_furniture=furniture)
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
    language = re.split(r"[-_]", (stated.get("language") or "").casefold())[0]
    opening = next((b.text for i, b in enumerate(blocks) if i not in furniture and len(b.text.split()) >= 12), "")
    dates = find_document_dates(
        path=path,
        overrides=overrides,
        metadata=reading.metadata,
        header=header,
        opening=opening,
        earliest_year=earliest_year,
        today=today,
    )
    return Metadata(
        title=title,
        publisher=stated["publisher"],
        author=stated["author"],
        speaker=speaker,
        language=language or identify_language(reading.text[reading.body_start :]),
        dates=tuple(dates),
    )
