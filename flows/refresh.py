"""Bring a stage up to date: transform what is pending in batches, commit rows and ledger together."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from flows.settings import Settings
from flows.stages import STAGES, summing_up
from flows.transform import DOCUMENT_KEY, Beside, Processes, Transformed, transformed, worker_count
from flows.work import Work, batched, made_with, open_work, up_to
from tasks.errors import CorpusError
from tasks.stage import Columns, Record, Stage, arrow_schema, collect
from warehouse import ledger
from warehouse.definitions import digest, is_kept
from warehouse.ledger import WHOLE_CORPUS, Pending
from warehouse.rows import delete_rows, insert_rows, replace_rows
from warehouse.store import Store

_SEVERAL = 10  # documents; if not one of them comes through, it is hardly their fault


class StageError(CorpusError):
    """A stage that breaks down on whatever it is given."""


@dataclass(frozen=True, slots=True)
class StageRun:
    """What a stage has done: units processed and taken away, rows written, seconds, and documents that it breaks down on."""

    stage: str
    processed: int
    removed: int
    rows: int
    seconds: float
    set_aside: int = 0

    def and_then(self, other: StageRun) -> StageRun:
        """What it has done at two times of a run."""
        return StageRun(
            self.stage,
            self.processed + other.processed,
            self.removed + other.removed,
            self.rows + other.rows,
            self.seconds + other.seconds,
            self.set_aside + other.set_aside,
        )


@dataclass(frozen=True, slots=True)
class Begun:
    """A stage that other processes are at before its turn has come, and how many seconds this one has spent on that."""

    work: Work
    made: Beside
    seconds: float


def refresh(
    stage: Stage,
    store: Store,
    settings: Settings,
    progress: Callable[[int, int], None] = lambda *_: None,
    begun: Begun | None = None,
    idle: Processes | None = None,
    before_setting_aside: Callable[[], None] = lambda: None,
) -> StageRun:
    """Bring the tables of a stage up to date with its inputs; `progress` is told how many units are done, of how many.

    Processes that are `idle`, as what they are for has not begun, may take its batches. What goes on beside, and knows the
    documents that are set aside, is to be ended `before_setting_aside`.
    """
    start = time.perf_counter() - (begun.seconds if begun else 0)
    work, reason = (begun.work, "") if begun else open_work(stage, store, settings)
    set_aside = 0
    if stage.per == "corpus":
        rows = _refresh_corpus(work, store, settings, reason)
    elif stage.deferred:
        rows = _refresh_changed(work, store, settings, reason)
    else:
        made = begun.made if begun else _transformed(work, store, settings, idle)
        rows, set_aside = _refresh_units(work, store, settings, progress, made, before_setting_aside)
    seconds = time.perf_counter() - start
    return StageRun(stage.name, len(work.pending), len(work.vanished), rows, seconds, set_aside)


def _refresh_corpus(work: Work, store: Store, settings: Settings, reason: str) -> int:
    if not work.pending:
        return 0
    stage = work.stage
    branch = settings.branch(stage.name)
    inputs = [store.query(name, settings=branch) for name in stage.queries]
    recalled = [store.query(name) for name in stage.recalls]
    if reason != "input":
        recalled = [table.slice(0, 0) for table in recalled]
    deferred = [partial(store.query_encoded, name) for name in stage.deferred]
    told = {"reason": reason} if stage.deferred else {}
    tables = collect(stage.writes, stage.function(*inputs, *recalled, *deferred, branch, **told))
    made = digest(work.fingerprint + work.pending[0].inputs)
    with store.transaction() as cursor:
        before = ledger.corpus_digests(cursor, [record.TABLE for record in stage.writes])
        digests: dict[str, dict[str, str]] = {}
        for record, table in tables.items():
            name, is_changed = record.TABLE, replace_rows(cursor, record.TABLE, table)
            if is_kept(name):
                continue
            # What a stage that may leave its rows as they were gives does not depend on its inputs alone.
            new = digest(repr(table.to_pylist())) if stage.deferred else made
            # An empty table has no digest: it may have been emptied to be made anew, so that its last one tells of other rows.
            digests[name] = {WHOLE_CORPUS: new if is_changed else before.get(name, new)} if table.num_rows else {}
        ledger.record(cursor, stage.name, work.fingerprint, work.pending, digests)
    return sum(table.num_rows for table in tables.values())


def _refresh_changed(work: Work, store: Store, settings: Settings, reason: str) -> int:
    """Let a stage take up what has changed from period to period, and make those rows anew that it says."""
    if not work:
        return 0
    stage, source = work.stage, work.stage.reads[0].TABLE
    names = [record.TABLE for record in stage.writes]
    with store.transaction() as cursor:
        if reason == "input":
            changed = ledger.changes(cursor, source)
        else:  # what it wrote otherwise is nothing to go on from
            ledger.forget_stage(cursor, stage.name, names, stage.source)
            changed = ledger.every_key(cursor, source, stage.key)
    deferred = [partial(store.query, name) for name in stage.deferred]
    rows = 0
    with store.transaction() as cursor:
        ledger.forget_changes(cursor, source)
        for output in stage.function(changed, *deferred, settings.branch(stage.name)):
            assert isinstance(output, Columns)
            rows += output.table.num_rows
            delete_rows(cursor, output.record.TABLE, output.instead_of, stage.key)
            insert_rows(cursor, output.record.TABLE, output.table)
        ledger.forget(cursor, stage.name, names, [*work.vanished, WHOLE_CORPUS])
        ledger.record(cursor, stage.name, work.fingerprint, work.pending, {})
        if ledger.units(cursor, stage.source):
            inputs = ledger.inputs_digest(cursor, [record.TABLE for record in stage.reads])
            ledger.write_digests(cursor, {name: {WHOLE_CORPUS: digest(work.fingerprint + inputs)} for name in names})
    return rows


def _refresh_units(
    work: Work,
    store: Store,
    settings: Settings,
    progress: Callable[[int, int], None],
    made: Beside | Transformed,
    before_setting_aside: Callable[[], None],
) -> tuple[int, int]:
    """Take in one batch after the other; returns how many rows were written, and how many documents were set aside."""
    stage = work.stage
    rows = done = 0
    breakdowns: dict[str, str] = {}
    with closing(made):
        _take_out_vanished(work, store)
        progress(0, len(work.pending))
        for batch, outcome in made:
            whole = [unit for unit in batch if unit.key_id not in outcome.breakdowns]
            with store.transaction() as cursor:
                held = [unit.key_id for unit in whole if unit.reason != "new"]
                for record, table in outcome.tables.items():
                    _replace(cursor, stage, record.TABLE, table, held, work.done)
                if stage.units:
                    ledger.record_documents(
                        cursor, stage.units, {unit.key_id: work.documents[unit.key_id] for unit in whole}
                    )
                digests = _digests(outcome.tables, whole, work.fingerprint, stage)
                ledger.record(cursor, stage.name, work.fingerprint, whole, digests)
            rows += sum(table.num_rows for table in outcome.tables.values())
            done += len(batch)
            breakdowns |= outcome.breakdowns
            if len(breakdowns) == done >= _SEVERAL:
                break
            progress(done, len(work.pending))
    if breakdowns:
        before_setting_aside()
        with store.transaction() as cursor:
            # Several, and not one that came through: then the stage is at fault, or what it is given to work with.
            if len(breakdowns) == done and (done >= _SEVERAL or 1 < done == ledger.units(cursor, stage.reads[0].TABLE)):
                raise StageError(
                    f"{stage.name} breaks down on every document that it was given, {done:,} so far "
                    f"({next(iter(breakdowns.values()))}); nothing is published, and what was finished is kept"
                )
            _set_aside(cursor, work, settings, breakdowns)
    return rows, len(breakdowns)


def _take_out_vanished(work: Work, store: Store) -> None:
    stage = work.stage
    for start in range(0, len(work.vanished), stage.batch_size):
        ids = work.vanished[start : start + stage.batch_size]
        with store.transaction() as cursor:
            for record in stage.writes:
                _replace(cursor, stage, record.TABLE, arrow_schema(record).empty_table(), ids)
            if stage.units:
                ledger.record_documents(cursor, stage.units, {key: {} for key in ids})
            ledger.forget(cursor, stage.name, [record.TABLE for record in stage.writes], ids)


def _replace(
    cursor: Any, stage: Stage, table: str, rows: pa.Table, held: list[str], grown: Collection[str] = ()
) -> None:
    """Put rows of units into a table; `held` are those of the units that may have rows there.

    Those that have `grown` keep their rows, save where there are others of the same key that sums them up.
    """
    if stage.per == "period":  # most of what a period has stays as it is
        taker = summing_up(stage)
        replace_rows(cursor, table, rows, key=stage.key, ids=held, grown=grown, noted=taker.key if taker else "")
        return
    if held:
        delete_rows(cursor, table, held, stage.key)
    insert_rows(cursor, table, rows)


def _set_aside(cursor: Any, work: Work, settings: Settings, breakdowns: dict[str, str]) -> None:
    """Take the documents that a stage breaks down on out of every table, as if they had been refused when they were read.

    What stages of the whole corpus made with them is theirs to make anew. The first stage's note that it has done them stays,
    so that they are tried again only if their files change or what is said of these, or if `made_with` does.
    """
    units = [unit for unit in work.pending if unit.key_id in breakdowns]
    ids = [unit.key_id for unit in units]
    ledger.record(cursor, work.stage.name, work.fingerprint, units, {})
    for stage in up_to(work.stage):
        if stage.per != "document":
            continue
        tables = [record.TABLE for record in stage.writes]
        for table in tables:
            delete_rows(cursor, table, ids)
        if stage is STAGES[0]:
            ledger.forget_digests(cursor, tables, ids)
        else:
            ledger.forget(cursor, stage.name, tables, ids)
    ledger.refuse(cursor, work.stage.name, made_with(cursor, work.stage, settings), breakdowns)


def _transformed(work: Work, store: Store, settings: Settings, idle: Processes | None) -> Beside | Transformed:
    """Each batch of units with what it comes to, in order; on several processes if that is set."""
    stage, branch = work.stage, settings.branch(work.stage.name)
    if idle and len(work.pending) > stage.batch_size and stage.needs_nothing:
        return Beside(stage, branch, idle, batched(work, store, idle.workers), are_lent=True)
    workers = workers_for(stage, settings, len(work.pending))
    batches = batched(work, store, workers)
    if stage.is_parallel and settings.run.runner == "dask":
        from flows import cluster

        return cluster.transformed(stage, batches, branch, address=str(settings.run.address))
    if workers > 1:
        return Beside(stage, branch, Processes(stage, branch, workers), batches)
    return transformed(stage, batches, branch)


def workers_for(stage: Stage, settings: Settings, documents: int) -> int:
    """How many processes are to work on so many documents; one is this one."""
    wanted = getattr(settings.branch(stage.name), "workers", None)
    return worker_count(wanted, -(-documents // stage.batch_size)) if stage.is_parallel else 1


def _digests(
    tables: dict[type[Record], pa.Table], batch: list[Pending], made_with: str, stage: Stage
) -> dict[str, dict[str, str]]:
    """For each table, a digest of each unit's rows.

    What costs little to make is compared row by row, so that a change that leaves a document's rows as they were goes no
    further; rows in great numbers are taken to differ whenever their input or the stage does.
    """
    inputs = {unit.key_id: digest(made_with + unit.inputs) for unit in batch}
    digests: dict[str, dict[str, str]] = {}
    for record, table in tables.items():
        if stage.is_parallel or stage.queries:
            digests[record.TABLE] = {key: inputs[key] for key in table[stage.key].unique().to_pylist()}
        else:
            digests[record.TABLE] = _row_digests(table)
    return digests


def _row_digests(table: pa.Table) -> dict[str, str]:
    names = table.column_names
    key = names.index(DOCUMENT_KEY)
    digests: dict[str, Any] = {}
    for row in zip(*(table[name].to_pylist() for name in names), strict=True):
        digests.setdefault(row[key], hashlib.sha256()).update(repr(row).encode("utf-8", "surrogatepass"))
    return {document: value.hexdigest()[:16] for document, value in digests.items()}
