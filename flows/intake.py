"""Look the seeds folder over and bring the record of it up to date; say what has changed and who has work to do."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.analyst_files import (
    apply_topic_labels,
    concept_rows,
    disbelieved_dates,
    missing_documents,
    unread_files,
    with_analyst_files,
)
from flows.folders import Folders
from flows.loss import lost_files
from flows.settings import Settings
from flows.stages import STAGES, summing_up
from flows.work import derived_tables, find_work, made_with
from tasks.analyst import DOCUMENTS, read_analyst_file
from tasks.errors import UsageError
from tasks.ingest import SeedFile, ingest
from tasks.scan import File, scan
from tasks.stage import Stage, arrow_schema, to_table
from tasks.topics import topics
from warehouse import ledger
from warehouse.definitions import is_kept, qualified
from warehouse.rows import insert_rows, listed, replace_rows
from warehouse.store import Store

PASSING = ("unreadable", "unstable")  # reasons for which a file is no document, and that may be gone at the next run


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
    notices = [
        *documents.notices,
        *missing_documents(cursor, documents),
        *disbelieved_dates(documents, settings.ingest),
        *notices,
        *unread_files(cursor),
    ]
    is_altered |= replace_rows(cursor, "concepts", concept_rows(settings))
    is_renamed, topic_notices = apply_topic_labels(cursor, settings)
    _forget_what_is_asked(cursor, store, options)
    if store.upkeep.is_redefined or ledger.lacks_digests(cursor, SeedFile.TABLE):
        ledger.seed_digests(cursor, SeedFile.TABLE)
    broken_down = ledger.broken_down(cursor)
    current = [made_with(cursor, stage, settings) for stage in STAGES if stage.name in broken_down]
    ledger.retry(cursor, ingest.name, PASSING, settings.ingest.today, current)
    has_work = (
        is_altered
        or is_renamed
        or store.upkeep.is_redefined
        or any(find_work(cursor, stage, settings) for stage in STAGES)
    )
    return Intake(
        settings,
        changes,
        [*notices, *topic_notices],
        has_work,
        None if options.accept_loss else loss,
        is_accepted=options.accept_loss,
    )


def _forget_what_is_asked(cursor: Any, store: Store, options: Options) -> None:
    """Take out of tables and ledger what is to be made anew: everything, a stage whose table is gone, or the topics."""
    own = {"pipeline.ledger", "pipeline.digests", "pipeline.files"}
    if options.rebuild or own & set(store.upkeep.rebuilt):
        ledger.clear(cursor, derived_tables(STAGES))
        return
    for stage in STAGES:
        if any(qualified(record.TABLE) in store.upkeep.lost for record in stage.writes):
            _forget(cursor, stage)
        noted_in = {"pipeline.changes", *(qualified(record.TABLE) for record in stage.writes)}
        if (taker := summing_up(stage)) and noted_in & set(store.upkeep.rebuilt):
            _forget(cursor, taker)  # what has changed is noted nowhere
    if options.refit_topics:
        _forget(cursor, topics)


def _forget(cursor: Any, stage: Stage) -> None:
    tables = [record.TABLE for record in stage.writes if not is_kept(record.TABLE)]
    ledger.forget_stage(cursor, stage.name, tables, stage.source)


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
