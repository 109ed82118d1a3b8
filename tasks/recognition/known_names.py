"""The names of the gazetteer where they stand in a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tasks.gazetteer import gazetteer
from tasks.recognition.mentions import Found
from tasks.recognition.patterns import EDITION, NUMBER_IN_FRONT

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
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


@cache
def _phrases(nlp: Language) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
    by_label: dict[str, list[str]] = {}
    for entry in gazetteer():
        by_label.setdefault(entry.label, []).extend(entry.forms)
    for label, names in sorted(by_label.items()):
        matcher.add(label, [nlp.make_doc(name.replace("’", "'")) for name in names])
    return matcher


def _with_what_belongs(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """A name with its edition, its number or the office of it: "(Trial)", "2023", "General Office of the"."""
    if label == "LAW" and (behind := EDITION.match(text, end)):
        return start, behind.end()
    front = {"EVENT": NUMBER_IN_FRONT, "ORG": _OFFICE_OF}.get(label)
    if front and (before := front.search(text, max(0, start - 40), start)):
        is_year = before.group()[:4].isdigit()
        return (start if is_year and not _HELD_YEARLY.search(text, start, end) else before.start()), end
    return start, end
