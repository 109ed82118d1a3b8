"""PDF: the text layer, its lines put together to paragraphs, running headers and page numbers marked as furniture."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from tasks.readers.reading import Reading, Unreadable, named_author
from tasks.readers.text import normalise

_MARK = b"%PDF-"
_MARK_WITHIN = 1024  # bytes from the start, as the specification allows
_WIDER_GAP = 1.35  # of the usual distance between lines: a new paragraph
_OTHER_SIZE = 0.15  # of a line's height: another size of type
_INDENT = 8.0  # points
_EDGE_LINES = 2  # at the top and at the bottom of a page, where running headers stand
_RECURRING_SHARE = 0.5  # of the pages with text that a running line stands on
_FEWEST_PAGES = 3
_SENTENCE_END = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?(?:\d{1,3}|[ivx]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?\W*", re.IGNORECASE)
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_STREAM = re.compile(rb"\bstream\r?\n(?=[\x08-\x78])")
_CHUNK = 16_384  # bytes, which deflate cannot make more than 17 MB of
_HYPHEN = "\x02\ufffe"  # what PDFium puts for a hyphen at the end of a line


class _Line(NamedTuple):
    """A line of a page; lengths in points, `y` from the bottom."""

    text: str
    left: float
    right: float
    y: float
    height: float


def looks_like_pdf(content: bytes, *, is_named_so: bool) -> bool:
    """Whether some bytes start as a PDF file does; a text named otherwise may mention the mark."""
    return content.lstrip().startswith(_MARK) or (is_named_so and _MARK in content[:_MARK_WITHIN])


def read(content: bytes, largest: int) -> Reading:
    """Read the text layer; stop with a verdict where it grows beyond `largest` characters."""
    import pypdfium2

    _check_size(content, largest)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise Unreadable("encrypted", "the file asks for a password") from error
        raise Unreadable("corrupt", f"the file is no readable PDF: {error}") from error
    try:
        pages = list(_pages(document, largest))
        properties = _properties(document)
    finally:
        document.close()
    if not any(pages):
        raise Unreadable(
            "no_text_layer", "the pages hold no text, only pictures if anything: run OCR on the file first"
        )
    running = _running_lines(pages)
    text, furniture = _laid_out(pages, running)
    title = properties.pop("title", None)
    # A title property is often left over from a template: it counts if the document says the same.
    if title and _letters(title) in _letters(text[:5000]):
        properties["title"] = title
    return Reading(text, "application/pdf", "pdf", properties=properties, furniture=frozenset(furniture))


def _check_size(content: bytes, largest: int) -> None:
    """Raise `Unreadable` where the compressed streams unfold to too much: PDFium would hold each in memory."""
    total, view = 0, memoryview(content)
    for match in _STREAM.finditer(content):
        unfold = zlib.decompressobj()
        try:
            for start in range(match.end(), len(view), _CHUNK):
                total += len(unfold.decompress(view[start : start + _CHUNK]))
                if total > largest:
                    raise Unreadable("too_large", f"unfolds to more than {largest:,} bytes; see ingest.largest_content")
                if unfold.eof:
                    break
        except zlib.error:
            continue  # compressed in another way, encrypted or damaged: PDFium's own limits have to do


def _pages(document: Any, largest: int) -> Iterator[list[_Line]]:
    import pypdfium2

    total = 0
    for index in range(len(document)):
        try:
            page = document[index]
            lines = list(_lines(page.get_textpage()))
            page.close()
        except pypdfium2.PdfiumError as error:
            raise Unreadable("corrupt", f"page {index + 1} cannot be read: {error}") from error
        total += sum(len(line.text) for line in lines)
        if total > largest:
            raise Unreadable("too_large", f"more than {largest:,} characters of text; see ingest.largest_content")
        yield lines


def _lines(page: Any) -> Iterator[_Line]:
    """Yield the lines of a page in the order of the file."""
    start, last_index = 0, page.count_chars() - 1
    for raw in page.get_text_range().splitlines(keepends=True):
        visible = [i for i, character in enumerate(raw) if not character.isspace()]
        if visible:
            # The loose box is that of the font, the same for every letter of a line.
            first, last = (page.get_charbox(min(start + visible[i], last_index), loose=True) for i in (0, -1))
            text = " ".join(raw.split())
            yield _Line(
                text, first[0], last[2], min(first[1], last[1]), max(first[3], last[3]) - min(first[1], last[1])
            )
        start += len(raw)
    page.close()


def _edges(lines: Sequence[_Line]) -> list[tuple[int, str]]:
    """The lines at top and bottom with their places, digits made alike so that page numbers match."""
    places = [*range(min(_EDGE_LINES, len(lines))), *range(max(_EDGE_LINES, len(lines) - _EDGE_LINES), len(lines))]
    return [(place, re.sub(r"\d+", "#", lines[place].text.casefold())) for place in places]


def _running_lines(pages: list[list[_Line]]) -> set[tuple[int, int]]:
    """Page and line of what recurs at the edges of pages, and of page numbers there."""
    counts = Counter(text for lines in pages for text in {text for _, text in _edges(lines)})
    fewest = max(_FEWEST_PAGES, _RECURRING_SHARE * sum(1 for lines in pages if lines))
    return {
        (number, place)
        for number, lines in enumerate(pages)
        for place, text in _edges(lines)
        if counts[text] >= fewest or _PAGE_NUMBER.fullmatch(lines[place].text)
    }


class _Column(NamedTuple):
    """The measures of lines that stand below each other, in points: edges, usual distance and height of a line."""

    left: float
    right: float
    pitch: float
    height: float


def _columns(lines: list[_Line]) -> Iterator[tuple[_Line, _Column, bool]]:
    """Yield each line with the measures of its column, and whether it is the first of it; a column ends where lines go up."""
    tops = [0, *(i for i in range(1, len(lines)) if lines[i].y > lines[i - 1].y), len(lines)]
    for start, end in pairwise(tops):
        column = lines[start:end]
        if column:
            measures = _Column(
                min(line.left for line in column),
                max(line.right for line in column),
                median([a.y - b.y for a, b in pairwise(column)] or [0]),
                median(line.height for line in column),
            )
            yield from ((line, measures, place == 0) for place, line in enumerate(column))


def _laid_out(pages: list[list[_Line]], running: set[tuple[int, int]]) -> tuple[str, set[int]]:
    """The text with a blank line between paragraphs, and where the running lines start in it."""
    paragraphs: list[str] = []
    places: set[int] = set()  # of the running lines among the paragraphs
    current = -1  # the paragraph that the next line may go on with, also from one page to the next
    previous: tuple[_Line, _Column] | None = None
    for number, lines in enumerate(pages):
        places |= {len(paragraphs) + i for i in range(sum(page == number for page, _ in running))}
        paragraphs += [line.text for place, line in enumerate(lines) if (number, place) in running]
        body = [line for place, line in enumerate(lines) if (number, place) not in running]
        for line, column, is_first in _columns(body):
            if previous is not None and not _starts_paragraph(line, column, *previous, is_first=is_first):
                paragraphs[current] = _joined(paragraphs[current], line.text)
            else:
                paragraphs.append(line.text)
                current = len(paragraphs) - 1
            previous = line, column
    text: list[str] = []
    furniture: set[int] = set()
    position = 0
    for index, paragraph in enumerate(paragraphs):
        text.append(normalise(paragraph.rstrip(_HYPHEN)))
        if index in places:
            furniture.add(position)
        position += len(text[-1]) + 2
    return "\n\n".join(text), furniture


def _starts_paragraph(line: _Line, column: _Column, previous: _Line, above: _Column, *, is_first: bool) -> bool:
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


def _would_fit(line: _Line, previous: _Line, column: _Column) -> bool:
    """Whether a line's first word has room on the line before, so that the break between them is meant."""
    before, after = previous.left - column.left, column.right - previous.right
    is_centred = before > _INDENT and abs(before - after) < _INDENT
    room = before + after if is_centred else after
    letter = (line.right - line.left) / len(line.text)
    return room > (len(line.text.split(maxsplit=1)[0]) + 1) * letter * 1.1


def _joined(paragraph: str, line: str) -> str:
    if paragraph[-1:] in _HYPHEN:
        return paragraph[:-1] + line
    return f"{paragraph} {line}"


def _properties(document: Any) -> dict[str, str]:
    values = document.get_metadata_dict(skip_empty=True)
    found = {"title": values.get("Title", ""), "author": named_author(values.get("Author", ""))}
    if match := _DATE.match(values.get("CreationDate", "")):
        found["publication_date"] = "-".join(filter(None, match.groups()))
    return {key: normalise(" ".join(value.split())) for key, value in found.items() if value.strip()}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
