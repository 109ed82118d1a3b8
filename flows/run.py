"""A run from beginning to end: lock, scan, plan, refresh, check, publish, and the record of it."""

from __future__ import annotations

import datetime
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flows.refresh import StageRun, derived_tables, find_work, fingerprint_parts, refresh
from flows.settings import Settings
from flows.stages import STAGES, upstream
from tasks.analyst import BOILERPLATE, DOCUMENTS, STOPWORDS, read_analyst_file
from tasks.ingest import SeedFile
from tasks.scan import File, scan
from tasks.stage import CorpusError, Stage, arrow_schema, to_table
from tasks.topics import topics
from warehouse import ledger
from warehouse.lock import lock
from warehouse.publish import CheckResult, private_file, publish, published_run, run_checks
from warehouse.store import Store, insert_rows

log = logging.getLogger("corpus")


class SeedsError(CorpusError, FileNotFoundError):
    """The folder of documents is not there."""


class ChecksFailedError(CorpusError, AssertionError):
    """The warehouse is not what it promises to be, so it is not published."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the seeds folder differs from what it was at the run before: paths, sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What a stage would do and why. `at_most` tells that stages before it have a say in how much it will be."""

    stage: str
    documents: int
    vanished: int
    at_most: int
    reasons: tuple[str, ...]


@dataclass
class Summary:
    """What a run did, for people and for programs."""

    run_id: str
    status: str
    seconds: float = 0.0
    changes: Changes = field(default_factory=Changes)
    quarantined: list[tuple[str, str, str]] = field(default_factory=list)
    documents: int = 0
    stages: list[StageRun] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    published: str | None = None
    notices: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return asdict(self)


@dataclass
class Run:
    """An open run: the store, the settings with the analyst's files in them, and what has been found out so far."""

    run_id: str
    settings: Settings
    store: Store
    changes: Changes
    notices: list[str]
    has_work: bool
    started: float


def new_run_id() -> str:
    """A run's id: the time at which it starts (UTC), so that ids sort as runs do."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")


@contextmanager
def open_run(
    settings: Settings, *, rebuild: bool = False, rehash: bool = False, refit_topics: bool = False
) -> Iterator[Run]:
    """Take the lock, look the seeds folder over, and find out whether there is anything to do."""
    started = time.perf_counter()
    run_id = new_run_id()
    check_seeds(settings.seeds)
    with lock(settings.warehouse, run_id), Store(private_file(settings.warehouse)) as store:
        settings, notices, overrides = with_analyst_files(settings)
        with store.transaction() as cursor:
            if rebuild or "pipeline.ledger" in store.rebuilt or "pipeline.digests" in store.rebuilt:
                ledger.clear(cursor, derived_tables(STAGES))
            if refit_topics:
                ledger.forget(cursor, topics.name, [record.TABLE for record in topics.writes], [ledger.WHOLE_CORPUS])
            changes = _apply_scan(cursor, settings, rehash=rehash, overrides=overrides)
            has_work = any(find_work(cursor, stage, settings) for stage in STAGES)
            latest = cursor.execute("select run_id, status from runs order by run_id desc limit 1").fetchone()
        is_current = latest is not None and latest[1] == "published" and latest[0] == published_run(settings.warehouse)
        has_files_changed = bool(changes.added or changes.changed or changes.renamed or changes.removed)
        yield Run(run_id, settings, store, changes, notices, has_work or has_files_changed or not is_current, started)


def check_seeds(seeds: Path) -> None:
    """Raise `SeedsError` where there is no folder of documents."""
    if not seeds.is_dir():
        raise SeedsError(f"{seeds} is no folder: make it and put documents into it, or name another with --seeds")


def with_analyst_files(settings: Settings) -> tuple[Settings, list[str], Mapping[str, Mapping[str, str]]]:
    """The settings with the analyst's lists added, what is wrong in these, and the lines of `_documents.csv` by path."""
    documents, boilerplate, stopwords = (
        read_analyst_file(settings.seeds, name) for name in (DOCUMENTS, BOILERPLATE, STOPWORDS)
    )
    words = tuple(sorted({word.casefold() for word in stopwords.rows}))
    settings = settings.model_copy(
        update={
            "clean": settings.clean.model_copy(
                update={"patterns": (*settings.clean.patterns, *sorted(boilerplate.rows))}
            ),
            "topics": settings.topics.model_copy(update={"stopwords": (*settings.topics.stopwords, *words)}),
            "trends": settings.trends.model_copy(update={"stopwords": (*settings.trends.stopwords, *words)}),
        }
    )
    notices = [*documents.notices, *boilerplate.notices, *stopwords.notices]
    notices += [
        f"{DOCUMENTS}: there is no file {path!r}"
        for path in sorted(documents.rows)
        if not os.path.isfile(settings.seeds / path)  # noqa: PTH113 - false, and no error, for a name that cannot be
    ]
    return settings, notices, documents.rows


def _apply_scan(
    cursor: Any, settings: Settings, *, rehash: bool, overrides: Mapping[str, Mapping[str, str]]
) -> Changes:
    """Bring the table of files up to date and say what has changed."""
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
        )
    }
    altered = [path for path, file in found.items() if known.get(path) != file]
    gone = [path for path in known if path not in found]
    if altered or gone:
        cursor.execute("delete from pipeline.files where path in (select unnest($paths))", {"paths": [*altered, *gone]})
        insert_rows(cursor, File.TABLE, to_table(File, [found[path] for path in altered]))
        ledger.seed_digests(cursor, SeedFile.TABLE)
        cursor.execute(
            "insert into pipeline.first_seen select document_id, (now() at time zone 'UTC')::timestamp from pipeline.seed_files "
            "where document_id not in (select document_id from pipeline.first_seen)"
        )
    return _changes(known, found)


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


# -- planning ---------------------------------------------------------------------------------------------------------


def plan(
    settings: Settings, *, rebuild: bool = False, rehash: bool = False
) -> tuple[Changes, list[StagePlan], list[str]]:
    """What a run would do: the changed files, each stage's work with its reasons, and notices. Nothing is changed."""
    check_seeds(settings.seeds)
    path = private_file(settings.warehouse)
    settings, notices, overrides = with_analyst_files(settings)
    holding: AbstractContextManager[None] = (
        lock(settings.warehouse, f"plan {new_run_id()}") if path.exists() else _nothing()
    )
    with holding, Store(path if path.exists() else None) as store, store.rehearsal() as cursor:
        if rebuild:
            ledger.clear(cursor, derived_tables(STAGES))
        changes = _apply_scan(cursor, settings, rehash=rehash, overrides=overrides)
        return changes, _stage_plans(cursor, settings), notices


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _stage_plans(cursor: Any, settings: Settings) -> list[StagePlan]:
    plans: dict[str, StagePlan] = {}
    for stage in STAGES:
        work = find_work(cursor, stage, settings)
        before = [
            plans[name]
            for name in upstream(stage)
            if plans[name].documents or plans[name].at_most or plans[name].vanished
        ]
        reasons = _reasons(cursor, stage, settings, Counter(unit.reason for unit in work.pending), len(work.vanished))
        if stage.per == "document":
            at_most = max((plan.documents + plan.at_most for plan in before), default=0)
            at_most = max(0, at_most - len(work.pending))
        else:
            at_most = int(bool(before) and not work.pending)
        if before and at_most:
            reasons.append(f"if what {' and '.join(plan.stage for plan in before)} gives has changed")
        plans[stage.name] = StagePlan(stage.name, len(work.pending), len(work.vanished), at_most, tuple(reasons))
    return list(plans.values())


def _reasons(cursor: Any, stage: Stage, settings: Settings, counted: Counter[str], vanished: int) -> list[str]:
    unit = "document" if stage.per == "document" else "corpus"
    reasons: list[str] = []
    if counted["new"]:
        reasons.append(f"{counted['new']:,} new" if unit == "document" else "not done yet")
    if counted["input"]:
        reasons.append(f"{counted['input']:,} with changed input" if unit == "document" else "its input has changed")
    if vanished:
        reasons.append(f"{vanished:,} gone")
    if counted["stage"] or (counted["input"] and unit == "corpus"):
        before, now = ledger.fingerprint_parts(cursor, stage.name), fingerprint_parts(stage, settings)
        differing = [part for part in sorted(before.keys() | now.keys()) if before.get(part) != now.get(part)]
        reasons += [_difference(part, before.get(part), now.get(part)) for part in differing]
    return reasons


def _difference(part: str, before: str | None, now: str | None) -> str:
    if part.startswith(("setting", "library", "version")) and len(f"{before}{now}") < 80:
        return f"{part}: {before or 'none'} -> {now or 'none'}"
    return f"{part} has changed"


# -- running ----------------------------------------------------------------------------------------------------------

Orchestrate = Callable[["Run", Callable[[Stage], StageRun], Callable[[], Path]], None]
Progress = Callable[[str, int, int], None]


def execute(run: Run, orchestrate: Orchestrate, progress: Progress) -> Summary:
    """Do the work of an open run and record it; `orchestrate` calls each stage, in order, and then publishes."""
    summary = Summary(run.run_id, "running", changes=run.changes, notices=run.notices)
    _record_start(run)

    def do_stage(stage: Stage) -> StageRun:
        log.info("%s: starting", stage.name)
        done = refresh(stage, run.store, run.settings, lambda finished, total: progress(stage.name, finished, total))
        log.info(
            "%s: %d processed, %d removed, %d rows in %.1f s",
            done.stage,
            done.processed,
            done.removed,
            done.rows,
            done.seconds,
        )
        summary.stages.append(done)
        with run.store.transaction() as cursor:
            cursor.execute("delete from stage_runs where run_id = ? and stage = ?", [run.run_id, done.stage])
            cursor.execute("insert into stage_runs values (?, ?, ?, ?, ?, ?)", [run.run_id, *asdict(done).values()])
        return done

    def do_publish() -> Path:
        progress("publish", 0, 1)
        path = _publish(run, summary)
        progress("publish", 1, 1)
        return path

    try:
        orchestrate(run, do_stage, do_publish)
    except BaseException as error:
        if not isinstance(error, ChecksFailedError) and run.store.is_open:
            _record_end(run, "failed", str(error) or type(error).__name__)
        raise
    finally:
        summary.seconds = time.perf_counter() - run.started
    return summary


def in_order(_: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages one after the other in this process, without Prefect."""
    for stage in STAGES:
        do_stage(stage)
    do_publish()


def _record_start(run: Run) -> None:
    with run.store.transaction() as cursor:
        cursor.execute("update runs set status = 'interrupted' where status = 'running'")
        # A run is recorded as published before its file is copied, since the copy is to hold the record.
        cursor.execute(
            "update runs set status = 'failed', error = 'the copy for readers could not be made' "
            "where status = 'published' and run_id > ?",
            [published_run(run.settings.warehouse) or ""],
        )
        changes = run.changes
        cursor.execute(
            "insert into runs (run_id, started_at, status, added, changed, renamed, removed, quarantined, notices) "
            "values (?, (now() at time zone 'UTC')::timestamp, 'running', ?, ?, ?, ?, 0, ?)",
            [
                run.run_id,
                len(changes.added),
                len(changes.changed),
                len(changes.renamed),
                len(changes.removed),
                run.notices,
            ],
        )


def _record_end(run: Run, status: str, error: str | None = None) -> None:
    with run.store.transaction() as cursor:
        cursor.execute(
            "update runs set status = ?, error = ?, finished_at = (now() at time zone 'UTC')::timestamp, "
            "quarantined = (select count(*) from rejections where status = 'quarantined') where run_id = ?",
            [status, error, run.run_id],
        )


def _publish(run: Run, summary: Summary) -> Path:
    """Check the warehouse, and publish it if every check holds."""
    store = run.store
    summary.quarantined = store.rows(
        "select path, reason, detail from rejections where status = 'quarantined' order by path"
    )
    ((summary.documents,),) = store.rows("select count(*) from documents")
    summary.checks = run_checks(store)
    with store.transaction() as cursor:
        cursor.execute("delete from check_results where run_id = ?", [run.run_id])
        for check in summary.checks:
            cursor.execute(
                "insert into check_results values (?, ?, ?, ?, ?)",
                [run.run_id, check.check_name, check.violations, check.is_passed, check.example],
            )
    failed = [check for check in summary.checks if not check.is_passed]
    if failed:
        _record_end(run, "rejected", f"checks failed: {', '.join(check.check_name for check in failed)}")
        summary.status = "rejected"
        raise ChecksFailedError(
            f"{len(failed)} checks failed, so nothing was published: "
            + "; ".join(f"{check.check_name} ({check.violations:,} rows, such as {check.example})" for check in failed)
        )
    _record_end(run, "published")
    store.close()
    path = publish(run.settings.warehouse, run.run_id, run.settings.publish.keep)
    summary.status, summary.published = "published", str(path)
    return path
