"""Rich Text Format: the text without its control words."""

from __future__ import annotations

import re

from tasks.readers.reading import Reading, Unreadable
from tasks.readers.text import normalise

_MARK = b"{\\rtf"
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")


def looks_like_rtf(content: bytes) -> bool:
    """Whether some bytes start as an RTF file does."""
    return content.lstrip().startswith(_MARK)


def read(content: bytes, _: int) -> Reading:
    """Read the text; a character that its code page does not have is left out."""
    from striprtf.striprtf import rtf_to_text

    if not content.rstrip(b"\0 \r\n\t").endswith(b"}"):
        raise Unreadable("corrupt", "the file breaks off before its last closing brace")
    page = _CODE_PAGE.search(content[:2000])
    encoding = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        text = rtf_to_text(_without_binary(content).decode("latin-1"), encoding=encoding, errors="ignore")
    except LookupError as error:
        raise Unreadable("corrupt", f"the file names a code page that does not exist: {encoding}") from error
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")  # characters written as two halves
    return Reading(normalise(text), "application/rtf", encoding)


def _without_binary(content: bytes) -> bytes:
    """The file without the bytes of embedded pictures, which may hold braces."""
    kept, position = [], 0
    while match := _BINARY.search(content, position):
        kept.append(content[position : match.start()])
        position = match.end() + int(match[1])
    return b"".join((*kept, content[position:]))
