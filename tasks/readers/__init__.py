"""Readers turn a file's bytes into text and whatever the file says about itself. One module a format, its parts beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from tasks.readers import html, markdown, office, pdf, rtf, text
from tasks.readers.reading import Reading, Unreadable

__all__ = ["SUFFIXES", "Reading", "Unreadable", "is_plain", "read"]

_SNIFFED = 4096  # bytes; what tells a format stands within them

_MARKDOWN = frozenset({".md", ".markdown"})
_HTML = frozenset({".html", ".htm", ".xhtml"})

# Files with these suffixes are looked into; which reader takes one is decided by its content.
SUFFIXES = _MARKDOWN | _HTML | {".txt", ".text", ".pdf", ".docx", ".odt", ".rtf"}


def is_plain(start: bytes, path: str) -> bool:
    """Whether a file that starts so is plain text or Markdown, which no foreign parser needs to take apart."""
    return _format(start, _suffix(path)) is None


def read(content: bytes, path: str, *, largest: int) -> Reading:
    """Read a file's bytes with the reader of what they are; the suffix only tells Markdown and fragments of HTML.

    `largest` bounds what a compressed file may unfold to, in bytes. Raises `Unreadable` with a reason code and a sentence.
    """
    suffix = _suffix(path)
    reader = _format(content, suffix)
    if reader is not None:
        return _read_apart(reader, content, largest)
    try:
        return markdown.read(content) if suffix in _MARKDOWN else text.read(content)
    except Unreadable as verdict:
        if verdict.reason == "not_text" and (kind := _kind(content)):
            raise Unreadable("not_text", f"the content is that of a {kind} file") from verdict
        raise


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


Reader = Callable[[bytes, int], Reading]


def _format(content: bytes, suffix: str) -> Reader | None:
    """The reader of a format that is no plain text; None for what is. The first bytes alone decide."""
    content = content[:_SNIFFED]
    if pdf.looks_like_pdf(content, is_named_so=suffix == ".pdf"):
        return pdf.read
    if office.looks_like_archive(content):
        return office.read
    if rtf.looks_like_rtf(content):
        return rtf.read
    if html.looks_like_html(content) or (suffix in _HTML and html.has_tags(content)):
        return html.read
    return None


def _read_apart(reader: Reader, content: bytes, largest: int) -> Reading:
    try:
        return reader(content, largest)
    except (Unreadable, MemoryError):
        raise
    # Whatever a foreign parser raises on a file that is made to break it, the file is at fault.
    except Exception as error:
        raise Unreadable("corrupt", f"the file cannot be taken apart: {type(error).__name__}: {error}"[:300]) from error


def _kind(content: bytes) -> str:
    """The usual suffix of a binary file's kind, such as `.png`; empty if it is not known."""
    import puremagic

    try:
        return puremagic.from_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return ""
