"""HTML: the visible text of a page, with whatever belongs to the page and not to the article marked as furniture."""

from __future__ import annotations

import re

from tasks.readers.html_article import find_furniture
from tasks.readers.html_blocks import clear_note_marks, parse, read_blocks, to_source
from tasks.readers.html_metadata import read_metadata
from tasks.readers.reading import Reading, Unreadable
from tasks.readers.text import decode

_START = re.compile(
    r"(?:\s|\ufeff|<\?xml[^>]{0,200}>|<!--(?:[^-]|-(?!->)){0,2000}-->)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:p|div|span|br|h[1-6]|table|ul|ol|article|section|title|meta)\b[^<>]{0,500}>", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,200}?encoding)\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.IGNORECASE
)
_SNIFFED = 4096


def looks_like_html(content: bytes) -> bool:
    """Whether some bytes start as an HTML page does."""
    return _START.match(_ascii_start(content)) is not None


def has_tags(content: bytes) -> bool:
    """Whether there is any markup near the start, as in a fragment of a page."""
    return _TAG.search(_ascii_start(content)) is not None


def _ascii_start(content: bytes) -> str:
    return content[:_SNIFFED].replace(b"\0", b"").decode("ascii", "replace").replace("\ufffd", " ")


def read(content: bytes, _: int) -> Reading:
    """Read a page; its `meta` elements and linked data become metadata."""
    declared = _CHARSET.search(content[:_SNIFFED])
    source, encoding = decode(content, declared=declared[1].decode("ascii") if declared else None)
    tree = parse(source)
    if clear_note_marks(tree):
        source = to_source(tree)
    metadata = read_metadata(tree)
    blocks = list(read_blocks(tree))
    if not blocks:
        raise Unreadable("empty", "the page holds no text")
    is_furniture = find_furniture(blocks, source, metadata.get("title"))
    text: list[str] = []
    furniture: set[int] = set()
    position = 0
    for block, is_page in zip(blocks, is_furniture, strict=True):
        gap = "" if not text else "\n" if block.is_line else "\n\n"
        position += len(gap)
        if is_page:
            furniture.add(position)
        text.append(gap + block.text)
        position += len(block.text)
    return Reading(
        "".join(text), "text/html", encoding, metadata=metadata, metadata_source="html_metadata",
        furniture=frozenset(furniture),
    )  # fmt: skip
