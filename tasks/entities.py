"""Entities: the forms that stand in the texts, resolved to the persons, bodies, places and papers that they name."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.additions import AddedSpan
from tasks.annotate import RecognisedSpan, Sentence
from tasks.calendar import CalendarDate
from tasks.entity_decisions import Decision, Decisions
from tasks.entity_keys import YEAR_IN_FRONT, Form, Key, entity_id, fold, gazetteer_keys, kind_of, plain
from tasks.entity_resolution import Integers, Outcome, Rows, read_rows, resolve
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
    """What a form with a label stands for in one document, where the same is told of it there, and by which rule."""

    TABLE: ClassVar[str] = "entity_forms"

    document_id: str
    text: str
    label: str
    stands_for: str | None
    entity_id: str | None
    rule: str
    mentions: int


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


@stage(
    reads=(RecognisedSpan, AddedSpan, Sentence, CalendarDate, Duplicate),
    writes=(Entity, EntityForm),
    version=1,
    settings=EntitiesSettings,
    queries=("entity_forms",),
)
def entities(forms: pa.Table, settings: EntitiesSettings) -> Iterator[Entity | Columns]:
    """Resolve mentions to entities: acronyms that a document explains, the gazetteer, fuller names in it, then in the corpus.

    `forms` has one row per document, form, label and name abbreviated, with `mentions`, `is_duplicate` and `date`. A name of
    several words is one entity, of the kind of thing that it is labelled as most often.
    """
    every = read_rows(forms)
    decisions = Decisions(settings.decisions, every.forms)
    is_named = np.array([not decisions.reject(form) for form in every.forms], np.bool_)
    rows = every.of_forms(is_named)
    outcomes, found = resolve(rows, decisions, settings.dominance)
    named = is_named[every.form]
    yield from _entities(rows, outcomes, found, forms["date"].filter(named), decisions)
    stands_for = np.full(len(every.form), len(outcomes))
    stands_for[named] = found
    yield _form_table(forms, every, outcomes, stands_for)


def _form_table(forms: pa.Table, every: Rows, outcomes: list[Outcome], stands_for: Integers) -> Columns:
    """The forms as they were given, in order, and their entities: none for what the analyst rejects, which has no outcome."""
    order = np.lexsort((every.form, every.document))
    ids = pa.array([*(entity_id(*key) for key, _ in outcomes), None], pa.string())
    rules = pa.array([*(rule for _, rule in outcomes), "rejected"], pa.string())
    own = forms.select(["document_id", "text", "label", "stands_for"]).columns
    columns = [*own, ids.take(stands_for), rules.take(stands_for), forms["mentions"]]
    return Columns(EntityForm, pa.table(columns, schema=arrow_schema(EntityForm)).take(order))


_SPREAD = ("document_count_distinct", "date_min", "date_max")


def _entities(
    rows: Rows, outcomes: list[Outcome], found: Integers, dates: pa.ChunkedArray, decisions: Decisions
) -> Iterator[Entity]:
    uses = _uses(rows, outcomes, found)
    keys = {key: number for number, key in enumerate(uses)}
    key_of = np.array([keys.get(key, -1) for key, _ in outcomes], np.int64)
    counted = pa.table({"key": key_of[found], "document": rows.document, "date": dates}).filter(rows.is_counted)
    spread = counted.group_by("key").aggregate([("document", "count_distinct"), ("date", "min"), ("date", "max")])
    where = dict(
        zip(spread["key"].to_pylist(), zip(*(spread[name].to_pylist() for name in _SPREAD), strict=True), strict=True)
    )
    mentions = {key: sum(use.counted for use in own) for key, own in uses.items()}
    for key in sorted(uses, key=lambda key: (-mentions[key], key)):
        name, label = _name(key, uses[key], decisions)
        aliases: dict[str, int] = defaultdict(int)
        for use in uses[key]:
            if use.counted:
                aliases[plain(use.form.text)] += use.counted
        # An entity that is named in repeated documents alone has its row too.
        documents, first, last = where.get(keys[key], (0, None, None))
        yield Entity(
            entity_id=entity_id(*key),
            name=name,
            label=label,
            aliases=tuple(sorted(aliases.keys() - {name}, key=lambda alias: (-aliases[alias], alias))),
            mention_count=mentions[key],
            document_count=documents,
            first_date=first,
            last_date=last,
        )


class _Use(NamedTuple):
    """A form that stands for an entity by a rule: in how many documents, how often, and how often repeats left aside."""

    form: Form
    rule: str
    documents: int
    mentions: int
    counted: int


def _uses(rows: Rows, outcomes: list[Outcome], found: Integers) -> dict[Key, list[_Use]]:
    """The forms of each entity."""
    pairs, pair = np.unique(found * len(rows.forms) + rows.form, return_inverse=True)
    weights = (None, rows.mentions, rows.mentions * rows.is_counted)
    totals = (np.bincount(pair, weight, len(pairs)).astype(int).tolist() for weight in weights)
    uses: dict[Key, list[_Use]] = defaultdict(list)
    for number, *counts in zip(pairs.tolist(), *totals, strict=True):
        outcome, form = divmod(number, len(rows.forms))
        key, rule = outcomes[outcome]
        uses[key].append(_Use(rows.forms[form], rule, *counts))
    return uses


def _name(key: Key, uses: list[_Use], decisions: Decisions) -> tuple[str, str]:
    """The name and the label of an entity: the analyst's, the gazetteer's, else the commonest of its own full forms."""
    known = decisions.names.get(key) or gazetteer_keys().get(key.folded)
    if known is not None and kind_of(known[1]) == key.kind:
        return known
    names: dict[str, int] = defaultdict(int)
    labels: dict[str, int] = defaultdict(int)
    for use in uses:
        labels[use.form.label] += use.mentions
        if use.rule == "name":
            names[plain(use.form.text)] += use.counted
        elif use.form.stands_for is not None and fold(use.form.stands_for) == key.folded:
            names[plain(use.form.stands_for)] += use.documents
    name = min(names or [key.folded], key=lambda name: (-names[name], name))
    label = min(labels, key=lambda label: (-labels[label], label))
    return YEAR_IN_FRONT.sub("", name) if key.kind == "event" else name, label
