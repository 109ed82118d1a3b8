"""What a document says of itself: title, publisher, author, speaker, language and dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tasks.boilerplate import find_furniture
from tasks.dating import DocumentDate, find_document_dates
from tasks.language import identify_language, language_code
from tasks.layout import paragraphs, read_header
from tasks.readers import Reading
from tasks.running_lines import find_running_lines


@dataclass(frozen=True, slots=True)
class Metadata:
    """A document's description; every date found for it, the best of each role chosen."""

    title: str | None
    publisher: str | None
    author: str | None
    speaker: str | None
    language: str
    dates: tuple[DocumentDate, ...]


_OPENING = 50_000  # characters in which everything that a document says of itself must stand
_OPENING_BLOCKS = 40

_OFFICE = (
    r"(?:(?:H\.\s?E\.|His Excellency|Her Excellency|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Comrade|Hon\.|(?:(?:U\.S\.|Chinese|Former|Acting"
    r"|Deputy|Vice|Executive|Prime|Foreign|Finance|Managing|General|Assistant|Under|State|Chief|First|Senior|Ministry"
    r"|Department|Press)[ -]){0,3}(?:President|Premier|Chair(?:man|woman|person)?|Minister|Secretary(?:[ -]General)?|Governor"
    r"|Director(?:[ -]General)?|Councill?or|Ambassador|Senator|Representative|Commissioner|Spokes(?:person|man|woman)|Speaker)"
    r")\s+){1,4}"
)
_WORD = (
    r"(?!(?:At|Before|During|For|From|In|On|The|To|With|Upon|After|Spokes(?:person|man|woman)|Minister|President|Premier)\b)"
    r"(?:[A-Z][\w'-]{1,30}|[A-Z]\.?(?=\s))"
)
_NAME = (
    r"(?!(?:The|Ministry|Ministers?|Committee|Council|Bank|Office|Department|Commission|Government|Board|Group|Foreign|State|Press|National"
    rf"|Full|Text|Open|Joint|Opening|Closing|Work)\b){_WORD}"
)
_SPEECH = (
    r"(?i:remarks|speech|address|statement|report|letter|keynote|testimony|lecture|message|press conference|talk|toast)"
)
_SPEAKERS = tuple(
    re.compile(pattern)
    for pattern in (
        # Li Wen's Remarks; Chair Li's Speech
        rf"(?:^|[:–—-]\s+|\bof\s){_OFFICE}(?P<name>{_NAME}(?:\s+{_WORD}){{0,3}})[’'‘]s\s+(?:\w+\s+){{0,2}}{_SPEECH}\b",
        rf"(?:^|[:–—-]\s+|\bof\s)(?P<name>{_NAME}(?:\s+{_WORD}){{1,3}})[’'‘]s\s+(?:\w+\s+){{0,2}}{_SPEECH}\b",
        # Remarks by Premier Li; Speech of Li Wen
        rf"\b{_SPEECH}s?\s+(?:by|of|from)\s+{_OFFICE}(?P<name>{_NAME}(?:\s+{_WORD}){{0,3}})",
        rf"\b{_SPEECH}s?\s+(?:by|of|from)\s+(?P<name>{_NAME}(?:\s+{_WORD}){{1,3}})(?!\s+(?:of|and)\s)",
        # Li Wen: Remarks at
        rf"^(?:{_OFFICE})?(?P<name>{_NAME}(?:\s+{_WORD}){{1,2}}):\s+{_SPEECH}\b",
    )
)


def describe(
    path: str, reading: Reading, overrides: Mapping[str, str], *, earliest_year: int, today: datetime.date
) -> Metadata:
    """Describe a document: by the analyst's `overrides`, else by its file's metadata, else by its opening lines.

    What the program that made the file says counts last. No date before `earliest_year` or after `today` is believed.
    """
    start = reading.body_start
    text = reading.text[: start + _OPENING]
    blocks = [block for block in paragraphs(text, start, reading.furniture) if not block.is_furniture]
    running = find_running_lines(blocks)
    blocks = [block for index, block in enumerate(blocks) if index not in running][:_OPENING_BLOCKS]
    furniture = frozenset(index for index, rule in find_furniture(blocks).items() if rule != "page_metadata")
    header = read_header(blocks, is_furniture=furniture)
    stated = {
        **{field: value for field, value in reading.properties.items() if field in ("title", "author")},
        **{
            field: part[1]
            for field, part in (("title", header.title), ("publisher", header.publisher), ("author", header.author))
            if part is not None
        },
        **reading.metadata,
        **overrides,
    }
    title = stated.get("title")
    return Metadata(
        title=title,
        publisher=stated.get("publisher"),
        author=stated.get("author"),
        speaker=stated.get("speaker") or _speaker(title or "", [line for _, line in header.notes]),
        language=language_code(stated.get("language", ""))
        or identify_language("\n".join(block.text for block in blocks) or text[start:]),
        dates=tuple(
            find_document_dates(
                path=path,
                overrides=overrides,
                reading=reading,
                header=header,
                earliest_year=earliest_year,
                today=today,
            )
        ),
    )


def _speaker(title: str, lines: list[str]) -> str | None:
    """Whose speech a document is, by its title or by a line below that begins with the word for it."""
    spoken = [line for line in lines if re.match(_SPEECH, line)]
    matches = (pattern.search(line[:500]) for line in (title, *spoken) for pattern in _SPEAKERS)
    return next((match["name"] for match in matches if match), None)
