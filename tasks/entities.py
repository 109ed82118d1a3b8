"""Entities: the forms that stand in the texts, resolved to the persons, bodies, places and papers that they name."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal, NamedTuple

import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.additions import AddedSpan
from tasks.annotate import RecognisedSpan, Sentence
from tasks.gazetteer import GENERIC_BODIES, gazetteer
from tasks.ingest import Source
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage


@dataclass(frozen=True, slots=True)
class Entity:
    """One real-world entity; documents that repeat another are not counted."""

    TABLE: ClassVar[str] = "entities"

    entity_id: str
    name: str
    label: str
    aliases: tuple[str, ...]
    mention_count: int
    document_count: int
    first_date: datetime.date | None
    last_date: datetime.date | None


@dataclass(frozen=True, slots=True)
class EntityForm:
    """What a form with a label stands for in one document, and by which rule."""

    TABLE: ClassVar[str] = "entity_forms"

    document_id: str
    text: str
    label: str
    entity_id: str | None
    rule: str


class Decision(BaseModel, frozen=True, extra="forbid"):
    """What the analyst says of a name: it is an entity (add), others stand for it (merge), or it is none (reject)."""

    name: str
    action: Literal["add", "merge", "reject"]
    label: str | None = None
    aliases: tuple[str, ...] = ()


class EntitiesSettings(BaseModel, frozen=True, extra="forbid"):
    """How forms are resolved to entities."""

    decisions: tuple[Decision, ...] = Field(
        (), description="what the analyst says of names; `_entities.csv` adds to them"
    )

    dominance: float = Field(
        0.8,
        ge=0.5,
        le=1,
        description="share of a short form's fuller names in the corpus that one must have to take it",
    )


class _Key(NamedTuple):
    """What tells two entities apart: a kind of thing, and the name without case, hyphens and articles."""

    kind: str
    folded: str


class _Form(NamedTuple):
    document_id: str
    text: str
    label: str
    stands_for: str | None
    mentions: int
    is_duplicate: bool
    date: datetime.date | None


# Labels that the model mixes up for one and the same name.
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
_YEAR_IN_FRONT = re.compile(r"^(?:19|20)\d\d\s+(?=\D)")
_POSSESSIVE = re.compile(r"['’‘`]s?$")
_OF_CHINA = re.compile(r" of (?:the )?(?:china|people s republic of china|prc)$|^(?:prc|chinese) ")
_SEPARATORS = re.compile(r"[\s\-–—.,'’‘\"“”]+")


# A body's name, a congress or a plenum that shows whose party "the Party" is.
_OF_THE_PARTY = re.compile(r"\b(?:cpc|ccp|communist party of china|politburo)\b")
_CPC = _Key("body", "communist party of china")
_GENERIC = frozenset(word.casefold() for word in GENERIC_BODIES)


@stage(
    reads=(RecognisedSpan, AddedSpan, Sentence, Source, Duplicate),
    writes=(Entity, EntityForm),
    version=1,
    settings=EntitiesSettings,
    queries=("entity_forms",),
)
def entities(forms: pa.Table, settings: EntitiesSettings) -> Iterator[Entity | Columns]:
    """Resolve mentions to entities: gazetteer, acronyms, fuller names in the document, then in the corpus.

    `forms` has one row per document, form, label and name abbreviated, with `mentions`, `is_duplicate` and `date`, sorted.
    """
    every = [_Form(**row) for row in forms.to_pylist()]
    decisions = _Decisions(settings.decisions, every)
    rows = [row for row in every if not decisions.reject(row)]
    resolved = _resolve(rows, settings, decisions)
    names, labels = _name_entities(rows, resolved, decisions)
    yield from _entities(rows, resolved, names, labels)
    yield _form_table(rows, resolved, [row for row in every if decisions.reject(row)])


def fold(name: str) -> str:
    """A name without what varies between its spellings: case, article, possessive, hyphens, apostrophes, spacing."""
    name = _POSSESSIVE.sub("", _ARTICLE.sub("", name.strip()))
    return _SEPARATORS.sub(" ", name).strip().casefold()


@cache
def _gazetteer_keys() -> dict[str, tuple[str, str]]:
    """Each folded name and alias of the gazetteer, with the entry's name and label."""
    keys: dict[str, tuple[str, str]] = {}
    for entry in gazetteer():
        for form in entry.forms:
            keys.setdefault(fold(form), (entry.name, entry.label))
    return keys


class _Decisions:
    """The analyst's decisions, by the folded forms that they are about; `rows` tell the label where a merge gives none."""

    def __init__(self, decisions: Iterable[Decision], rows: Iterable[_Form]) -> None:
        self._rejected: dict[str, str | None] = {}
        named: dict[str, Decision] = {}
        for decision in decisions:
            for form in (decision.name, *decision.aliases):
                if decision.action == "reject":
                    self._rejected[fold(form)] = decision.label
                else:
                    named[fold(form)] = decision
        votes: dict[str, Counter[tuple[bool, str]]] = defaultdict(Counter)
        for row in rows if named else ():
            if (decided := named.get(fold(row.text))) is not None:
                votes[decided.name][fold(row.text) == fold(decided.name), row.label] += row.mentions
        self._keys: dict[str, _Key] = {}
        self.names: dict[_Key, tuple[str, str]] = {}
        for form, decision in named.items():
            name, label = _known(decision.name, decision.label or "") or (
                decision.name,
                _commonest(votes[decision.name]),
            )
            if decision.label is not None:
                name, label = decision.name, decision.label
            self._keys[form] = _Key(_kind(label), fold(name))
            self.names[self._keys[form]] = name, label

    def reject(self, row: _Form) -> bool:
        """Whether the analyst says that a form is no entity, or none with its label."""
        folded = fold(row.text)
        return folded in self._rejected and self._rejected[folded] in (None, row.label)

    def resolve(self, row: _Form) -> tuple[_Key, str] | None:
        """The entity that the analyst says a form stands for."""
        key = self._keys.get(fold(row.text))
        return (key, "analyst") if key is not None else None


def _commonest(votes: Counter[tuple[bool, str]]) -> str:
    """The label most often given to a name itself, else to what is merged into it."""
    return max(votes, key=lambda vote: (vote[0], votes[vote], vote[1]), default=(False, "ORG"))[1]


def _resolve(rows: list[_Form], settings: EntitiesSettings, decisions: _Decisions) -> list[tuple[_Key, str]]:
    """The entity key of every row and the rule that found it."""
    first = [decisions.resolve(row) or _by_name(row) for row in rows]
    fuller: dict[str, dict[_Key, int]] = defaultdict(lambda: defaultdict(int))
    for row, (key, rule) in zip(rows, first, strict=True):
        if not row.is_duplicate and rule in ("gazetteer", "name"):
            for short in _short_forms(key) - _GENERIC:
                fuller[short][key] += row.mentions
    resolved: list[tuple[int, tuple[_Key, str]]] = []
    for positions, document_fuller in _by_document(rows, first).values():
        resolved += [
            (position, _short_form(*first[position], document_fuller, fuller, settings)) for position in positions
        ]
    return _one_per_form(rows, [outcome for _, outcome in sorted(resolved, key=lambda pair: pair[0])], settings)


def _one_per_form(
    rows: list[_Form], resolved: list[tuple[_Key, str]], settings: EntitiesSettings
) -> list[tuple[_Key, str]]:
    """A form that stands for several things in one document goes to the commonest of them, in every count.

    A surname that stands for two people is left by itself where neither dominates.
    """
    slots = [(row.document_id, row.text, row.label) for row in rows]
    votes: dict[tuple[str, str, str], Counter[tuple[_Key, str]]] = defaultdict(Counter)
    for slot, row, outcome in zip(slots, rows, resolved, strict=True):
        votes[slot][outcome] += row.mentions
    best = {slot: max(counted, key=lambda outcome: (counted[outcome], outcome)) for slot, counted in votes.items()}
    for slot, (key, _) in best.items():
        is_dominant = votes[slot][best[slot]] >= settings.dominance * votes[slot].total()
        if key.kind == "person" and not is_dominant:
            best[slot] = _Key("person", fold(slot[1])), "name"
    return [best[slot] for slot in slots]


def _by_name(row: _Form) -> tuple[_Key, str]:
    """Resolve a form by its own name, or by the name that it abbreviates where it stands."""
    pointed_to = "fuller name in the document" if row.label == "PERSON" else "acronym"
    for text, rule in ((row.text, "gazetteer"), (row.stands_for, pointed_to)):
        if text is not None and (known := _known(text, row.label)) is not None:
            return _Key(_kind(known[1]), fold(known[0])), rule
    if row.stands_for is not None:
        return _Key(_kind(row.label), fold(row.stands_for)), pointed_to
    folded = fold(row.text)
    if row.label == "LAW":
        folded = _OF_CHINA.sub("", folded) or folded
    return _Key(_kind(row.label), _YEAR_IN_FRONT.sub("", folded) if row.label == "EVENT" else folded), "name"


def _known(text: str, label: str) -> tuple[str, str] | None:
    """The gazetteer's entry of a name as it stands, without a year, or for a law without its country."""
    keys, folded = _gazetteer_keys(), fold(text)
    shorter = _OF_CHINA.sub("", folded) if label == "LAW" else _YEAR_IN_FRONT.sub("", folded)
    return keys.get(folded) or keys.get(shorter)


def _kind(label: str) -> str:
    return _KIND.get(label, "body")


def _short_forms(key: _Key) -> set[str]:
    """What a person, a party or a body may be called later on.

    A Chinese person goes by the first word of the name and a Western one by the last, a party by either, and a body by
    the kind of body that it is ("the Committee").
    """
    first, last = key.folded.partition(" ")[0], key.folded.rpartition(" ")[2]
    if key == _CPC:
        return {"party"}
    if " " not in key.folded or key.kind not in ("person", "body"):
        return set()
    if key.kind == "body" and last != "party":
        return {first, last} & _GENERIC
    return {first, last}


def _by_document(
    rows: list[_Form], first: list[tuple[_Key, str]]
) -> dict[str, tuple[list[int], dict[str, dict[_Key, int]]]]:
    documents: dict[str, tuple[list[int], dict[str, dict[_Key, int]]]] = {}
    for position, (row, (key, rule)) in enumerate(zip(rows, first, strict=True)):
        positions, fuller = documents.setdefault(row.document_id, ([], defaultdict(lambda: defaultdict(int))))
        positions.append(position)
        shorts = {fold(row.text)} if row.stands_for is not None and rule != "gazetteer" else _short_forms(key)
        for short in shorts:
            fuller[short][key] += row.mentions
        if _OF_THE_PARTY.search(key.folded):
            fuller["party"][_CPC] += row.mentions
    return documents


def _short_form(
    key: _Key,
    rule: str,
    document: dict[str, dict[_Key, int]],
    corpus: dict[str, dict[_Key, int]],
    settings: EntitiesSettings,
) -> tuple[_Key, str]:
    """Resolve a form that is short for a fuller name in its document, else for the one that dominates the corpus.

    Two fuller names of one surname in a document (Li Keqiang, Li Qiang) leave the surname by itself.
    """
    if rule != "name" or " " in key.folded:
        return key, rule
    candidates = {
        fuller: count for fuller, count in document.get(key.folded, {}).items() if _may_be_short_for(key, fuller)
    }
    if len(candidates) == 1:
        return next(iter(candidates)), "fuller name in the document"
    known = {fuller: count for fuller, count in corpus.get(key.folded, {}).items() if fuller.kind == key.kind}
    if not candidates and known:
        best, count = max(known.items(), key=lambda item: (item[1], item[0]))
        if count >= settings.dominance * sum(known.values()):
            return best, "fuller name in the corpus"
    return key, rule


def _may_be_short_for(key: _Key, fuller: _Key) -> bool:
    """Whether what the model took a short form for does not speak against the name: no place is short for a person."""
    return fuller.kind != "person" or key.kind in ("person", "body")


def _name_entities(
    rows: list[_Form], resolved: list[tuple[_Key, str]], decisions: _Decisions
) -> tuple[dict[_Key, str], dict[_Key, str]]:
    """The name and the label of each entity: the analyst's, the gazetteer's, else the commonest of its own full forms."""
    names: dict[_Key, Counter[str]] = defaultdict(Counter)
    labels: dict[_Key, Counter[str]] = defaultdict(Counter)
    for row, (key, rule) in zip(rows, resolved, strict=True):
        labels[key][row.label] += row.mentions
        if rule == "name":
            names[key][_plain(row.text)] += 0 if row.is_duplicate else row.mentions
        elif row.stands_for is not None and fold(row.stands_for) == key.folded:
            names[key][_plain(row.stands_for)] += 1
    chosen_names, chosen_labels = {}, {}
    for key in labels:
        known = decisions.names.get(key) or _gazetteer_keys().get(key.folded)
        if known is not None and _kind(known[1]) == key.kind:
            chosen_names[key], chosen_labels[key] = known
        else:
            counted = names[key] or Counter({key.folded: 1})
            chosen_names[key] = min(counted, key=lambda name: (-counted[name], name))
            chosen_labels[key] = min(labels[key], key=lambda label: (-labels[key][label], label))
            if key.kind == "event":
                chosen_names[key] = _YEAR_IN_FRONT.sub("", chosen_names[key])
    return chosen_names, chosen_labels


def _plain(text: str) -> str:
    return _POSSESSIVE.sub("", _ARTICLE.sub("", " ".join(text.split())))


def entity_id(label_kind: str, folded: str) -> str:
    """An entity's id: the same name and kind has the same id in every warehouse."""
    return "e" + hashlib.sha256(f"{label_kind}|{folded}".encode()).hexdigest()[:12]


def _entities(
    rows: list[_Form], resolved: list[tuple[_Key, str]], names: dict[_Key, str], labels: dict[_Key, str]
) -> Iterator[Entity]:
    aliases: dict[_Key, Counter[str]] = defaultdict(Counter)
    documents: dict[_Key, set[str]] = defaultdict(set)
    dates: dict[_Key, list[datetime.date]] = defaultdict(list)
    mentions: Counter[_Key] = Counter()
    for row, (key, _) in zip(rows, resolved, strict=True):
        mentions[key] += 0  # an entity named in a repeated document alone has its row too
        if row.is_duplicate:
            continue
        aliases[key][_plain(row.text)] += row.mentions
        mentions[key] += row.mentions
        documents[key].add(row.document_id)
        if row.date is not None:
            dates[key].append(row.date)
    for key in sorted(mentions, key=lambda key: (-mentions[key], key)):
        yield Entity(
            entity_id=entity_id(*key),
            name=names[key],
            label=labels[key],
            aliases=tuple(
                sorted((alias for alias in aliases[key] if alias != names[key]), key=lambda a: (-aliases[key][a], a))
            ),
            mention_count=mentions[key],
            document_count=len(documents[key]),
            first_date=min(dates[key], default=None),
            last_date=max(dates[key], default=None),
        )


def _form_table(rows: list[_Form], resolved: list[tuple[_Key, str]], rejected: list[_Form]) -> Columns:
    """One row per document, form and label; without an entity for what the analyst rejects."""
    slots = {(row.document_id, row.text, row.label): outcome for row, outcome in zip(rows, resolved, strict=True)}
    forms: list[tuple[str | None, ...]] = [
        (*slot, entity_id(*key), rule) for slot, (key, rule) in sorted(slots.items())
    ]
    forms += sorted({(row.document_id, row.text, row.label, None, "rejected") for row in rejected})
    schema = arrow_schema(EntityForm)
    columns = [[*column] for column in zip(*forms, strict=True)]
    return Columns(EntityForm, pa.table(columns or [[] for _ in schema], schema=schema))
