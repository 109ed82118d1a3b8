"""The layout of a PDF file's pages: its lines put together to paragraphs, running headers and page numbers told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from math import inf
from statistics import median
from typing import NamedTuple

from tasks.readers.text import normalise
from tasks.readers.wrapping import compounds

_WIDER_GAP = 1.35  # of the usual distance between lines: a new paragraph
_OTHER_SIZE = 0.15  # of a line's height: another size of type
_INDENT = 8.0  # points
_EDGE_LINES = 2  # at the top and at the bottom of a page, where running headers stand
_RECURRING_SHARE = 0.5  # of the pages with text that a running line stands on
_FEWEST_SAME = 2  # pages
_FEWEST_ALIKE = 3  # pages, where only digits differ
_NOTE_SIZE = 0.87  # of the usual height of a line; smaller type at the end of a page is a footnote
_SENTENCE_END = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?(?:\d{1,3}|[ivx]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?\W*", re.IGNORECASE)
# What a browser prints at the foot of a page, and before it at the head.
_PRINTED_ADDRESS = re.compile(r"\w+://\S+ \d{1,4}/\d{1,4}")
_PRINTED_TIME = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4},? \d{1,2}:\d\d\b.*")
HYPHEN = "\x02\ufffe"  # what PDFium puts for a hyphen at the end of a line, with no line break behind it


class Line(NamedTuple):
    """A line of a page; lengths in points, `y` from the bottom."""

    text: str
    left: float
    right: float
    y: float
    height: float


def lay_out(pages: list[list[Line]]) -> tuple[str, set[int]]:
    """The text with a blank line between paragraphs, and where the running lines start in it."""
    paragraphs: list[list[str]] = []  # the lines of each
    places: set[int] = set()  # of the running lines among the paragraphs
    for current, line, is_running in _assigned(pages, _running_lines(pages)):
        if current == len(paragraphs):
            paragraphs.append([])
        paragraphs[current].append(line)
        if is_running:
            places.add(current)
    known = compounds("\n".join(line for lines in paragraphs for line in lines))
    text: list[str] = []
    furniture: set[int] = set()
    position = 0
    for index, lines in enumerate(paragraphs):
        text.append(normalise(_joined(lines, known)))
        if index in places:
            furniture.add(position)
        position += len(text[-1]) + 2
    return "\n\n".join(text), furniture


def _edges(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """The lines at top and bottom with their places."""
    places = [*range(min(_EDGE_LINES, len(lines))), *range(max(_EDGE_LINES, len(lines) - _EDGE_LINES), len(lines))]
    return [(place, lines[place]) for place in places]


def _likeness(line: Line) -> tuple[str, int]:
    """What running lines have in common: size, and text but for its digits."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.height)


def _place(line: Line) -> tuple[str, int, int]:
    """What running lines have in common even on two pages: text, size, and where they stand."""
    return line.text, round(line.height), round(line.y)


def _is_printed_address(line: Line) -> bool:
    return _PRINTED_ADDRESS.fullmatch(line.text) is not None


def _running_lines(pages: list[list[Line]]) -> set[tuple[int, int]]:
    """Page and line of what recurs at the edges of pages, and of page numbers there; rows of figures alone do not."""
    same = Counter(place for lines in pages for place in {_place(line) for _, line in _edges(lines)})
    alike = Counter(text for lines in pages for text in {_likeness(line) for _, line in _edges(lines)})
    share = _RECURRING_SHARE * sum(1 for lines in pages if lines)
    return {
        (number, place)
        for number, lines in enumerate(pages)
        for place, line in _edges(lines)
        if _PAGE_NUMBER.fullmatch(line.text)
        or _is_printed_address(line)
        or (_PRINTED_TIME.fullmatch(line.text) and any(map(_is_printed_address, lines[place + 1 : place + 2])))
        or (
            any(map(str.isalpha, line.text))
            and (alike[_likeness(line)] >= max(_FEWEST_ALIKE, share) or same[_place(line)] >= max(_FEWEST_SAME, share))
        )
    }


def _assigned(pages: list[list[Line]], running: set[tuple[int, int]]) -> Iterator[tuple[int, str, bool]]:
    """Yield for each line the number of its paragraph, its text and whether it is a running line.

    A paragraph goes on from one page to the next, past running lines and footnotes.
    """
    count = 0  # of the paragraphs so far
    current = -1  # the one that the next line may go on with
    previous: tuple[Line, _Column] | None = None
    for number, lines in enumerate(pages):
        body = []
        for place, line in enumerate(lines):
            if (number, place) in running:
                yield count, line.text, True
                count += 1
            else:
                body.append(line)
        notes = _notes(body)
        above = current, previous
        for place, (line, column, is_first) in enumerate(_columns(body)):
            if place == len(body) - notes:
                above = current, previous
            if previous is None or _starts_paragraph(line, column, *previous, is_first=is_first):
                current = count
                count += 1
            yield current, line.text, False
            previous = line, column
        if notes:
            current, previous = above


class _Column(NamedTuple):
    """The measures of lines that stand below each other, in points: edges, usual distance and height of a line."""

    left: float
    right: float
    pitch: float
    height: float


def _columns(lines: list[Line]) -> Iterator[tuple[Line, _Column, bool]]:
    """Yield each line with the measures of its column, and whether it is the first of it; a column ends where lines go up.

    A line that goes on above or below the column beside, such as a title across the page, does not widen its own.
    """
    tops = [0, *(i for i in range(1, len(lines)) if lines[i].y > lines[i - 1].y), len(lines)]
    columns = [lines[start:end] for start, end in pairwise(tops) if start < end]
    for column, beside in zip_longest(columns, columns[1:]):
        widest = _Column(
            min(line.left for line in column),
            max(line.right for line in column),
            median([a.y - b.y for a, b in pairwise(column)] or [0]),
            median(line.height for line in column),
        )
        most = beside[0].left if beside and beside[-1].y < column[0].y else inf
        own = widest._replace(right=max((line.right for line in column if line.right <= most), default=widest.right))
        for place, line in enumerate(column):
            yield line, own if line.right <= most else widest, place == 0


def _notes(lines: list[Line]) -> int:
    """How many lines at the end of a page are footnotes: those in smaller type than most."""
    usual = _NOTE_SIZE * median(line.height for line in lines) if lines else 0
    return next((count for count, line in enumerate(reversed(lines)) if line.height >= usual), 0)


def _starts_paragraph(line: Line, column: _Column, previous: Line, above: _Column, *, is_first: bool) -> bool:
    """Whether a line starts a paragraph behind the `previous` one, which stands in the same column or ends the one before."""
    goes_on = line.text[:1].islower()
    ends_sentence = _SENTENCE_END.search(previous.text) is not None
    if is_first:
        return not goes_on and (ends_sentence or _would_fit(line, previous, above))
    usual = column.pitch * max(1, line.height / column.height if column.height else 1)  # large type has wider lines
    if usual and previous.y - line.y > _WIDER_GAP * usual:
        return True
    if abs(line.height - previous.height) > _OTHER_SIZE * line.height:
        return True
    if ends_sentence and line.left - max(column.left, previous.left) > _INDENT:
        return True
    return not goes_on and _would_fit(line, previous, column)


def _would_fit(line: Line, previous: Line, column: _Column) -> bool:
    """Whether a line's first word has room on the line before, so that the break between them is meant."""
    before, after = previous.left - column.left, column.right - previous.right
    is_centred = before > _INDENT and abs(before - after) < _INDENT
    room = before + after if is_centred else after
    letter = (line.right - line.left) / len(line.text)
    return room > (len(line.text.split(maxsplit=1)[0]) + 1) * letter * 1.1


def _joined(lines: list[str], known: Mapping[str, int]) -> str:
    """The lines of a paragraph as one; a hyphen at a line's end stays where the text writes the word with one."""
    joined: list[str] = []
    for line, following in zip_longest(lines, lines[1:]):
        if line[-1:] not in HYPHEN:
            joined.append(line if following is None else f"{line} ")
        elif following is None:
            joined.append(f"{line[:-1]}-")
        else:
            head = line[:-1].rpartition(" ")[2].casefold()
            tail = re.split(r"\W", following, maxsplit=1)[0]
            compound = f"{head}-{tail.casefold()}"
            is_compound = len(head) == 1 or not tail.islower() or known[compound] > known[head + tail.casefold()]
            joined.append(f"{line[:-1]}-" if is_compound else line[:-1])
    return "".join(joined)
