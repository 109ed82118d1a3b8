"""How a text is laid out in paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tasks.layout.lines import is_byline, is_date_line

_LONGEST_WRAPPED_LINE = 110
_SHORTEST_WRAPPED_LINE = 45
_NARROWEST = 25  # of a column of prose
_LONGEST_LINE_WITH_ADDRESS = 1000
_PREVALENCE = 3
_RAGGED = 10  # characters that people who break their lines by hand leave unused

_LINE = re.compile(r"[^\n]+")
_BULLETS = "-*+•·●○◦▪■◆➢–"  # a hyphen first: they stand in sets of patterns
_PREFIX = re.compile(rf"(?:#{{1,6}}\s+|[{_BULLETS}]\s+|>\s?)+")

_ADDRESS = re.compile(r"https?://\S+")
_LINK_END = re.compile(r"[^\[\]]{0,100}\]\(")
_HEADING_MARK = re.compile(r"\s*#{1,6}\s")
# Tables, and lines without words such as rules and underlines; markers and code fences; items of a list.
_STANDS_APART = re.compile(rf"\s*(?:\||[\W_]*$|(?:#{{1,6}}|[{_BULLETS}—]|>)\s|```)")
_STARTS_ITEM = re.compile(
    r"\s*(?:\(?\d{1,3}[.)]|\([a-zA-Z]{1,3}\)|[a-z]\)|(?:Article|Chapter|Section|Annex) [\dIVXLC]{1,6}\b|[QA][:.])",
    re.ASCII,
)

_SENTENCE_END = re.compile(r"[.!?:;…][”’\"')\]]{0,3}\s*$")

_Line = tuple[int, int, int]  # where it starts and ends, and its width


class _Widths(NamedTuple):
    """How short and how long the wrapped lines of a block may be, and beyond which width one is full."""

    shortest: int
    longest: int
    full: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's place in the source text, the marker in front of it, such as `##` or `-`, and what a reader made of it."""

    start: int
    end: int
    text: str
    marker: str = ""
    is_furniture: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list."""
        return bool(self.marker) and self.marker[-1] in _BULLETS


def paragraphs(text: str, start: int = 0, furniture: Collection[int] = ()) -> list[Paragraph]:
    """The paragraphs of a text from `start` on: lines of a hard-wrapped block together, any other line by itself.

    Markers at a line's start (`#`, `-`, `•`, `>`) and surrounding space stand outside a paragraph's span. A line whose start
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
        widths = _widths(text, block, is_wrapped_text=is_wrapped_text)
        if widths is None:
            found.extend((begin, end) for begin, end, _ in block)
            continue
        opening, is_first = block[0][0], True
        for line, following in pairwise(block):
            stands_apart = line[0] in furniture or following[0] in furniture
            if stands_apart or not _goes_on(text, line, following, widths, is_first):
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


def _is_wrapped(lines: list[_Line], prevalence: int) -> bool:
    """Whether lines that may be wrapped hold more than `prevalence` times as much as those that are longer."""
    widths = [width for _, _, width in lines]
    longer = sum(width for width in widths if width > _LONGEST_WRAPPED_LINE)
    return sum(widths) - longer > prevalence * longer


def _widths(text: str, block: list[_Line], *, is_wrapped_text: bool) -> _Widths | None:
    """The widths of a block's lines, where these are wrapped."""
    if len(block) == 1:
        return None
    widest = max(width for _, _, width in block)
    is_usual = _SHORTEST_WRAPPED_LINE <= widest <= _LONGEST_WRAPPED_LINE
    if widest >= _NARROWEST and (is_wrapped_text or not is_usual) and _is_filled(text, block, widest):
        return _Widths(0, widest, widest - (_RAGGED if is_usual else 0))
    if is_wrapped_text and _is_wrapped(block, _PREVALENCE):
        longest = max(width for _, _, width in block if width <= _LONGEST_WRAPPED_LINE)
        return _Widths(_SHORTEST_WRAPPED_LINE, _LONGEST_WRAPPED_LINE, longest - _RAGGED)
    return None


def _is_filled(text: str, block: list[_Line], widest: int) -> bool:
    """Whether the lines of a block each hold as many words as fit into the widest, as those of prose do.

    It ends with a sentence, and most of its lines go on with one in small letters, unlike those of a list.
    """
    if not _ends(text, block[-1]):
        return False
    open_ended = [(line, following) for line, following in pairwise(block) if not _ends(text, line)]
    words = [_first_word(text, following) for _, following in open_ended]
    return (
        2 * len(open_ended) >= len(block) - 1
        and 2 * sum(word[:1].islower() for word in words) >= len(words)
        and all(line[2] + 1 + len(word) > widest for (line, _), word in zip(open_ended, words, strict=True))
    )


def _ends(text: str, line: _Line) -> bool:
    """Whether a sentence, or what leads to a list, ends with a line."""
    return _SENTENCE_END.search(text, max(line[0], line[1] - 10), line[1]) is not None


def _first_word(text: str, line: _Line) -> str:
    return text[line[0] : line[1]].split(maxsplit=1)[0]


def _blocks(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Lines that follow each other without a blank one."""
    block: list[_Line] = []
    for line in lines:
        if block and block[-1][1] + 1 != line[0]:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _goes_on(text: str, line: _Line, following: _Line, widths: _Widths, is_first: bool) -> bool:
    """Whether a line of a wrapped block is in one paragraph with the one that follows; the paragraph's first or not."""
    if line[2] < widths.shortest and text.find("](", following[0], following[1]) < 0:
        return False
    above, below = text[line[0] : line[1]], text[following[0] : following[1]]
    if above.rfind("[") > above.rfind("]") and _LINK_END.match(below):
        return True
    if (
        not widths.shortest <= line[2] <= widths.longest
        or _STANDS_APART.match(below)
        or _HEADING_MARK.match(above)
        or (_STARTS_ITEM.match(below) and above.rstrip().endswith((".", ":", ";", "?", "!", "”", '"', ")")))
        or (not is_first and _indent(below) > _indent(above))
        or (is_first and (is_date_line(below) or is_byline(below)))
    ):
        return False
    # A word in small letters goes on with the sentence; any other would have stood in the line above, had it fitted.
    first_word = _first_word(text, following)
    return first_word[:1].islower() or line[2] + 1 + len(first_word) > widths.full


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _trimmed(text: str, begin: int, end: int, is_furniture: bool) -> Paragraph | None:
    content = text[begin:end]
    begin += len(content) - len(content.lstrip())
    marker = ""
    if prefix := _PREFIX.match(text, begin, end):
        begin, marker = prefix.end(), prefix.group().strip()
    end = begin + len(text[begin:end].rstrip())
    return Paragraph(begin, end, text[begin:end], marker, is_furniture) if end > begin else None
