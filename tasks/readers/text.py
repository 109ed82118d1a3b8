"""Plain text: the encoding found out, mojibake mended, control characters cut."""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata
from collections.abc import Iterator

from tasks.readers.reading import Reading, Unreadable
from tasks.readers.wrapping import unwrapped

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNUSUAL = re.compile(r"[^\t\n\x20-\x7e]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
# Typesetting's joined letters, which make other words of "office" and "finance"; other compatibility characters mean
# something by their form, as footnote marks, fractions and full-width letters do.
_LIGATURES = {
    ord(joined): letters
    for joined, letters in zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)
}
_CONTROL_SHARE = 0.02
_MOST_MARKS = 30  # on one letter: to bring more into Unicode's order takes time with the square of their number
_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_SAMPLE = 100_000

# Runs of bytes above 127, and those of them that are common in GB 18030: the Chinese characters and punctuation of GB 2312.
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_GB_PAIRS = re.compile(rb"(?:[\xa1-\xa3\xb0-\xf7][\xa1-\xfe])+")
_GB_SHARE = 0.9
_HIGH_BYTES = re.compile(rb"[\x80-\xff]")
_BROKEN_SHARE = (
    0.05  # of the characters above 127 in a file that is UTF-8 but for some damage, or of all in one of ASCII
)
# Characters whose UTF-8 hardly stands in another encoding by chance; ’é in mac-roman, say, is that of another letter.
_TELLING_OF_UTF8 = re.compile(r"[\x80-\xff\u0800-\ufffc\U00010000-\U0010ffff]")
_FIELD = r"[A-Z][A-Za-z-]{1,40}:(?=[ \t\n])[^\n]{0,2000}\n(?:[ \t]+\S[^\n]{0,2000}\n)*"
_MAIL_HEADER = re.compile(rf"\s*(?:{_FIELD}){{3,100}}(?=\n)")
_MAIL_FIELD = re.compile(r"(?m:^)(?P<name>[A-Za-z-]+):(?P<value>[^\n]*(?:\n[ \t][^\n]*)*)")
_LONE_BYTE = re.compile(rb"(?<=[\x00-\x7f])[\x80-\xff](?=[\x00-\x7f])")


def read(content: bytes) -> Reading:
    """Read plain text; the header lines of an e-mail become metadata, the text keeps them and the body starts behind them."""
    raw, encoding = decode(content)
    text = unwrapped(normalise(raw))
    metadata = _mail_header(head.group()) if (head := _MAIL_HEADER.match(text)) else {}
    if head is None or not metadata:
        return Reading(text, "text/plain", encoding)
    return Reading(text, "text/plain", encoding, head.end(), metadata)


def _mail_header(head: str) -> dict[str, str]:
    """What the header lines of an e-mail state, as programs save it or write it above what they forward; of others nothing."""
    from email.utils import parseaddr

    fields = {field["name"].casefold(): _unfolded(field["value"]) for field in _MAIL_FIELD.finditer(head)}
    if not fields.keys() >= {"from", "subject"}:
        return {}
    stated = {
        "title": fields["subject"],
        "author": parseaddr(fields["from"])[0],
        "publication_date": fields.get("date") or fields.get("sent"),
    }
    return {key: value for key, value in stated.items() if value}


def _unfolded(value: str) -> str:
    """The value of a header line on one line, without the transfer encoding of words beyond ASCII (RFC 2047)."""
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    value = " ".join(value.split())
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):  # it is no such encoding after all
        return value


def decode(content: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """The text of some bytes and the encoding that it was in.

    A byte-order mark decides; then what `declared` names or strict UTF-8 if the bytes fit; then the likeliest.
    """
    if not content.strip():
        raise Unreadable("empty", "the file holds no text")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return _checked(content.decode(encoding)), encoding.removesuffix("-sig")
            except UnicodeDecodeError as error:
                raise Unreadable(
                    "not_text", f"the file starts as {encoding} but does not go on so: {error.reason}"
                ) from error
    for encoding in _candidates(content, declared):
        with contextlib.suppress(UnicodeDecodeError):
            return _checked(content.decode(encoding)), encoding
    return _guessed(content)


def _candidates(content: bytes, declared: str | None) -> Iterator[str]:
    """Yield encodings to try, the most telling first; one that does not fit every byte is not it."""
    if wide := _wide_encoding(content[:_SAMPLE]):
        yield wide
    yield "utf-8"
    if declared is not None:
        with contextlib.suppress(LookupError):
            name = codecs.lookup(declared).name
            # Pages that declare these are written in what extends them.
            yield {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)
    if _looks_like_gb(content):
        yield "gb18030"


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte-order mark: text that is mostly ASCII has zeros at every second or fourth byte."""
    zeros = [sample[offset::4].count(0) / max(1, len(sample[offset::4])) > 0.4 for offset in range(4)]
    shapes = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return shapes.get((zeros[0], zeros[1], zeros[2], zeros[3]))


def _looks_like_gb(content: bytes) -> bool:
    high = common = 0
    for run in _HIGH_RUN.finditer(content[: 10 * _SAMPLE]):
        high += len(run[0])
        common += sum(len(pairs[0]) for pairs in _GB_PAIRS.finditer(run[0]))
    return high > 0 and common >= _GB_SHARE * high


def _checked(text: str) -> str:
    controls = sum(1 for match in _CONTROL.finditer(text[:_SAMPLE]) if match.group() < " ")
    if controls > max(8, _CONTROL_SHARE * min(len(text), _SAMPLE)):
        raise Unreadable("not_text", "the file is binary: too many control characters for a text")
    return text


def _guessed(content: bytes) -> tuple[str, str]:
    import charset_normalizer

    for encoding in ("utf-8", "gb18030") if _looks_like_gb(content) else ("utf-8",):
        damaged = content.decode(encoding, "replace")
        characters = damaged[: 10 * _SAMPLE]
        if characters.count("\ufffd") <= _BROKEN_SHARE * sum(character > "\x7f" for character in characters):
            return _checked(_pasted(content) if encoding == "utf-8" else damaged), encoding
    damaged = content[: 10 * _SAMPLE].decode("utf-8", "replace")
    if damaged.count("\ufffd") < len(_TELLING_OF_UTF8.findall(damaged)):
        return _checked(_pasted(content)), "utf-8"
    if mixed := _mixed(content):
        return mixed
    # What tells encodings apart are the lines with bytes above 127.
    telling = b"\n".join(line[:2000] for line in content.splitlines() if not line.isascii())[:_SAMPLE]
    best = charset_normalizer.from_bytes(telling).best()
    if best is None and len(_HIGH_BYTES.findall(content)) > _BROKEN_SHARE * len(content):
        raise Unreadable("not_text", "no character encoding turns the file's bytes into text")
    if best is None:
        return _checked(content.decode("utf-8", "replace")), "utf-8"
    if not best.encoding.startswith("mac") and _is_latin(str(best)):
        # The code pages of Latin letters differ in a few accents only; cp1252 is by far the most common of them.
        with contextlib.suppress(UnicodeDecodeError):
            return _checked(content.decode("cp1252")), "cp1252"
    encoding = best.encoding.replace("_", "-")
    return _checked(content.decode(best.encoding, "replace")), encoding


def _mixed(content: bytes) -> tuple[str, str] | None:
    """A text of which some lines are in UTF-8 and tell it, the others in an encoding that is guessed without them; and that."""
    lines = content.split(b"\n")
    in_utf8: dict[int, str] = {}
    for place, line in enumerate(lines):
        if not line.isascii():
            with contextlib.suppress(UnicodeDecodeError):
                if _TELLING_OF_UTF8.search(decoded := line.decode()):
                    in_utf8[place] = decoded
    if not in_utf8:
        return None
    with contextlib.suppress(Unreadable):
        text, encoding = _guessed(b"\n".join(b"" if place in in_utf8 else line for place, line in enumerate(lines)))
        others = text.split("\n")
        if len(others) == len(lines):  # as it is not where line ends are other bytes in that encoding
            return "\n".join(in_utf8.get(place, line) for place, line in enumerate(others)), encoding
    return None


def _pasted(content: bytes) -> str:
    """Damaged UTF-8 as text; a byte by itself among ASCII was most likely pasted in from a text in cp1252."""
    return _LONE_BYTE.sub(lambda byte: byte[0].decode("cp1252", "replace").encode(), content).decode("utf-8", "replace")


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in set(text) if letter.isalpha())


def normalise(text: str) -> str:
    """The text with its mojibake mended, one kind of line end, no control characters or ligatures, in Unicode form NFC."""
    text = text.replace("\r\r\n", "\n")  # one line end that was made Windows' twice, and no blank line
    text = "\n".join(f"{text}.".splitlines())[:-1]  # the full stop keeps a line end at the end of the text
    if any(mark in text for mark in "ÃÂâ€å\ufffd"):
        text = "\n".join(_mended(line) for line in text.split("\n"))
    unusual = _UNUSUAL.findall(text)
    kinds = set(unusual)
    if any(ord(kind) in _LIGATURES for kind in kinds):
        text = text.translate(_LIGATURES)
    if any(map(_CONTROL.match, kinds)):
        text = _CONTROL.sub("", text.replace("\xad\n", ""))  # a word that is parted at the end of a line is one
    if len(unusual) > _MOST_MARKS:
        text = _MARKS.sub(_stream_safe, text)
    return unicodedata.normalize("NFC", text)


def _stream_safe(marks: re.Match[str]) -> str:
    """A run of marks without those behind the thirtieth on one letter, as Unicode's stream-safe text has it (UAX #15)."""
    kept, run = [], 0
    for mark in marks.group():
        run = run + 1 if unicodedata.combining(mark) else 0
        if run <= _MOST_MARKS:
            kept.append(mark)
    return "".join(kept)


def _mended(line: str) -> str:
    """A line with its mojibake mended; line by line, since one that is right says nothing of the next."""
    import ftfy
    from ftfy.badness import is_bad

    return "".join(
        ftfy.fix_encoding(part) if not part.isascii() and is_bad(part) else part
        for part in (line[start : start + _SAMPLE] for start in range(0, len(line), _SAMPLE))
    )
