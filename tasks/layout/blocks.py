"""How a text is laid out in paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tasks.layout.lines import is_byline, is_date_line

_LONGEST_WRAPPED_LINE = 110
_SHORTEST_WRAPPED_LINE = 45
_LONGEST_LINE_WITH_ADDRESS = 1000
_PREVALENCE = 3
_RAGGED = 10  # characters that people who break their lines by hand leave unused

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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's place in the source text, the marker in front of it, such as `##` or `-`, and what a reader made of it."""

    start: int
    end: int
    text: str
    marker: str = ""
    is_furniture: bool = False


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
