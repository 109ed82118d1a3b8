"""Recognise names: the statistical model, a gazetteer and patterns for open classes, with the model's known faults mended.

The conventions are those of OntoNotes 5, read for policy texts: the longest name and nothing nested in it, no article,
no title, no possessive ending; congresses and plenums are EVENT, plans and outlines are LAW.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

GAZETTEER = Path(__file__).with_name("gazetteer.csv")

# Labels of things with names, as against dates, numbers and amounts.
NAME_LABELS = frozenset(
    ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
)


@dataclass(frozen=True, slots=True)
class Name:
    """An entry of the gazetteer."""

    name: str
    label: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A mention as character offsets into the text, with what recognised it; `stands_for` is a name it abbreviates."""

    start: int
    end: int
    label: str
    method: str
    stands_for: str | None = None


@cache
def gazetteer() -> tuple[Name, ...]:
    """The gazetteer's entries in the order of the file."""
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(
            Name(row["name"], row["label"], tuple(filter(None, (row["aliases"] or "").split("|")))) for row in rows
        )


_ORDINAL = (
    r"(?:\d{1,3}(?:st|nd|rd|th)|(?:[Tt]wenty|[Tt]hirty|[Ff]ortieth)-?(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth)?|[Ff]irst|[Ss]econd|[Tt]hird|"
    r"[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ss]eventh|[Ee]ighth|[Nn]inth|[Tt]enth|[Ee]leventh|[Tt]welfth|[Tt]hirteenth|"
    r"[Ff]ourteenth|[Ff]ifteenth|[Ss]ixteenth|[Ss]eventeenth|[Ee]ighteenth|[Nn]ineteenth|[Tt]wentieth)"
)
_PARTY = r"(?:CPC|CCP|Communist Party of China|Chinese Communist Party)"
_WORD = r"[A-Z][\w&]*(?:[.-]\w+|'(?!s\b)\w+|(?<=People)'s|(?<=s)'(?= ))*"
_LINK = r"(?:of|for|and|on|in|to)"
_TITLE = rf"{_WORD}(?: (?:{_LINK} )?{_WORD}){{0,11}}"

_PATTERNS = tuple(
    (label, re.compile(pattern))
    for label, pattern in (
        ("EVENT", rf"{_ORDINAL} (?:Plenum|Plenary Session)s? of the {_ORDINAL} (?:{_PARTY} |Party )?(?:National )?(?:Party )?(?:Central Committee|Congress)(?: of the {_PARTY})?"),
        ("EVENT", rf"{_ORDINAL} (?:{_PARTY} )?(?:National |Party )(?:Party )?Congress(?: of the {_PARTY})?"),
        ("ORG", rf"{_ORDINAL} (?:{_PARTY} )?(?:Politburo|Political Bureau|Central Committee)(?: of the {_PARTY})?"),
        ("ORG", rf"{_ORDINAL} National People's Congress"),
        ("LAW", rf"{_ORDINAL} Five[- ]Year Plan(?: for (?:the )?{_TITLE})?"),
        ("LAW", rf"(?:{_WORD} ){{0,5}}{_WORD} Law(?: of the People's Republic of China)?(?! (?:School|Firm|Review|Society|Desk))"),
        ("LAW", rf"{_TITLE} (?:Plan|Outline|Blueprint)(?: (?:for|on|of) (?:the )?{_TITLE})?|(?:Outline|Plan|Opinions|Measures|Provisions|Regulations|Guidelines|Guideline) (?:for|on|of) (?:the )?{_TITLE}"),
        ("EVENT", rf"(?:(?:19|20)\d\d )?(?:{_WORD} ){{1,6}}(?:Conference|Summit|Expo|Exposition|Forum)(?: {_WORD} Summit)?"),
        ("ORG", r"(?<=\b[Tt]he )Party(?! [A-Z])(?!-)|(?<=[a-z,] )Party(?='s| (?:leadership|leaders|members|cadres|organizations|committees|discipline|building))"),
    )
)  # fmt: skip

_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:'s|s'|'|`s)$")
_PERSONAL_TITLE = re.compile(
    r"(?:(?:Chinese|US|U\.S\.|Former|former|then)\s+)?(?:(?:Vice|Deputy|Executive|General|State|Prime|Foreign|Acting)[\s-]+)*"
    r"(?:President|Premier|Secretary|Chairman|Chairwoman|Chair|Comrade|Minister|Governor|Director|Councilor|Councillor|"
    r"Mr\.?|Mrs\.?|Ms\.?|Messrs\.?|Dr\.?|Professor|Prof\.?|Academician|academician|Ambassador|Senator|Chancellor|Leader)\s+",
)
# Words that stand in front of a name with a capital where they open a sentence.
_OPENING_WORDS = """
The A An In On At Under For To With From By Since After Before This That These Those And But Or As Its His Her
Their Our Also When While Both Each All
"""
_OPENERS = frozenset(_OPENING_WORDS.split())
# What the small model takes for names on policy texts: editors' marks, subjects in capitals, diseases.
_REJECTED = frozenset((
    "ed", "ai", "ict", "iot", "5g", "6g", "digital", "internet", "covid-19", "covid", "coronavirus", "download", "photo",
    "editor", "editor's note", "data", "big data", "digital economy", "digital economy development", "digital technology",
    "digital technologies", "artificial intelligence", "cloud computing", "blockchain", "real economy",
))  # fmt: skip
_PROPER_TAGS = ("NNP", "NNPS")


@cache
def _phrases(nlp: Language) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
    by_label: dict[str, list[str]] = {}
    for entry in gazetteer():
        by_label.setdefault(entry.label, []).extend((entry.name, *entry.aliases))
    for label, names in sorted(by_label.items()):
        matcher.add(label, [nlp.make_doc(name.replace("’", "'")) for name in names])
    return matcher


def recognise(doc: Doc, nlp: Language) -> list[Found]:
    """The mentions in a parsed passage, in reading order, none inside or across another.

    `doc` must carry tags and the model's entities; its text has straight quotes and no line breaks.
    """
    text = doc.text  # put together from the tokens at each call
    rules = [*_by_gazetteer(doc, nlp), *_by_pattern(text)]
    model = [found for found in _by_model(doc, text) if not _holds_several(found, rules)]
    order = {"gazetteer": 0, "pattern": 1, "model": 2}
    taken: list[Found] = []
    for found in sorted((*rules, *model), key=lambda f: (f.start - f.end, order[f.method], f.start)):
        if all(found.end <= other.start or other.end <= found.start for other in taken):
            taken.append(found)
    taken.sort(key=lambda found: found.start)
    return _paired(text, taken)


def _by_gazetteer(doc: Doc, nlp: Language) -> Iterator[Found]:
    for label, start, end in _phrases(nlp)(doc):
        span = doc[start:end]
        yield Found(span.start_char, span.end_char, nlp.vocab.strings[label], "gazetteer")


def _by_pattern(text: str) -> Iterator[Found]:
    for label, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            words = text[start:end].split(" ")
            while words and words[0] in _OPENERS:
                start += len(words.pop(0)) + 1
            if len(words) >= 2 or label == "ORG":
                yield Found(start, end, label, "pattern")


def _by_model(doc: Doc, text: str) -> Iterator[Found]:
    is_tagged = doc.has_annotation("TAG")
    for ent in doc.ents:
        start, end = _trim(text, ent.start_char, ent.end_char, ent.label_)
        name = text[start:end]
        if not name or name.casefold() in _REJECTED:
            continue
        if ent.label_ in ("ORDINAL", "CARDINAL") and (name.endswith("ly") or text[end : end + 1].isalpha()):
            continue
        is_common = is_tagged and not any(token.tag_ in _PROPER_TAGS for token in ent)
        if ent.label_ in NAME_LABELS and (name.islower() or (is_common and ent.label_ not in ("NORP", "LANGUAGE"))):
            continue
        yield Found(start, end, ent.label_, "model")


def _trim(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Take off what is no part of a name: articles, quotes, possessives, titles, an unclosed bracket."""
    while True:
        span = text[start:end]
        stripped = span.strip(' \t\n"“”,;:.')
        if span.endswith(".") and re.search(
            r"\b(?:[A-Z]\.|Inc\.|Co\.|Corp\.|Ltd\.|Jr\.|Oct\.|Sept\.|Nov\.|Dec\.|Jan\.|Feb\.|Aug\.)$", span
        ):
            stripped = span.strip(' \t\n"“”,;:')
        start, end = start + span.find(stripped), start + span.find(stripped) + len(stripped)
        span = text[start:end]
        if "(" in span and ")" not in span:
            end = start + span.index("(")
        elif label in NAME_LABELS and (match := _ARTICLE.match(span)):
            start += match.end()
        elif label in NAME_LABELS and (match := _POSSESSIVE.search(span)):
            end = start + match.start() + (1 if match.group() == "s'" else 0)
        elif label == "PERSON" and (match := _PERSONAL_TITLE.match(span)):
            start += match.end()
        else:
            return start, end
        if end <= start:
            return start, start


def _holds_several(found: Found, rules: list[Found]) -> bool:
    """Whether a span of the model swallows two or more names that the rules tell apart."""
    inside = {(rule.start, rule.end) for rule in rules if found.start <= rule.start and rule.end <= found.end}
    outermost = [a for a in inside if not any(b != a and b[0] <= a[0] and a[1] <= b[1] for b in inside)]
    return len(outermost) > 1


def _paired(text: str, taken: list[Found]) -> list[Found]:
    """Note for a bracketed short form, as in "Communist Party of China (CPC)", the name in front of it."""
    paired = []
    for index, found in enumerate(taken):
        if index and text[taken[index - 1].end : found.start] == " (" and text[found.end : found.end + 1] == ")":
            full, short = text[taken[index - 1].start : taken[index - 1].end], text[found.start : found.end]
            if (name := _abbreviated(short, full)) is not None:
                label = taken[index - 1].label if name == full else found.label
                found = Found(found.start, found.end, label, found.method, name)
        paired.append(found)
    return paired


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
