"""The names that the statistical model finds, with its known faults mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tasks.recognition.abbreviations import IN_BRACKETS, abbreviates
from tasks.recognition.mentions import NAME_LABELS, Found
from tasks.recognition.patterns import NUMBER_IN_FRONT, is_branch
from tasks.recognition.people import follows_office, is_person
from tasks.recognition.word_lists import CONCEPTS, KIND_BY_LAST_WORD, NOT_IN_NAMES, REJECTED, SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:'s|s'|'|`s)$")
_ARTICLE_OF = re.compile(r"(?:Article|Chapter|Section)s? \d{1,3}(?:(?:, | and | to )\d{1,3})* of (?:the )?")
_OPENS_ARTICLE = re.compile(r"(?:Article|Chapter|Section) \d{1,3}[:.]? (?:This|These)\b")  # "Article 1: This Law"
_NO_PART = ' \t\n"“”,;:•●▪■–'  # a full stop may be one
_LOOSE_END = re.compile(r"(?:,? (?:and|of|or|for|the|on|in|to|&))+$")
_NOTE_MARK = re.compile(r"(?<=[a-z]{2}),\d{1,2}$")  # the number of a footnote
# The next person's, behind the end of a line in a list of names that is lost; it may stand alone.
_TITLE_BEHIND = re.compile(r"(?:^|(?<=[a-z])|[ ,]+)(?:Mr|Mrs|Ms|Messrs|Mses|Dr)\.?$")
_PERSONAL_TITLE = re.compile(
    r"(?:(?:Chinese|US|U\.S\.|Former|former|then)\s+)?"
    r"(?:(?:Vice|Deputy|Executive|General|State|Prime|Foreign|Acting|Party|Commerce|Finance|Defense|Defence)[\s-]+)*"
    r"(?:President|Premier|Spokesperson|Spokesman|Spokeswoman|Commissioner|Congressman|Speaker|"
    r"Crown Prince|Prince|Princess|King|Queen|Emperor|Pope|Chief Justice|Justice|Judge|General|Marshal|Secretary|secretary|"
    r"Chairman|Chairwoman|Chair|Comrade|Minister|Governor|Director|Councilor|Councillor|"
    r"Mr\.?|Mrs\.?|Ms\.?|Messrs\.?|Mses\.?|Dr\.?|Professor|Prof\.?|Academician|academician|Ambassador|Senator|Chancellor|Leader)\s+",
)
_HELD_IN_BODY = re.compile(r"[A-Z]\w+, (?=(?:Office|Division|Department|Bureau) of)")
_ENUMERATOR = re.compile(r"(?:[IVX]{1,4}|[A-Z])\. ")
_VISION = re.compile(r"(?:Digital|Beautiful|Healthy|Broadband|Peaceful|Safe|Smart) China")
_PROPER_TAGS = ("NNP", "NNPS")
# What the model still tells in a headline, where every word has a capital.
_KEPT_IN_HEADLINES = frozenset(("PERSON", "GPE", "NORP", "LOC"))
_PORTFOLIO = re.compile(
    r"\b(?:Party|Commerce|Trade|Treasury|Finance|Foreign|Defen[sc]e|Education|Justice|Agriculture|Health|Interior)$"
)
_HOLDS_OFFICE = re.compile(r" (?:[Ss]ecretary|[Mm]inister)")


def by_model(doc: Doc, text: str, *, in_headline: bool) -> Iterator[Found]:
    """The model's mentions, without what is no name; in a headline, only the kinds that it still tells there."""
    is_tagged = doc.has_annotation("TAG")
    for ent in doc.ents:
        start, end = _trim(text, ent.start_char, ent.end_char, ent.label_)
        name, label = text[start:end], ent.label_
        if not name:
            continue
        if label not in NAME_LABELS:
            if label not in ("ORDINAL", "CARDINAL") or not (name.endswith("ly") or text[end : end + 1].isalpha()):
                yield Found(start, end, label, "model")
            continue
        is_common = is_tagged and not any(token.tag_ in _PROPER_TAGS for token in ent)
        if name.islower() or (is_common and label not in ("NORP", "LANGUAGE")) or _is_no_name(name) or is_branch(name):
            continue
        if (portfolio := _PORTFOLIO.search(name)) and _HOLDS_OFFICE.match(text, end):
            if not portfolio.start():
                continue
            end = start + portfolio.start() - 1
            name = text[start:end]
        while (first := name.partition(" "))[2] and first[0] in NOT_IN_NAMES and label in ("ORG", "LAW", "EVENT"):
            start, name = start + len(first[0]) + 1, first[2]
        label = _label_of(text, start, name, label)
        if in_headline and label not in _KEPT_IN_HEADLINES and name.rpartition(" ")[2] not in KIND_BY_LAST_WORD:
            continue
        if label == "EVENT" and (number := NUMBER_IN_FRONT.search(text, max(0, start - 40), start)):
            start, name = number.start(), number.group() + name
        bracketed = IN_BRACKETS.search(name)
        if bracketed and abbreviates(bracketed.group(1), name[: bracketed.start()]):
            for begin, stop in ((0, bracketed.start()), bracketed.span(1), (bracketed.end() + 1, len(name))):
                if begin < stop:
                    yield Found(start + begin, start + stop, label, "model")
        else:
            yield Found(start, end, label, "model")


def _trim(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Take off what is no part of a name: articles, quotes, possessives, titles, half a bracket, a footnote, a loose "and"."""
    while True:
        span = text[start:end]
        stripped = span.strip(_NO_PART + ".")
        if span.endswith(".") and re.search(
            r"\b(?:[A-Z]\.|Inc\.|Co\.|Corp\.|Ltd\.|Jr\.|Oct\.|Sept\.|Nov\.|Dec\.|Jan\.|Feb\.|Aug\.)$", span
        ):
            stripped = span.strip(_NO_PART)
        start, end = start + span.find(stripped), start + span.find(stripped) + len(stripped)
        span = text[start:end]
        if "(" in span and ")" not in span:
            end = start + span.index("(")
        elif label in NAME_LABELS and (match := _ARTICLE.match(span)):
            start += match.end()
        elif label in NAME_LABELS and (match := _POSSESSIVE.search(span)):
            end = start + match.start() + (1 if match.group() == "s'" else 0)
        elif label in NAME_LABELS and (match := _NOTE_MARK.search(span) or _TITLE_BEHIND.search(span)):
            end = start + match.start()
        elif label == "LAW" and (match := _ARTICLE_OF.match(span)):
            start += match.end()
        elif label in NAME_LABELS and (match := _LOOSE_END.search(span)):
            end = start + match.start()
        elif (label == "ORG" and (match := _HELD_IN_BODY.match(span))) or (
            label == "PERSON" and (match := _PERSONAL_TITLE.match(span))
        ):
            start += match.end()
        else:
            return start, end
        if end <= start:
            return start, start


def _is_no_name(name: str) -> bool:
    folded = name.casefold()
    words = folded.replace("-", " ").split()
    if all(word in SUBJECTS for word in words):
        return True
    is_concept = words[-1] in CONCEPTS and not any(word.capitalize() in KIND_BY_LAST_WORD for word in words)
    return (
        folded in REJECTED
        or is_concept
        or _OPENS_ARTICLE.match(name) is not None
        or bool((_ENUMERATOR.match(name) and name[0] in "IVX") or _VISION.fullmatch(name))
    )


def _label_of(text: str, start: int, name: str, label: str) -> str:
    """The model's label, or another where the name itself or an office in front of it tells better."""
    words = name.split(" ")
    if len(words) > 1 and (told := KIND_BY_LAST_WORD.get(words[-1])):
        return told
    if len(words) > 4 or any(word in KIND_BY_LAST_WORD for word in words):
        return label
    is_one = is_person(text, start, name) or (label != "NORP" and follows_office(text, start))
    return "PERSON" if is_one else label
