"""What tells two entities apart, and which entity a name stands for by itself."""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache
from typing import NamedTuple

from tasks.gazetteer import gazetteer

# Labels of one kind are those that the model mixes up for one and the same name; every other is of a body.
_KIND = {
    "PERSON": "person",
    "GPE": "place",
    "LOC": "place",
    "NORP": "group",
    "LAW": "text",
    "WORK_OF_ART": "text",
    "EVENT": "event",
}
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
YEAR_IN_FRONT = re.compile(r"^(?:19|20)\d\d\s+(?=\D)")
_POSSESSIVE = re.compile(r"['’‘`]s?$")
_OF_CHINA = re.compile(r" of (?:the )?(?:china|people s republic of china|prc)$|^(?:prc|chinese) ")
_SEPARATORS = str.maketrans(dict.fromkeys("-–—.,'’‘\"“”", " "))
_REMEMBERED = 200_000  # names, each of which is asked about several times


class Key(NamedTuple):
    """What tells two entities apart: a kind of thing, and the name without case, hyphens and articles."""

    kind: str
    folded: str


class Form(NamedTuple):
    """A form with a label and what it abbreviates, how often it stands in the corpus, and how often repeats left aside."""

    text: str
    label: str
    stands_for: str | None
    mentions: int
    counted: int


@lru_cache(maxsize=_REMEMBERED)
def fold(name: str) -> str:
    """A name without what varies between its spellings: case, article, possessive, hyphens, apostrophes, spacing."""
    name = _POSSESSIVE.sub("", _ARTICLE.sub("", name.strip()))
    return " ".join(name.translate(_SEPARATORS).split()).casefold()


@lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """A name as it is shown: without article and possessive, its spacing mended."""
    return _POSSESSIVE.sub("", _ARTICLE.sub("", " ".join(text.split())))


def entity_id(label_kind: str, folded: str) -> str:
    """An entity's id: the same name and kind has the same id in every warehouse."""
    return "e" + hashlib.sha256(f"{label_kind}|{folded}".encode()).hexdigest()[:12]


def kind_of(label: str) -> str:
    """The kind of thing that a label tells, in which the model may mix labels up."""
    return _KIND.get(label, "body")


@cache
def gazetteer_keys() -> dict[str, tuple[str, str]]:
    """Each folded name and alias of the gazetteer, with the entry's name and label."""
    keys: dict[str, tuple[str, str]] = {}
    for entry in gazetteer():
        for form in entry.forms:
            keys.setdefault(fold(form), (entry.name, entry.label))
    return keys


def known(text: str, label: str) -> tuple[str, str] | None:
    """The gazetteer's entry of a name as it stands, without a year, or for a law without its country."""
    keys, folded = gazetteer_keys(), fold(text)
    shorter = _OF_CHINA.sub("", folded) if label == "LAW" else YEAR_IN_FRONT.sub("", folded)
    return keys.get(folded) or keys.get(shorter)


def by_name(form: Form) -> tuple[Key, str]:
    """Resolve a form by its own name, or by the name that it abbreviates where it stands."""
    pointed_to = "fuller name in the document" if form.label == "PERSON" else "acronym"
    for text, rule in ((form.text, "gazetteer"), (form.stands_for, pointed_to)):
        if text is not None and (entry := known(text, form.label)) is not None:
            return Key(kind_of(entry[1]), fold(entry[0])), rule
    if form.stands_for is not None:
        return Key(kind_of(form.label), fold(form.stands_for)), pointed_to
    folded = fold(form.text)
    if form.label == "LAW":
        folded = _OF_CHINA.sub("", folded) or folded
    return Key(kind_of(form.label), YEAR_IN_FRONT.sub("", folded) if form.label == "EVENT" else folded), "name"
