"""How a text is laid out: its paragraphs, and what the short lines above its body are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.dates import find_dates

_LONGEST_WRAPPED_LINE = 110
_SHORTEST_WRAPPED_LINE = 45
_HEADER_PARAGRAPHS = 14
_BODY_WORDS = 40  # a paragraph of so many words is body, and ends the header

_LINE = re.compile(r"[^\n]+")
_MARKDOWN_PREFIX = re.compile(r"(?:#{1,6}\s+|[-*+]\s+|>\s?)+")

_DATE_LEAD = re.compile(
    r"(?:(?:dated?|published|posted|updated|last updated|released?|for immediate release|publication date|issued)"
    r"(?:\s+on)?\s*[:\-–—]?\s*)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?",
    re.IGNORECASE,
)
_DATE_TAIL = re.compile(
    r"[\s,|•·.\-–—]*(?:at\s+)?(?:\d{1,2}:\d\d(?::\d\d)?\s*(?i:[ap]\.?m\.?)?\s*(?:(?:GMT|UTC)[+-]\d+|[A-Z]{2,4})?)?[\s.]*"
)
_BYLINE = re.compile(
    r"(?:by|author|(?:written|translated|translation|edited|published|reprinted|compiled) by|editors?|reporters?)\s*[:\s]\s*"
    r"(?:the )?(?P<name>(?:[^\d.:;!?]|(?<=\b\w)\.|(?<=\b[dm][rs])\.){2,80})\.?",
    re.IGNORECASE,
)
_DATED_HEADLINE = re.compile(
    r"date\s+(?P<date>\S+)\s+(?:(?P<publisher>[A-Z][^:.]{1,60}):\s+)?(?P<title>\S.*)", re.IGNORECASE
)
_PLACE = r"[A-Z][A-Za-z.'’ -]+?"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}(?:,\s*{_PLACE})??),?\s+(?P<date>[^–—\n]{{3,30}}?)\s*(?:\([^)]{{2,40}}\)\s*)?(?:--|[-–—])\s"
)
_CAPTION = re.compile(
    r"\b(?:photo|photograph|image|picture|source)s?\s*(?:by\b|:|/|courtesy\b|credit\b)", re.IGNORECASE
)
_NOTE = re.compile(
    r"(?:editor|translator)s?[’'‘]?s?\s+note\b", re.IGNORECASE
)  # the curly marks occur the wrong way round


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's place in the source text, and the marker in front of it, such as `##` or `-`."""

    start: int
    end: int
    text: str
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What the opening lines state; each part as the index of its paragraph and the text of the part."""

    title: tuple[int, str] | None = None
    author: tuple[int, str] | None = None
    publisher: tuple[int, str] | None = None
    dates: tuple[tuple[int, str], ...] = ()
    dateline: tuple[int, str] | None = None
    heading: tuple[int, ...] = ()


def paragraphs(text: str, start: int = 0) -> list[Paragraph]:
    """The paragraphs of a text from `start` on: lines of a hard-wrapped block together, any other line by itself.

    Markers at a line's start (`#`, `-`, `>`) and surrounding space stand outside a paragraph's span.
    """
    lines = [match.span() for match in _LINE.finditer(text, start) if match.group().strip()]
    # A web address may be of any length.
    lengths = (end - begin for begin, end in lines if " " in text[begin:end].strip())
    is_wrapped_text = max(lengths, default=0) <= _LONGEST_WRAPPED_LINE
    found: list[tuple[int, int]] = []
    for begin, end in lines:
        if (
            is_wrapped_text
            and found
            and text[found[-1][1] : begin] == "\n"
            and _last_line_length(text, found[-1][1]) >= _SHORTEST_WRAPPED_LINE
            and not _MARKDOWN_PREFIX.match(text[begin:end].lstrip())
            and (text.find("\n", *found[-1]) >= 0 or not (is_date_line(text[begin:end]) or is_byline(text[begin:end])))
            and not re.match(r"\s*#", text[_line_start(text, found[-1][1]) : found[-1][1]])
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return [paragraph for begin, end in found if (paragraph := _trimmed(text, begin, end)) is not None]


def _line_start(text: str, end: int) -> int:
    return text.rfind("\n", 0, end) + 1


def _last_line_length(text: str, end: int) -> int:
    return end - _line_start(text, end)


def _trimmed(text: str, begin: int, end: int) -> Paragraph | None:
    content = text[begin:end]
    begin += len(content) - len(content.lstrip())
    marker = ""
    if prefix := _MARKDOWN_PREFIX.match(text, begin, end):
        begin, marker = prefix.end(), prefix.group().strip()
    end = begin + len(text[begin:end].rstrip())
    return Paragraph(begin, end, text[begin:end], marker) if end > begin else None


def is_date_line(line: str) -> bool:
    """Whether a line holds a date and nothing else but a lead such as "Published:" and a time of day."""
    if len(line) > _LONGEST_WRAPPED_LINE:
        return False
    lead = _DATE_LEAD.match(line)
    rest = line[lead.end() :] if lead else line
    for stated in find_dates(rest):
        if not rest[: stated.start].strip(" ,.|•·(") and (tail := _DATE_TAIL.match(rest, stated.end)) is not None:
            return tail.end() == len(rest) or not rest[tail.end() :].strip(" .)|")
    return False


def is_byline(line: str) -> bool:
    """Whether a line names who wrote, translated or edited the text, and does nothing else."""
    return _byline_name(line) is not None


def _byline_name(line: str) -> str | None:
    match = _BYLINE.fullmatch(line.strip())
    if match is None or len(line.split()) > 9:
        return None
    name = match["name"].strip(" ,")
    return name if name[:1].isupper() else None


def is_note(line: str) -> bool:
    """Whether a paragraph is a note by an editor or a translator."""
    return _NOTE.match(line) is not None


def is_caption(line: str) -> bool:
    """Whether a line credits a photograph."""
    return _CAPTION.search(line) is not None and len(line.split()) <= 60


def is_heading(line: str) -> bool:
    """Whether a line reads as a heading: short, no full stop at its end, and more than a lone word of small letters."""
    words = line.split()
    return (
        0 < len(words) <= 25
        and line[-1] not in '.!?:;,"”'
        and line[:1].isupper()
        and any(word[:1].isalpha() for word in words)
    )


def _is_title(line: str) -> bool:
    """Whether the first line reads as a title: a heading that may start with a number or a quotation, or be a question."""
    start = re.match(r"[“‘\"'(\[《]*(?:\d\S*\s+)*", line)
    return is_heading(line[start.end() if start else 0 :].rstrip("?”"))


def _opening(blocks: list[Paragraph]) -> Iterator[tuple[int, str]]:
    for index, block in enumerate(blocks[:_HEADER_PARAGRAPHS]):
        yield index, block.text


def read_header(blocks: list[Paragraph], *, is_furniture: frozenset[int] = frozenset()) -> Header:
    """What the lines above the body state: title, author, publisher and dates.

    `is_furniture` holds the indices of paragraphs already known to be site furniture, which state nothing.
    """
    title = author = publisher = dateline = None
    dates: list[tuple[int, str]] = []
    heading: list[int] = []
    for index, line in _opening(blocks):
        if index in is_furniture:
            continue
        if (match := _DATED_HEADLINE.fullmatch(line)) and is_date_line(match["date"]):
            dates.append((index, match["date"]))
            publisher = publisher or ((index, match["publisher"]) if match["publisher"] else None)
            title = title or (index, match["title"].strip())
        elif is_date_line(line):
            dates.append((index, line))
        elif (name := _byline_name(line)) is not None:
            author = author or (index, name)
        elif is_caption(line) or is_note(line):
            continue
        elif len(line.split()) >= _BODY_WORDS or not (is_heading(line) or (title is None and _is_title(line))):
            if match := _DATELINE.match(line):
                dateline = (index, match["date"])
            break
        elif title is None:
            title = (index, line)
        else:
            heading.append(index)
    return Header(title, author, publisher, tuple(dates), dateline, tuple(heading))
