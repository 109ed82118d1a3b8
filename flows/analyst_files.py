"""What the analyst's own files say, put where it takes effect: into the settings of stages and into tables of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from flows.settings import Settings
from tasks.additions import AddedName
from tasks.analyst import (
    BOILERPLATE,
    DATES,
    DOCUMENTS,
    ENTITIES,
    STOPWORDS,
    TOPICS,
    WATCHLIST,
    AnalystFile,
    misnamed_files,
    misplaced_files,
    names_in,
    read_analyst_file,
)
from tasks.dates import parse_date
from tasks.dating import disbelief
from tasks.entity_decisions import Decision, settle
from tasks.entity_keys import fold, known
from tasks.ingest import IngestSettings
from tasks.watchlist import Concept, keeps_case
from warehouse.rows import listed, replace_rows


def with_analyst_files(settings: Settings) -> tuple[Settings, list[str]]:
    """The settings with the analyst's lists added, and what is wrong in these."""
    boilerplate, stopwords, entities, watchlist = (
        read_analyst_file(settings.seeds, name) for name in (BOILERPLATE, STOPWORDS, ENTITIES, WATCHLIST)
    )
    concepts = tuple(
        Concept(name=name, variants=names_in(row.get("variants", "")), note=row.get("note"))
        for name, row in sorted(watchlist.rows.items())
    )
    decisions = tuple(
        Decision.model_validate(
            {
                "name": name,
                "action": row["action"],
                "label": row.get("label"),
                "aliases": names_in(row.get("aliases", "")),
            }
        )
        for name, row in entities.rows.items()
    )
    settled = settle((*settings.entities.decisions, *decisions))
    added = tuple(
        AddedName(name=decision.name, label=decision.label, aliases=decision.aliases)
        for decision in sorted(settled.decisions, key=lambda decision: decision.name)
        if decision.action == "add" and decision.label is not None
    )
    words = tuple(sorted(stopwords.rows))
    settings = settings.model_copy(
        update={
            "clean": settings.clean.model_copy(
                update={"patterns": (*settings.clean.patterns, *sorted(boilerplate.rows))}
            ),
            "additions": settings.additions.model_copy(update={"names": (*settings.additions.names, *added)}),
            "entities": settings.entities.model_copy(update={"decisions": settled.decisions}),
            "watchlist": settings.watchlist.model_copy(
                update={"concepts": _by_name((*settings.watchlist.concepts, *concepts))}
            ),
            "topics": settings.topics.model_copy(update={"stopwords": (*settings.topics.stopwords, *words)}),
            "trends": settings.trends.model_copy(update={"stopwords": (*settings.trends.stopwords, *words)}),
        }
    )
    notices = [*boilerplate.notices, *stopwords.notices, *entities.notices, *watchlist.notices]
    notices += [f"{_place(ENTITIES, name, entities.lines)}: {problem}" for name, problem in settled.problems]
    notices += [f"{_place(ENTITIES, name, entities.lines)}: {left}" for name, left in _left_behind(settled.decisions)]
    notices += [*_shared_wordings(settings.watchlist.concepts, watchlist.lines), *misnamed_files(settings.seeds)]
    return settings, notices


def _left_behind(decisions: Iterable[Decision]) -> Iterator[tuple[str, str]]:
    """What to say of aliases by which something else is known, that stays what it is under its other names."""
    for decision in decisions:
        names = {fold(name) for name in (decision.name, *decision.aliases)}
        for alias in decision.aliases if decision.action == "merge" else ():
            entry = known(alias, decision.label or "")
            if entry is not None and fold(entry[0]) not in names:
                yield decision.name, f"{alias!r} is {entry[0]!r} too, which stays apart unless it is among the aliases"


def _by_name(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Concepts of one name as one, with the wordings of all; one without any stands for itself."""
    named: dict[str, list[Concept]] = {}
    for concept in concepts:
        named.setdefault(concept.name, []).append(concept)
    return tuple(
        Concept(
            name=name,
            variants=tuple(dict.fromkeys(variant for each in same for variant in each.variants)) or (name,),
            note=next((each.note for each in same if each.note), None),
        )
        for name, same in named.items()
    )


def apply_topic_labels(cursor: Any, settings: Settings) -> tuple[bool, list[str]]:
    """Bring the analyst's labels of topics up to date; say whether any has changed, and what is wrong with them."""
    found = read_analyst_file(settings.seeds, TOPICS)
    notices = list(found.notices)
    present = {topic for (topic,) in cursor.execute("select topic_id from pipeline.topic_weights").fetchall()}
    labels: dict[str, tuple[str, str | None]] = {}
    for topic, row in found.rows.items():
        label, where = row.get("label", ""), f"{TOPICS}:{found.lines[topic]}"
        if not label or label in (other for other, _ in labels.values()):
            notices.append(
                f"{where}: {topic!r} has {'the label of another topic' if label else 'no label'}; it is not used"
            )
            continue
        if present and topic not in present:  # before the first fit there is nothing to know
            notices.append(f"{where}: there is no topic {topic!r}")
        labels[topic] = (label, row.get("note"))
    columns = [[*labels], [label for label, _ in labels.values()], [note for _, note in labels.values()]]
    return replace_rows(cursor, "topic_labels", pa.table(columns, ["topic_id", "label", "note"])), notices


def concept_rows(settings: Settings) -> pa.Table:
    """The concepts of the watchlist as rows of `concepts`."""
    concepts = settings.watchlist.concepts
    return pa.table(
        {
            "concept": [concept.name for concept in concepts],
            "variants": [concept.variants for concept in concepts],
            "note": [concept.note for concept in concepts],
        }
    )


def missing_documents(cursor: Any, documents: AnalystFile) -> list[str]:
    """What to say of lines of `_documents.csv` whose files are not in the folder."""
    if not documents.rows:
        return []
    with listed(cursor, documents.rows):
        there = cursor.execute(
            "select distinct nfc_normalize(path) from pipeline.files where nfc_normalize(path) in (from listed)"
        ).fetchall()
    missing = documents.rows.keys() - {path for (path,) in there}
    return [f"{DOCUMENTS}:{documents.lines[path]}: there is no file {path!r}" for path in sorted(missing)]


def unread_files(cursor: Any) -> list[str]:
    """What to say of the analyst's files that stand in folders within the seeds folder."""
    found = cursor.execute("select path from pipeline.files where reason = 'analyst_file' order by path").fetchall()
    return misplaced_files(path for (path,) in found)


_DISBELIEF = {"ancient": "before ingest.earliest_year", "future": "after the day of the run"}


def disbelieved_dates(documents: AnalystFile, settings: IngestSettings) -> list[str]:
    """What to say of dates in `_documents.csv` that no document has."""
    stated = [
        (documents.lines[path], name, row[name], date.date)
        for path, row in documents.rows.items()
        for name in DATES
        if name in row and (date := parse_date(row[name])) is not None
    ]
    return [
        f"{DOCUMENTS}:{line}: the {name} {written!r} is {_DISBELIEF[problem]}; it is not used"
        for line, name, written, date in stated
        if (problem := disbelief(date, settings.earliest_year, settings.today)) is not None
    ]


def _shared_wordings(concepts: Iterable[Concept], lines: Mapping[str, int]) -> list[str]:
    """What to say of wordings that stand under several concepts: the first has them. `lines` are those of the concepts."""
    owners: dict[str, str] = {}
    wordings = [(variant, concept.name) for concept in concepts for variant in concept.variants]
    return [
        f"{_place(WATCHLIST, name, lines)}: {variant!r} stands under {owner!r} and {name!r}; it counts for the first"
        for variant, name in wordings
        if (owner := owners.setdefault(variant if keeps_case(variant) else variant.casefold(), name)) != name
    ]


def _place(file: str, name: str, lines: Mapping[str, int]) -> str:
    """The file, with the line of a name; without one for a name from the settings."""
    return f"{file}:{lines[name]}" if name in lines else file
