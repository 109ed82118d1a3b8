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
_YEARS_BEHIND = re.compile(
    r" \((?:19|20)\d\d (?:to )?(?:19|20)?\d\d\)$"
)  # as folded, of a plan: (2021–2025), (2021-25)
YEAR_IN_FRONT = re.compile(r"^(?:19|20)\d\d\s+(?=\D)")
_POSSESSIVE = re.compile(r"['’‘`]s?$")
_OF_CHINA = re.compile(r" of (?:the )?(?:china|people s republic of china|prc)$|^(?:prc|chinese) ")
_SEPARATORS = str.maketrans(dict.fromkeys("-–—.,'’‘\"“”", " "))
_TELL_NOTHING = frozenset(("of", "the", "and", "for", "on", "in", "inc", "corp", "ltd", "co"))
_START = 4  # characters that one word has in common with another spelling of it
ACRONYM = "acronym"  # the rule by which a form is what its document says that it abbreviates
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


def _folded(name: str, label: str) -> str:
    """A name as `fold` gives it, that of a law or a plan without the years that a plan is for."""
    return _YEARS_BEHIND.sub("", fold(name)) if label == "LAW" else fold(name)


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
    """The gazetteer's entry of a name as it stands, without a year, or for a law or a congress without its country."""
    keys, folded = gazetteer_keys(), _folded(text, label)
    shorter = _OF_CHINA.sub("", folded) if label in ("LAW", "EVENT") else folded
    shorter = YEAR_IN_FRONT.sub("", shorter) if label != "LAW" else shorter
    return keys.get(folded) or keys.get(shorter)


def by_name(form: Form) -> tuple[Key, str]:
    """Resolve a form by the name that it stands for where it stands, else by its own.

    What the document says of an abbreviation goes before the gazetteer, unless it words the gazetteer's own name otherwise.
    """
    own = known(form.text, form.label)
    if (full := form.stands_for) is not None:
        told = known(full, form.label)
        if own is None or (told != own and (told is not None or not _words(full, own[0]))):
            name, label = told or (full, form.label)
            is_part = f" {fold(form.text)} " in f" {fold(full)} "
            return Key(kind_of(label), fold(name)), "fuller name in the document" if is_part else ACRONYM
    if own is not None:
        return Key(kind_of(own[1]), fold(own[0])), "gazetteer"
    folded = _folded(form.text, form.label)
    if form.label == "LAW":
        folded = _OF_CHINA.sub("", folded) or folded
    return Key(kind_of(form.label), YEAR_IN_FRONT.sub("", folded) if form.label == "EVENT" else folded), "name"


def _words(name: str, entry: str) -> bool:
    """Whether each word of a name begins as one does of what the gazetteer calls an entry: "Organisation", "Organization"."""
    return _starts(name) <= _starts_of_entry(entry)


@cache
def _starts_of_entry(name: str) -> frozenset[str]:
    return frozenset(
        start for entry in gazetteer() if entry.name == name for form in entry.forms for start in _starts(form)
    )


def _starts(name: str) -> frozenset[str]:
    """How the words of a name begin, without single letters ("U.S."), small words and the legal form of a company."""
    return frozenset(word[:_START] for word in fold(name).split() if len(word) > 1 and word not in _TELL_NOTHING)
