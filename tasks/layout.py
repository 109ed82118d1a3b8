"""How a text is laid out: its paragraphs, and what the short lines above its body are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tasks.dates import find_dates

_LONGEST_WRAPPED_LINE = 110
_SHORTEST_WRAPPED_LINE = 45
_LONGEST_LINE_WITH_ADDRESS = 1000
_PREVALENCE = 3
_RAGGED = 10  # characters that people who break their lines by hand leave unused
_HEADER_PARAGRAPHS = 14
_BODY_WORDS = 40  # a paragraph of so many words is body, and ends the header

_LINE = re.compile(r"[^\n]+")
_MARKDOWN_PREFIX = re.compile(r"(?:#{1,6}\s+|[-*+]\s+|>\s?)+")

_ADDRESS = re.compile(r"https?://\S+")
_LINK_END = re.compile(r"[^\[\]]{0,100}\]\(")
_HEADING_MARK = re.compile(r"\s*#{1,6}\s")
# Tables, and lines without words such as rules and underlines; markers and code fences; items of a list.
_STANDS_APART = re.compile(r"\s*(?:\||[\W_]*$|(?:#{1,6}|[-*+•·●○▪–—]|>)\s|```)")
_STARTS_ITEM = re.compile(
    r"\s*(?:\(?\d{1,3}[.)]|\([a-zA-Z]{1,3}\)|[a-z]\)|(?:Article|Chapter|Section|Annex) [\dIVXLC]{1,6}\b|[QA][:.])",
    re.ASCII,
)

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
_NAME_PARTICLES = re.compile(
    r"al|and|at|bin|bint|correspondent|da|de|del|der|di|dos|el|et|for|from|in|la|le|of|"
    r"on|reporter|s|staff|the|van|von|with|writer|y"
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
    """A paragraph's place in the source text, the marker in front of it, such as `##` or `-`, and what a reader made of it."""

    start: int
    end: int
    text: str
    marker: str = ""
    is_furniture: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What the opening lines state; each part as the index of its paragraph and the text of the part."""

    title: tuple[int, str] | None = None
    author: tuple[int, str] | None = None
    publisher: tuple[int, str] | None = None
    dates: tuple[tuple[int, str], ...] = ()
    dateline: tuple[int, str] | None = None
    heading: tuple[int, ...] = ()


def paragraphs(text: str, start: int = 0, furniture: Collection[int] = ()) -> list[Paragraph]:
    """The paragraphs of a text from `start` on: lines of a hard-wrapped block together, any other line by itself.

    Markers at a line's start (`#`, `-`, `>`) and surrounding space stand outside a paragraph's span. A line whose start
    is in `furniture` is a paragraph by itself.
    """
    lines = [
        (begin, end, _width(text, begin, end))
        for begin, end in (match.span() for match in _LINE.finditer(text, start))
        if not text[begin:end].isspace()
    ]
    found: list[tuple[int, int]] = []
    is_wrapped_text = _is_wrapped(lines, 1)
    for block in _blocks(lines):
        if not (is_wrapped_text and len(block) > 1 and _is_wrapped(block, _PREVALENCE)):
            found.extend((begin, end) for begin, end, _ in block)
            continue
        longest = max(width for _, _, width in block if width <= _LONGEST_WRAPPED_LINE)
        opening, is_first = block[0][0], True
        for line, following in pairwise(block):
            stands_apart = line[0] in furniture or following[0] in furniture
            if stands_apart or not _goes_on(text, line, following, longest, is_first):
                found.append((opening, line[1]))
                opening, is_first = following[0], True
            else:
                is_first = False
        found.append((opening, block[-1][1]))
    trimmed = (_trimmed(text, begin, end, begin in furniture) for begin, end in found)
    return [paragraph for paragraph in trimmed if paragraph is not None]


def _width(text: str, start: int, end: int) -> int:
    """How wide a line is without its web addresses, which no wrapping breaks."""
    if end - start <= _LONGEST_WRAPPED_LINE or text.find("://", start, start + _LONGEST_LINE_WITH_ADDRESS) < 0:
        return end - start
    return len(_ADDRESS.sub("", text[start : min(end, start + _LONGEST_LINE_WITH_ADDRESS)]))


def _is_wrapped(lines: list[tuple[int, int, int]], prevalence: int) -> bool:
    """Whether lines that may be wrapped hold more than `prevalence` times as much as those that are longer."""
    widths = [width for _, _, width in lines]
    longer = sum(width for width in widths if width > _LONGEST_WRAPPED_LINE)
    return sum(widths) - longer > prevalence * longer


def _blocks(lines: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Lines that follow each other without a blank one."""
    block: list[tuple[int, int, int]] = []
    for line in lines:
        if block and block[-1][1] + 1 != line[0]:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _goes_on(
    text: str, line: tuple[int, int, int], following: tuple[int, int, int], longest: int, is_first: bool
) -> bool:
    """Whether a line of a wrapped block is in one paragraph with the one that follows; the paragraph's first or not."""
    if line[2] < _SHORTEST_WRAPPED_LINE and text.find("](", following[0], following[1]) < 0:
        return False
    above, below = text[line[0] : line[1]], text[following[0] : following[1]]
    if above.rfind("[") > above.rfind("]") and _LINK_END.match(below):
        return True
    if (
        not _SHORTEST_WRAPPED_LINE <= line[2] <= _LONGEST_WRAPPED_LINE
        or _STANDS_APART.match(below)
        or _HEADING_MARK.match(above)
        or (_STARTS_ITEM.match(below) and above.rstrip().endswith((".", ":", ";", "?", "!", "”", '"', ")")))
        or (not is_first and _indent(below) > _indent(above))
        or (is_first and (is_date_line(below) or is_byline(below)))
    ):
        return False
    # A word in small letters goes on with the sentence; any other would have stood in the line above, had it fitted.
    first_word = below.split(maxsplit=1)[0]
    return first_word[:1].islower() or line[2] + 1 + len(first_word) > longest - _RAGGED


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _trimmed(text: str, begin: int, end: int, is_furniture: bool) -> Paragraph | None:
    content = text[begin:end]
    begin += len(content) - len(content.lstrip())
    marker = ""
    if prefix := _MARKDOWN_PREFIX.match(text, begin, end):
        begin, marker = prefix.end(), prefix.group().strip()
    end = begin + len(text[begin:end].rstrip())
    return Paragraph(begin, end, text[begin:end], marker, is_furniture) if end > begin else None


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
    # "By Tuesday the water had gone" and "Reporter: Thank you" are sentences.
    is_name = all(
        word[:1].isupper() or _NAME_PARTICLES.fullmatch(word.casefold()) for word in re.findall(r"[^\W\d_]+", name)
    )
    return name if is_name and name[:1].isupper() else None


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
