"""Look the seeds folder over and bring the record of it up to date; say what has changed and who has work to do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from flows.folders import Folders
from flows.loss import lost_files
from flows.settings import Settings
from flows.stages import STAGES, summing_up
from flows.work import derived_tables, find_work, made_with
from tasks.additions import AddedName
from tasks.analyst import (
    BOILERPLATE,
    DOCUMENTS,
    ENTITIES,
    STOPWORDS,
    TOPICS,
    WATCHLIST,
    AnalystFile,
    misnamed_files,
    names_in,
    read_analyst_file,
)
from tasks.entity_decisions import Decision
from tasks.errors import UsageError
from tasks.ingest import SeedFile, ingest
from tasks.scan import File, scan
from tasks.stage import Stage, arrow_schema, to_table
from tasks.topics import topics
from tasks.watchlist import Concept
from warehouse import ledger
from warehouse.definitions import is_kept, qualified
from warehouse.store import Store, insert_rows, listed, replace_rows


class SeedsError(UsageError, FileNotFoundError):
    """The folder of documents is not there."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the seeds folder differs from what it was at the run before: paths, sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked to do beyond what has changed."""

    rebuild: bool = False
    rehash: bool = False
    refit_topics: bool = False
    accept_loss: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """What was found: the settings with the analyst's lists in them, changed files, notices, and whether there is work.

    `loss` says, where so many documents are gone that it must be meant, how many; not if any loss `is_accepted`.
    """

    settings: Settings
    changes: Changes
    notices: list[str]
    has_work: bool
    loss: str | None = None
    is_accepted: bool = False


def check_seeds(settings: Folders) -> None:
    """Raise `SeedsError` where there is no folder of documents, or it is that of the warehouse."""
    seeds = settings.seeds
    if settings.warehouse_in_seeds == ".":
        raise SeedsError(f"{seeds} is to hold documents and the warehouse too: name another folder with --warehouse")
    if not seeds.is_dir():
        raise SeedsError(f"{seeds} is no folder: make it and put documents into it, or name another with --seeds")
    try:
        os.scandir(seeds).close()
    except OSError as error:
        raise SeedsError(f"{seeds} cannot be listed: {error.strerror}; see to its permissions") from error


def take_in(cursor: Any, store: Store, settings: Settings, options: Options) -> Intake:
    """Bring schema, ledger and the table of files to what code, options and the seeds folder say."""
    documents = read_analyst_file(settings.seeds, DOCUMENTS)
    settings, notices = with_analyst_files(settings)
    store.keep_schema(cursor)
    changes, is_altered, loss = _apply_scan(cursor, settings, rehash=options.rehash, overrides=documents.rows)
    notices = [*documents.notices, *_missing_documents(cursor, documents), *notices]
    is_altered |= replace_rows(cursor, "concepts", _concepts(settings))
    is_renamed, topic_notices = _apply_topic_labels(cursor, settings)
    _forget_what_is_asked(cursor, store, options)
    if store.is_redefined or ledger.lacks_digests(cursor, SeedFile.TABLE):
        ledger.seed_digests(cursor, SeedFile.TABLE)
    broken_down = ledger.broken_down(cursor)
    current = [made_with(cursor, stage, settings) for stage in STAGES if stage.name in broken_down]
    ledger.retry(cursor, ingest.name, settings.ingest.today, current)
    has_work = (
        is_altered or is_renamed or store.is_redefined or any(find_work(cursor, stage, settings) for stage in STAGES)
    )
    return Intake(
        settings,
        changes,
        [*notices, *topic_notices],
        has_work,
        None if options.accept_loss else loss,
        is_accepted=options.accept_loss,
    )


def _apply_topic_labels(cursor: Any, settings: Settings) -> tuple[bool, list[str]]:
    """Bring the analyst's labels of topics up to date; say whether any has changed, and what is wrong with them."""
    found = read_analyst_file(settings.seeds, TOPICS)
    notices = list(found.notices)
    known = {topic for (topic,) in cursor.execute("select topic_id from pipeline.topic_weights").fetchall()}
    labels: dict[str, tuple[str, str | None]] = {}
    for topic, row in found.rows.items():
        label, where = row.get("label", ""), f"{TOPICS}:{found.lines[topic]}"
        if not label or label in (other for other, _ in labels.values()):
            notices.append(
                f"{where}: {topic!r} has {'the label of another topic' if label else 'no label'}; it is not used"
            )
            continue
        if topic not in known:
            notices.append(f"{where}: there is no topic {topic!r}")
        labels[topic] = (label, row.get("note"))
    columns = [[*labels], [label for label, _ in labels.values()], [note for _, note in labels.values()]]
    return replace_rows(cursor, "topic_labels", pa.table(columns, ["topic_id", "label", "note"])), notices


def _concepts(settings: Settings) -> pa.Table:
    concepts = settings.watchlist.concepts
    return pa.table(
        {
            "concept": [concept.name for concept in concepts],
            "variants": [concept.variants for concept in concepts],
            "note": [concept.note for concept in concepts],
        }
    )


def _forget_what_is_asked(cursor: Any, store: Store, options: Options) -> None:
    """Take out of tables and ledger what is to be made anew: everything, a stage whose table is gone, or the topics."""
    own = {"pipeline.ledger", "pipeline.digests", "pipeline.files"}
    if options.rebuild or own & set(store.rebuilt):
        ledger.clear(cursor, derived_tables(STAGES))
        return
    for stage in STAGES:
        if any(qualified(record.TABLE) in store.lost for record in stage.writes):
            _forget(cursor, stage)
        noted_in = {"pipeline.changes", *(qualified(record.TABLE) for record in stage.writes)}
        if (taker := summing_up(stage)) and noted_in & set(store.rebuilt):
            _forget(cursor, taker)  # what has changed is noted nowhere
    if options.refit_topics:
        _forget(cursor, topics)


def _forget(cursor: Any, stage: Stage) -> None:
    tables = [record.TABLE for record in stage.writes if not is_kept(record.TABLE)]
    ledger.forget_stage(cursor, stage.name, tables, stage.source)


def _missing_documents(cursor: Any, documents: AnalystFile) -> list[str]:
    """What to say of lines of `_documents.csv` whose files are not in the folder."""
    if not documents.rows:
        return []
    with listed(cursor, documents.rows):
        there = cursor.execute(
            "select distinct nfc_normalize(path) from pipeline.files where nfc_normalize(path) in (from listed)"
        ).fetchall()
    missing = documents.rows.keys() - {path for (path,) in there}
    return [f"{DOCUMENTS}:{documents.lines[path]}: there is no file {path!r}" for path in sorted(missing)]


def with_analyst_files(settings: Settings) -> tuple[Settings, list[str]]:
    """The settings with the analyst's lists added, and what is wrong in these."""
    boilerplate, stopwords, entities, watchlist = (
        read_analyst_file(settings.seeds, name) for name in (BOILERPLATE, STOPWORDS, ENTITIES, WATCHLIST)
    )
    concepts = tuple(
        Concept(name=name, variants=names_in(row.get("variants", "")) or (name,), note=row.get("note"))
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
        for name, row in sorted(entities.rows.items())
    )
    added = tuple(
        AddedName(name=decision.name, label=decision.label, aliases=decision.aliases)
        for decision in decisions
        if decision.action == "add" and decision.label is not None
    )
    words = tuple(sorted({word.casefold() for word in stopwords.rows}))
    settings = settings.model_copy(
        update={
            "clean": settings.clean.model_copy(
                update={"patterns": (*settings.clean.patterns, *sorted(boilerplate.rows))}
            ),
            "additions": settings.additions.model_copy(update={"names": (*settings.additions.names, *added)}),
            "entities": settings.entities.model_copy(update={"decisions": (*settings.entities.decisions, *decisions)}),
            "watchlist": settings.watchlist.model_copy(update={"concepts": (*settings.watchlist.concepts, *concepts)}),
            "topics": settings.topics.model_copy(update={"stopwords": (*settings.topics.stopwords, *words)}),
            "trends": settings.trends.model_copy(update={"stopwords": (*settings.trends.stopwords, *words)}),
        }
    )
    notices = [*boilerplate.notices, *stopwords.notices, *entities.notices, *watchlist.notices]
    notices += [*_shared_wordings(settings.watchlist.concepts, watchlist.lines), *misnamed_files(settings.seeds)]
    return settings, notices


def _shared_wordings(concepts: Iterable[Concept], lines: Mapping[str, int]) -> list[str]:
    """What to say of wordings that stand under several concepts: the first has them. `lines` are those of the concepts."""
    owners: dict[str, str] = {}
    wordings = [(variant, concept.name) for concept in concepts for variant in concept.variants]
    return [
        f"{WATCHLIST}{f':{lines[name]}' if name in lines else ''}: {variant!r} stands under {owner!r} and {name!r}; "
        "it counts for the first"
        for variant, name in wordings
        if (owner := owners.setdefault(variant.casefold(), name)) != name
    ]


def _apply_scan(
    cursor: Any, settings: Settings, *, rehash: bool, overrides: Mapping[str, Mapping[str, str]]
) -> tuple[Changes, bool, str | None]:
    """Bring the table of files up to date; say what has changed, whether anything has that readers see, and what is lost."""
    names = arrow_schema(File).names
    stored = cursor.execute(f"select {', '.join(names)} from pipeline.files").fetchall()
    known = {file.path: file for file in (File(*row) for row in stored)}
    found = {
        file.path: file
        for file in scan(
            settings.seeds,
            known,
            now_ns=time.time_ns(),
            largest=settings.ingest.largest_file,
            rehash=rehash,
            overrides=overrides,
            left_out=settings.warehouse_in_seeds,
        )
    }
    loss = lost_files(cursor, settings, known, found)
    altered = [path for path, file in found.items() if known.get(path) != file]
    gone = [path for path in known if path not in found]
    if altered or gone:
        with listed(cursor, [*altered, *gone]):
            cursor.execute("delete from pipeline.files where path in (from listed)")
        insert_rows(cursor, File.TABLE, to_table(File, [found[path] for path in altered]))
        ledger.seed_digests(cursor, SeedFile.TABLE)
        cursor.execute(
            "insert into pipeline.first_seen select document_id, (now() at time zone 'UTC')::timestamp from pipeline.seed_files "
            "where document_id not in (select document_id from pipeline.first_seen)"
        )
    is_altered = {path: _outcome(file) for path, file in known.items()} != {
        path: _outcome(f) for path, f in found.items()
    }
    return _changes(known, found), is_altered, loss


def _outcome(file: File) -> tuple[str | None, ...]:
    return file.content_sha256, file.status, file.reason, file.detail, file.overrides


def _changes(known: Mapping[str, File], found: Mapping[str, File]) -> Changes:
    def digest(files: Mapping[str, File], path: str) -> str | None:
        return files[path].content_sha256

    added = sorted(path for path in found.keys() - known.keys() if found[path].status != "skipped")
    removed = sorted(path for path in known.keys() - found.keys() if known[path].status != "skipped")
    changed = sorted(path for path in found.keys() & known.keys() if digest(found, path) != digest(known, path))
    by_content: dict[str | None, list[str]] = {}
    for path in removed:
        by_content.setdefault(digest(known, path), []).append(path)
    renamed = [
        (old.pop(0), path)
        for path in added
        if digest(found, path) is not None and (old := by_content.get(digest(found, path)))
    ]
    old_names, new_names = {old for old, _ in renamed}, {new for _, new in renamed}
    return Changes(
        tuple(path for path in added if path not in new_names),
        tuple(changed),
        tuple(renamed),
        tuple(path for path in removed if path not in old_names),
    )
