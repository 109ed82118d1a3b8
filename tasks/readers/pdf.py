"""PDF: the text layer, its lines put together to paragraphs, running headers and page numbers marked as furniture."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from tasks.readers.pdf_layout import HYPHEN, Line, lay_out
from tasks.readers.reading import Reading, Unreadable, named_author
from tasks.readers.text import normalise

_MARK = b"%PDF-"
_MARK_WITHIN = 1024  # bytes from the start, as the specification allows
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_STREAM = re.compile(rb"\bstream\r?\n(?=[\x08-\x78])")
_CHUNK = 16_384  # bytes, which deflate cannot make more than 17 MB of
_LINE = re.compile(rf"(?P<visible>[^\s{HYPHEN}](?:[^\r\n{HYPHEN}]*[^\s{HYPHEN}])?)[^\S\r\n]*[{HYPHEN}]?")


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
    text, furniture = lay_out(pages)
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


def _pages(document: Any, largest: int) -> Iterator[list[Line]]:
    import pypdfium2

    total = 0
    for index in range(len(document)):
        try:
            page = document[index]
            lines = list(_lines(page.get_textpage(), page.get_rotation(), *page.get_size()))
            page.close()
        except pypdfium2.PdfiumError as error:
            raise Unreadable("corrupt", f"page {index + 1} cannot be read: {error}") from error
        total += sum(len(line.text) for line in lines)
        if total > largest:
            raise Unreadable("too_large", f"more than {largest:,} characters of text; see ingest.largest_content")
        yield lines


def _lines(page: Any, rotation: int, width: float, height: float) -> Iterator[Line]:
    """Yield the lines of a page, as large as it is shown, in the order of the file."""
    last_index = page.count_chars() - 1
    for line in _LINE.finditer(page.get_text_range()):
        # The loose box is that of the font, the same for every letter of a line.
        visible = (line.start("visible"), line.end("visible") - 1)
        first, last = (
            _upright(page.get_charbox(min(place, last_index), loose=True), rotation, width, height) for place in visible
        )
        bottom, top = min(first[1], last[1]), max(first[3], last[3])
        yield Line(" ".join(line[0].split()), first[0], last[2], bottom, top - bottom)
    page.close()


Box = tuple[float, float, float, float]  # left, bottom, right, top


def _upright(box: Box, rotation: int, width: float, height: float) -> Box:
    """A box on a page that is shown turned by some degrees, where it is seen."""
    left, bottom, right, top = box
    if rotation == 90:
        return bottom, height - right, top, height - left
    if rotation == 180:
        return width - right, height - top, width - left, height - bottom
    if rotation == 270:
        return width - top, left, width - bottom, right
    return box


def _properties(document: Any) -> dict[str, str]:
    values = document.get_metadata_dict(skip_empty=True)
    found = {"title": values.get("Title", ""), "author": named_author(values.get("Author", ""))}
    if match := _DATE.match(values.get("CreationDate", "")):
        found["publication_date"] = "-".join(filter(None, match.groups()))
    return {key: normalise(" ".join(value.split())) for key, value in found.items() if value.strip()}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
