"""What the passages of a document say about each other: surnames, short forms, and words that are no names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from tasks.gazetteer import GENERIC_BODIES, gazetteer
from tasks.recognition.mentions import NAME_LABELS, Found, Recognised, overlapping, put_in_place
from tasks.recognition.people import follows_office, office_of, surname_of
from tasks.recognition.word_lists import OPENERS

_PARTY_OF = re.compile(r"([A-Z]\w{3,}) Party")
_CAPITALISED = re.compile(r"\b[A-Z]\w+")
_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:\"] ?| {2})$")


@dataclass(slots=True)
class ShortForms:
    """What a document calls by a short form: the label of each, and the full names of each surname in reading order.

    `latest` has of each surname, and of each with an office in front, who was called so in full last.
    """

    labels: dict[str, str] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    latest: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def learn(self, name: str, found: Found) -> None:
        """Take in the short form that a mention is, or the ones of the name that it is."""
        if found.stands_for is not None:
            self.labels.setdefault(name, found.label)
        elif found.label == "PERSON" and (surname := surname_of(name)):
            self.labels.setdefault(surname, "PERSON")
            if name not in (names := self.people.setdefault(surname, [])):
                names.append(name)
        elif found.label == "ORG" and " " in name:
            for word in {name.partition(" ")[0], name.rpartition(" ")[2]} & GENERIC_BODIES:
                self.labels.setdefault(word, "ORG")
            party = _PARTY_OF.fullmatch(name)
            if party and party.group(1) not in _groups():
                self.labels.setdefault(party.group(1), "ORG")


@cache
def _groups() -> frozenset[str]:
    return frozenset(form for entry in gazetteer() if entry.label == "NORP" for form in entry.forms)


def settle(passages: list[Recognised], known: ShortForms) -> list[list[Found]]:
    """Mend the mentions in passages of one document by what the others say.

    A surname is a person where the full name stands elsewhere, a short form is what its definition says, and what is
    also written in lower case is no name. `known` holds what earlier passages told and takes in the new.
    """
    for text, is_headline, mentions in passages:
        for found in mentions:
            if not (is_headline and found.method == "model"):  # it may hold a verb
                known.learn(text[found.start : found.end], found)
    whole = " ".join(passage.text for passage in passages)
    return [_settled(*passage, known, whole) for passage in passages]


def _settled(text: str, is_headline: bool, mentions: list[Found], known: ShortForms, whole: str) -> list[Found]:
    settled: list[Found] = []
    for found in mentions:
        name = text[found.start : found.end]
        if found.method == "model" and found.label in NAME_LABELS:
            first = name.partition(" ")[0]
            if (label := known.labels.get(name)) is not None:
                found = replace(found, label=label)
            elif is_headline and found.label == "PERSON" and first in known.people and name not in known.people[first]:
                found = replace(found, end=found.start + len(first))
            elif " " in name and first.endswith("'s") and first[:-2] in known.labels:
                found = replace(found, end=found.start + len(first) - 2, label=known.labels[first[:-2]])
            elif name in GENERIC_BODIES or (
                found.label not in ("NORP", "LANGUAGE") and _is_written_small(text, found.start, name, whole)
            ):
                continue
        settled.append(found)
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        label = None if word in GENERIC_BODIES else known.labels.get(word)
        if not label or _is_written_small(text, match.start(), word, whole):
            continue
        if is_headline or _stands_alone(text, *match.span()):
            found = Found(*match.span(), label, "pattern")
            others = overlapping(found, settled)
            if all(other.label not in NAME_LABELS for other in others):
                put_in_place(settled, others, [found])
    return [_as_latest(text, found, known) for found in settled]


def _as_latest(text: str, found: Found, known: ShortForms) -> Found:
    """Where several people of a document share a surname, it stands for the one named last, else for the first to come.

    With an office in front, it stands for the one named last with that office, if there is one.
    """
    if found.label == "PERSON":
        name = text[found.start : found.end]
        if (surname := surname_of(name)) is not None:
            known.latest[surname, None] = known.latest[surname, office_of(text, found.start)] = name
        elif len(people := known.people.get(name, [])) > 1:
            latest = known.latest.get((name, office_of(text, found.start))) or known.latest.get((name, None), people[0])
            return replace(found, stands_for=latest)
    return found


def _is_written_small(text: str, start: int, name: str, whole: str) -> bool:
    """Whether a phrase, or a word that opens a sentence, also stands in lower case in the document."""
    if " " not in name and not _OPENS_SENTENCE.search(text, max(0, start - 3), start):
        return False
    small = name.lower()
    place = whole.find(f" {small}")
    return place >= 0 and not whole[place + 1 + len(small) : place + 2 + len(small)].isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a word is no part of a longer name, and a name where it might be an ordinary word ("He")."""
    before, after = text[max(0, start - 40) : start].rpartition(" ")[0], text[end : end + 2]
    if after[:1] == "-" or text[start - 1 : start] == "-" or (after[:1] == " " and after[1:].isupper()):
        return False
    opens = _OPENS_SENTENCE.search(text, max(0, start - 3), start) is not None
    if text[start:end] in OPENERS:
        return not opens and text[start - 2 : start - 1].islower()
    last = before.rpartition(" ")[2] if text[start - 1 : start] == " " else ""
    return opens or not last[:1].isupper() or not last[-1:].isalpha() or last in OPENERS or follows_office(text, start)
