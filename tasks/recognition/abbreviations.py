"""Short forms in brackets behind the name that they stand for, as in "Communist Party of China (CPC)"."""

from __future__ import annotations

import re
from dataclasses import replace

from tasks.recognition.mentions import NAME_LABELS, Found, overlapping, put_in_place

IN_BRACKETS = re.compile(r" \(([A-Z][A-Za-z&-]{1,9})\)")


def pair(text: str, taken: list[Found]) -> None:
    """Make a bracketed short form, as in "Communist Party of China (CPC)", a mention that stands for the name before it."""
    for match in IN_BRACKETS.finditer(text):
        short = Found(*match.span(1), "", "pattern")
        before = overlapping(Found(match.start() - 1, match.start(), "", "pattern"), taken)
        if not before or before[0].end != match.start() or before[0].label not in NAME_LABELS:
            continue
        name, same = before[0], overlapping(short, taken)
        full = text[name.start : name.end]
        stands_for = _abbreviated(match.group(1), full)
        if stands_for is None or (stands_for != full and not same):
            continue
        known = same[0] if same else replace(short, label=name.label)
        label = name.label if stands_for == full else known.label
        put_in_place(taken, same, [replace(short, label=label, method=known.method, stands_for=stands_for)])


def _abbreviated(short: str, full: str) -> str | None:
    """The part of a name that a short form behind it stands for: its last words, if these have its very initials."""
    words = full.split(" ")
    for start in range(len(words) - 1, 0, -1):
        initials = "".join(word[0] for word in words[start:] if word[0].isupper())
        if words[start][0].isupper() and initials == short:
            return " ".join(words[start:])
    return full if abbreviates(short, full) else None


def abbreviates(short: str, full: str) -> bool:
    """Whether the letters of `short`, in order, start words of `full` or stand in them, the first one starting a word.

    The rule is that of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions".
    """
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    if len(letters) < 2 or not short[:1].isupper() or len(short) >= len(full):
        return False
    folded = full.casefold()
    position = len(folded)
    for index in range(len(letters) - 1, -1, -1):
        position = folded.rfind(letters[index], 0, position)
        while index == 0 and position > 0 and folded[position - 1].isalnum():
            position = folded.rfind(letters[0], 0, position)
        if position < 0:
            return False
    return True
