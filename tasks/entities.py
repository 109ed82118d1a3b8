"""Entities: the forms that stand in the texts, resolved to the persons, bodies, places and papers that they name."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.additions import AddedSpan
from tasks.annotate import RecognisedSpan, Sentence
from tasks.entity_decisions import Decision, Decisions
from tasks.entity_keys import YEAR_IN_FRONT, Form, Key, entity_id, fold, gazetteer_keys, kind_of, plain
from tasks.entity_resolution import resolve
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
    every = [Form(**row) for row in forms.to_pylist()]
    decisions = Decisions(settings.decisions, every)
    rows: list[Form] = []
    rejected: list[Form] = []
    for row in every:
        (rejected if decisions.reject(row) else rows).append(row)
    resolved = resolve(rows, decisions, settings.dominance)
    names, labels = _name_entities(rows, resolved, decisions)
    yield from _entities(rows, resolved, names, labels)
    yield _form_table(rows, resolved, rejected)


def _name_entities(
    rows: list[Form], resolved: list[tuple[Key, str]], decisions: Decisions
) -> tuple[dict[Key, str], dict[Key, str]]:
    """The name and the label of each entity: the analyst's, the gazetteer's, else the commonest of its own full forms."""
    names: dict[Key, Counter[str]] = defaultdict(Counter)
    labels: dict[Key, Counter[str]] = defaultdict(Counter)
    for row, (key, rule) in zip(rows, resolved, strict=True):
        labels[key][row.label] += row.mentions
        if rule == "name":
            names[key][plain(row.text)] += 0 if row.is_duplicate else row.mentions
        elif row.stands_for is not None and fold(row.stands_for) == key.folded:
            names[key][plain(row.stands_for)] += 1
    chosen_names, chosen_labels = {}, {}
    for key in labels:
        known = decisions.names.get(key) or gazetteer_keys().get(key.folded)
        if known is not None and kind_of(known[1]) == key.kind:
            chosen_names[key], chosen_labels[key] = known
        else:
            counted = names[key] or Counter({key.folded: 1})
            chosen_names[key] = min(counted, key=lambda name: (-counted[name], name))
            chosen_labels[key] = min(labels[key], key=lambda label: (-labels[key][label], label))
            if key.kind == "event":
                chosen_names[key] = YEAR_IN_FRONT.sub("", chosen_names[key])
    return chosen_names, chosen_labels


def _entities(
    rows: list[Form], resolved: list[tuple[Key, str]], names: dict[Key, str], labels: dict[Key, str]
) -> Iterator[Entity]:
    aliases: dict[Key, Counter[str]] = defaultdict(Counter)
    documents: dict[Key, set[str]] = defaultdict(set)
    dates: dict[Key, list[datetime.date]] = defaultdict(list)
    mentions: Counter[Key] = Counter()
    for row, (key, _) in zip(rows, resolved, strict=True):
        mentions[key] += 0  # an entity named in a repeated document alone has its row too
        if row.is_duplicate:
            continue
        aliases[key][plain(row.text)] += row.mentions
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


def _form_table(rows: list[Form], resolved: list[tuple[Key, str]], rejected: list[Form]) -> Columns:
    """One row per document, form and label; without an entity for what the analyst rejects."""
    slots = {(row.document_id, row.text, row.label): outcome for row, outcome in zip(rows, resolved, strict=True)}
    forms: list[tuple[str | None, ...]] = [
        (*slot, entity_id(*key), rule) for slot, (key, rule) in sorted(slots.items())
    ]
    forms += sorted({(row.document_id, row.text, row.label, None, "rejected") for row in rejected})
    schema = arrow_schema(EntityForm)
    columns = [[*column] for column in zip(*forms, strict=True)]
    return Columns(EntityForm, pa.table(columns or [[] for _ in schema], schema=schema))
