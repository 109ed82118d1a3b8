"""Where two passages that say the same differ, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage, and whether the other passage has other words there."""

    text: str
    is_own: bool


def differences(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both passages cut where they begin and cease to differ; case, punctuation and space make no difference."""
    words, others = first.split(), second.split()
    matcher = difflib.SequenceMatcher(
        None, [_plain(word) for word in words], [_plain(word) for word in others], autojunk=False
    )
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for operation, start, end, other_start, other_end in matcher.get_opcodes():
        for side, stretch in zip(pieces, (words[start:end], others[other_start:other_end]), strict=True):
            if stretch:
                side.append(Piece(" ".join(stretch), operation != "equal"))
    return pieces


def _plain(word: str) -> str:
    return re.sub(r"[^\w]+", "", word).casefold() or word
