"""Readers turn a file's bytes into text and whatever the file says about itself. One module a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from tasks.readers import markdown, text
from tasks.readers.reading import Reading, Unreadable

__all__ = ["READERS", "Reading", "Unreadable", "read"]

# A reader takes the bytes of one file. Adding a format: a module beside these, and its suffixes here.
READERS: dict[str, Callable[[bytes], Reading]] = {
    ".txt": text.read,
    ".text": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
}


def read(content: bytes, path: str) -> Reading:
    """Read a file's bytes with the reader of its suffix. Raises `Unreadable` with a reason code and a sentence."""
    return READERS[PurePosixPath(path).suffix.lower()](content)
