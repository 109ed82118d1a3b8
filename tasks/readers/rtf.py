"""Rich Text Format: the text without its control words, and without what is hidden, deleted or repeated on every page."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from tasks.readers.reading import Reading, Unreadable
from tasks.readers.text import normalise

_MARK = b"{\\rtf"
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",  # a control word may begin a line: its backslash stays
    re.DOTALL,
)
# Groups that hold no text of the document; those which newer programs brought in start with `\*`.
_APART = frozenset((
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "nonshppict", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "annotation", "fldinst", "objdata", "objclass", "objname", "xe", "tc", "listtext", "pntext", "filetbl", "themedata",
    "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "datastore", "colorschememapping", "latentstyles",
    "shprslt",  # a shape once more, for old programs
))  # fmt: skip
_SHAPES = frozenset(("shpinst", "do"))
_TEXTS_OF_SHAPES = frozenset(("shptxt", "dptxbxtext"))
_CHARACTERS = {
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "row": "\n\n", "nestrow": "\n\n", "line": "\n", "column": "\n",
    "tab": "\t", "cell": "\t", "nestcell": "\t", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SYMBOLS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\n": "\n\n", "\r": "\n\n", "\t": "\t"}
_CODE_PAGES = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES_OF_SYSTEMS = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces until something else is said."""

    is_apart: bool = False
    is_shape: bool = False  # and apart for nothing else: the text of its box is the document's
    is_hidden: bool = False
    is_note: bool = False
    fallback: int = 1  # how many characters for old programs follow one in Unicode
    font: int = -1


def looks_like_rtf(content: bytes) -> bool:
    """Whether some bytes start as an RTF file does."""
    return content.lstrip().startswith(_MARK)


def read(content: bytes, _: int) -> Reading:
    """Read the text; a byte that its code page does not have is left out."""
    text, encoding = _Parser().parse(content)
    paragraphs = (normalise(paragraph).strip() for paragraph in text.split("\n\n"))
    return Reading("\n\n".join(filter(None, paragraphs)), "application/rtf", encoding)


class _Parser:
    def __init__(self) -> None:
        self._group = _Group()
        self._outer: list[_Group] = []
        self._text: list[str] = []
        self._notes: list[str] = []
        self._bytes = bytearray()  # not decoded yet: a character may take two
        self._to_skip = 0  # characters that repeat one in Unicode for old programs
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}

    def parse(self, content: bytes) -> tuple[str, str]:
        """The text, notes and boxes behind it, and the encoding that the file declares."""
        position = 0
        while match := _TOKEN.match(content, position):
            position = match.end()
            if brace := match["brace"]:
                self._decode()
                self._to_skip = 0
                if brace == b"{":
                    self._outer.append(self._group)
                elif self._outer:
                    self._close()
                    if not self._outer:
                        break
            elif text := match["text"] or bytes.fromhex((match["byte"] or b"").decode()):
                skipped = min(self._to_skip, len(text))
                self._to_skip -= skipped
                self._bytes += text[skipped:]
            elif (word := match["word"]) is not None:
                number = int(match["number"]) if match["number"] else None
                if word == b"bin":
                    position += max(0, number or 0)
                elif self._to_skip:
                    self._to_skip -= 1
                else:
                    self._decode()
                    self._control(word.decode(), number)
            elif match["symbol"] is not None:
                self._symbol(match["symbol"].decode("latin-1"))
        if self._outer:
            raise Unreadable("corrupt", "the file breaks off before its last closing brace")
        whole = "".join((*self._text, "\n\n", *self._notes))
        # Characters beyond the first plane come as two halves.
        return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), self._encoding

    def _close(self) -> None:
        inner, self._group = self._group, self._outer.pop()
        if inner.is_note and not self._group.is_note:
            self._notes.append("\n\n")

    def _put(self, text: str) -> None:
        if not (self._group.is_apart or self._group.is_hidden):
            (self._notes if self._group.is_note else self._text).append(text)

    def _decode(self) -> None:
        if self._bytes:
            self._put(self._bytes.decode(self._fonts.get(self._group.font, self._encoding), "ignore"))
            self._bytes.clear()

    def _symbol(self, symbol: str) -> None:
        if self._to_skip:
            self._to_skip -= 1
            return
        self._decode()
        if symbol == "*":
            self._group = replace(self._group, is_apart=True)
        else:
            self._put(_SYMBOLS.get(symbol, ""))

    def _control(self, word: str, number: int | None) -> None:
        if word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word == "u" and number is not None:
            self._put(chr(number % 0x10000))
            self._to_skip = self._group.fallback
        elif word == "uc":
            self._group = replace(self._group, fallback=min(max(0, number or 0), 100))
        elif word in ("v", "deleted"):
            self._group = replace(self._group, is_hidden=number != 0)
        elif word == "plain":
            self._group = replace(self._group, is_hidden=False, font=-1)
        elif word == "f":
            self._group = replace(self._group, font=number or 0)
        elif word == "fcharset" and number in _CODE_PAGES:
            self._fonts[self._group.font] = _CODE_PAGES[number]
        elif word == "footnote":
            self._group = replace(self._group, is_note=True)
        elif word in _SHAPES and self._group.is_apart and self._outer and not self._outer[-1].is_apart:
            self._group = replace(self._group, is_shape=True)
        elif word in _TEXTS_OF_SHAPES and self._group.is_shape:
            # Behind the text, as notes are: a box is anchored anywhere in a sentence.
            self._group = replace(self._group, is_apart=False, is_shape=False, is_note=True)
        elif word in _APART:
            self._group = replace(self._group, is_apart=True)
        elif word == "ansicpg" and number:
            self._encoding = _code_page(number)
        elif word in _PAGES_OF_SYSTEMS:
            self._encoding = _PAGES_OF_SYSTEMS[word]


def _code_page(number: int) -> str:
    name = {936: "gb18030", 65001: "utf-8", 10000: "mac-roman"}.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise Unreadable("corrupt", f"the file names a code page that does not exist: {number}") from error
    return name
