"""Plain text: the encoding found out, mojibake mended, control characters cut."""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata

from tasks.readers.reading import Reading, Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_CONTROL_SHARE = 0.02


def read(content: bytes) -> Reading:
    """Read plain text."""
    text, encoding = decode(content)
    return Reading(normalise(text), "text/plain", encoding)


def decode(content: bytes) -> tuple[str, str]:
    """The text of some bytes and the encoding that it was in: a byte-order mark, else strict UTF-8, else the likeliest."""
    if not content.strip():
        raise Unreadable("empty", "the file holds no text")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig")
            except UnicodeDecodeError as error:
                raise Unreadable(
                    "not_text", f"the file starts as {encoding} but does not go on so: {error.reason}"
                ) from error
    try:
        return _checked(content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _guessed(content)


def _checked(text: str) -> str:
    controls = sum(1 for match in _CONTROL.finditer(text[:100_000]) if match.group() < " ")
    if controls > max(8, _CONTROL_SHARE * min(len(text), 100_000)):
        raise Unreadable("not_text", "the file is binary: too many control characters for a text")
    return text


def _guessed(content: bytes) -> tuple[str, str]:
    import charset_normalizer

    best = charset_normalizer.from_bytes(content).best()
    if best is None:
        raise Unreadable("not_text", "no character encoding turns the file's bytes into text")
    if not best.encoding.startswith("mac") and _is_latin(str(best)):
        # The code pages of Latin letters differ in a few accents only; cp1252 is by far the most common of them.
        with contextlib.suppress(UnicodeDecodeError):
            return _checked(content.decode("cp1252")), "cp1252"
    return _checked(str(best)), best.encoding.replace("_", "-")


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in set(text) if letter.isalpha())


def normalise(text: str) -> str:
    """The text with its mojibake mended, one kind of line end, no control characters, and in Unicode form NFC."""
    if any(mark in text for mark in "ÃÂâ€å") or "\ufffd" in text:
        import ftfy

        text = ftfy.fix_encoding(text)
    return unicodedata.normalize("NFC", _CONTROL.sub("", _LINE_END.sub("\n", text)))
