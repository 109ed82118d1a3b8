"""The names of the gazetteer where they stand in a passage."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tasks.gazetteer import gazetteer
from tasks.recognition.mentions import Found
from tasks.recognition.patterns import EDITION, NUMBER_IN_FRONT

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_HELD_YEARLY = re.compile(
    r"(?:Expo|Exposition|Conference|Summit|Forum|Meeting|Congress|Fair|Games|Olympics|Festival|Week)\b"
)
_OFFICE_OF = re.compile(r"\b(?:General Office|Standing Committee) of (?:the )?$")


def by_gazetteer(doc: Doc, text: str, nlp: Language) -> Iterator[Found]:
    """The names and aliases of the gazetteer in a passage, each with what belongs to it; they may overlap."""
    for key, from_token, to_token in _phrases(nlp)(doc):
        span, label = doc[from_token:to_token], nlp.vocab.strings[key]
        first, last = _with_what_belongs(text, span.start_char, span.end_char, label)
        yield Found(first, last, label, "gazetteer")


class _Phrases:
    """Finds the names of the gazetteer, those of them that begin as a word does that it has met: to take all of them
    apart into words costs as much as a long document.
    """

    def __init__(self, nlp: Language) -> None:
        from spacy.matcher import PhraseMatcher

        self._nlp = nlp
        self._matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._waiting = sorted((name.replace("’", "'"), entry.label) for entry in gazetteer() for name in entry.forms)
        self._met: set[int] = set()

    def __call__(self, doc: Doc) -> list[tuple[int, int, int]]:
        """The names in a text: the hash of each one's label, its first token and the token after its last."""
        words = set(doc.to_array("ORTH").tolist()) - self._met
        for word in words:
            self._add_names(self._nlp.vocab.strings[word])
        self._met |= words
        found: list[tuple[int, int, int]] = self._matcher(doc)
        return found

    def _add_names(self, start: str) -> None:
        """Look for the names with this start from now on. However a name is parted, its first part is a start of it."""
        first = bisect_left(self._waiting, (start, ""))
        last = bisect_left(self._waiting, (start + _LAST_CHARACTER, ""))
        for name, label in self._waiting[first:last]:
            self._matcher.add(label, [self._nlp.make_doc(name)])
        del self._waiting[first:last]


_LAST_CHARACTER = chr(sys.maxunicode)


@cache
def _phrases(nlp: Language) -> _Phrases:
    return _Phrases(nlp)


def _with_what_belongs(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """A name with its edition, its number or the office of it: "(Trial)", "2023", "General Office of the"."""
    if label == "LAW" and (behind := EDITION.match(text, end)):
        return start, behind.end()
    front = {"EVENT": NUMBER_IN_FRONT, "ORG": _OFFICE_OF}.get(label)
    if front and (before := front.search(text, max(0, start - 40), start)):
        is_year = before.group()[:4].isdigit()
        return (start if is_year and not _HELD_YEARLY.search(text, start, end) else before.start()), end
    return start, end
