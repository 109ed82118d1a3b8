"""The mentions in one passage: the gazetteer's, the patterns' and the model's made one list."""

from __future__ import annotations

import re
from bisect import insort
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.recognition.abbreviations import pair
from tasks.recognition.headlines import is_headline, with_small_verbs
from tasks.recognition.known_names import by_gazetteer
from tasks.recognition.mentions import NAME_LABELS, START, Found, Recognised, overlapping, put_in_place
from tasks.recognition.model_names import by_model
from tasks.recognition.owners import with_owners
from tasks.recognition.patterns import by_pattern
from tasks.recognition.people import chinese_people
from tasks.recognition.word_lists import KIND_BY_LAST_WORD

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_IN_THE_LANGUAGE = re.compile(
    r"\b(?:[Cc]lassical|[Mm]odern|[Ss]implified|[Tt]raditional|[Ff]luent|[Ss]peaks?|[Ss]poken?|[Ss]peaking|[Ii]nto|[Ii]n) $"
)
_BEHIND_A_LANGUAGE = re.compile(r"[.,;:)\"]|$| (?:and|or|to|with|is|are|was|were)\b")


def recognise(doc: Doc, nlp: Language) -> Recognised:
    """The mentions in a parsed passage.

    `doc` must carry tags and the model's entities; its text has straight quotes and no line breaks.
    """
    text = doc.text  # put together from the tokens at each call
    taken: list[Found] = []  # by their place
    order = {"gazetteer": 0, "pattern": 1}
    known = list(by_gazetteer(doc, text, nlp))
    in_headline = is_headline(text)
    patterns = [
        found
        for found in by_pattern(with_small_verbs(text) if in_headline else text)
        if not any(_crosses(found, other) or (in_headline and _prolongs(found, other)) for other in known)
    ]
    for found in sorted(
        [*known, *patterns, *chinese_people(text)], key=lambda f: (f.start - f.end, order[f.method], f.start)
    ):
        if not overlapping(found, taken):
            insort(taken, found, key=START)
    for found in sorted(
        by_model(doc, text, in_headline=in_headline),
        key=lambda f: (f.label not in NAME_LABELS, f.start - f.end, f.start),
    ):
        others = overlapping(found, taken)
        better = [found] if not others else []
        if len(others) == 1:
            better = _with_rule(text, found, others[0])
        if better:
            put_in_place(taken, others, better)
    with_owners(text, taken)
    pair(text, taken)
    return Recognised(text, in_headline, [_as_language(text, found) for found in taken])


def _crosses(found: Found, other: Found) -> bool:
    """Whether a mention begins or ends in the middle of another."""
    return other.start < found.start < other.end < found.end or found.start < other.start < found.end < other.end


def _prolongs(found: Found, other: Found) -> bool:
    """Whether a body is taken for a longer one with the same beginning."""
    return found.label == other.label == "ORG" and found.start == other.start


def _with_rule(text: str, found: Found, rule: Found) -> list[Found]:
    """What to make of a longer name of the model that holds one of the rules: one or two names, or nothing of it."""
    is_longer = found.start <= rule.start and rule.end <= found.end and found.end - found.start > rule.end - rule.start
    if rule.method == "model" or found.label not in NAME_LABELS or not is_longer:
        return []
    if rule.label in ("ORG", "PERSON") and text.startswith(" and ", rule.end) and rule.start == found.start:
        return [rule, replace(found, start=rule.end + 5, label=rule.label)]
    if rule.label in ("ORG", "PERSON") and text.endswith(" and ", 0, rule.start) and rule.end == found.end:
        return [replace(found, end=rule.start - 5, label=rule.label), rule]
    if rule.label == "LAW" and rule.start == found.start:
        return [replace(found, label="LAW")]
    last_word = text[found.start : found.end].rpartition(" ")[2]
    if last_word.islower():
        return []
    if rule.label == "PERSON" and rule.method == "gazetteer" and last_word not in KIND_BY_LAST_WORD:
        return []
    return [replace(found, label=rule.label)] if rule.label in ("EVENT", "LAW") and rule.end == found.end else [found]


def _as_language(text: str, found: Found) -> Found:
    """ "Chinese" in "published in Chinese, " is the language."""
    if (
        found.label == "NORP"
        and _IN_THE_LANGUAGE.search(text, max(0, found.start - 10), found.start)
        and _BEHIND_A_LANGUAGE.match(text, found.end)
    ):
        return replace(found, label="LANGUAGE")
    return found
