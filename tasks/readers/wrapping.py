"""What the ends of lines do to a text, undone: words parted by hyphens, and marks within quotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby, pairwise

_COMPOUND = re.compile(r"\w+(?:-\w+)*")
# A word that a hyphen parts, the next line maybe indented or quoted, but not "pre- and post-war"; or code between fences,
# whose lines stay.
_PARTED = re.compile(
    r"^[ \t]*(?P<fence>```|~~~).*?^[ \t]*(?P=fence)"
    r"|(?<![\w-])(?P<head>[^\W\d_]+)-\n(?P<indent>[ \t>]*)(?!(?:and|or|to)\s)"
    r"(?P<tail>[a-z]+)(?P<rest>[^\s-]*)(?P<space>[ \t]*)",
    re.MULTILINE | re.DOTALL,
)
_SHORTEST_WRAPPED = 25  # characters; a shorter line may be an item of a list
_LONGEST_WRAPPED = 110
_RAGGED = 10  # characters that people who break their lines by hand leave unused
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
_FIRST_WORD = re.compile(r"\s*([\w“‘\"'(\[]\S*)")  # of prose, and no marker


def unwrapped(text: str) -> str:
    """The text without what its lines' ends do to it: words parted by hyphens, and marks within quotations."""
    return _quoted_once(_rejoined(text))


def _rejoined(text: str) -> str:
    """The text with the words whole that a hyphen parts at the end of a line; the line breaks behind them."""
    if "-\n" not in text:
        return text
    words = compounds(text)

    def whole(parted: re.Match[str]) -> str:
        if parted["fence"]:
            return parted.group()
        head, indent, tail = parted["head"], parted["indent"], parted["tail"]
        line = text[text.rfind("\n", 0, parted.start()) + 1 : parted.end("head")]
        if len(line) < _SHORTEST_WRAPPED or (">" in indent and not line.startswith(indent)):
            return parted.group()
        mark = "" if _is_one_word(head.casefold(), tail, words) else "-"
        return f"{head}{mark}{tail}{parted['rest']}" + (f"\n{indent}" if parted["space"] else "")

    return _PARTED.sub(whole, text)


def _quoted_once(text: str) -> str:
    """The text with the mark of a wrapped quotation at its first line only, as Markdown lets it be written."""
    if ">" not in text:
        return text
    lines: list[str] = []
    for mark, quoted in groupby(text.split("\n"), _mark_of_quotation):
        run = list(quoted)
        full = max(map(len, run)) - _RAGGED if mark else 0
        lines.append(run[0])
        lines += (
            below.removeprefix(mark) if mark and _goes_on(above, below.removeprefix(mark), full) else below
            for above, below in pairwise(run)
        )
    return "\n".join(lines)


def _mark_of_quotation(line: str) -> str:
    return mark[0] if (mark := _QUOTED.match(line)) else ""


def _goes_on(above: str, below: str, full: int) -> bool:
    """Whether a line goes on with the one above: it begins with a small letter, or with a word that had no room there."""
    first_word = _FIRST_WORD.match(below)
    if first_word is None or not _SHORTEST_WRAPPED < len(above) <= _LONGEST_WRAPPED:
        return False
    return first_word[1][0].islower() or len(above) + 1 + len(first_word[1]) > full


def compounds(text: str) -> Counter[str]:
    """How often a text has each word, whatever its case; words with hyphens between them are one."""
    return Counter(_COMPOUND.findall(text.casefold()))


def _is_one_word(head: str, tail: str, words: Mapping[str, int]) -> bool:
    """Whether a hyphen parts a word, and does not join two: as the rest of the text has it, else by the dictionary."""
    joined, compound = words[head + tail], words[f"{head}-{tail}"]
    if joined != compound:
        return joined > compound
    return _is_known(head + tail) and not (_is_known(head) and _is_known(tail))


def _is_known(word: str) -> bool:
    import simplemma

    return simplemma.is_known(word, lang="en")
