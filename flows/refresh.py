"""Bring a stage up to date: find what is pending, transform it in batches, commit rows and ledger together."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import pyarrow as pa

from flows.settings import Settings
from flows.stages import STAGES, summing_up
from flows.transform import (
    DOCUMENT_KEY,
    Batch,
    Beside,
    Inputs,
    Transformed,
    documents_at_once,
    transformed,
    worker_count,
)
from tasks.cores import available_cores
from tasks.errors import CorpusError
from tasks.stage import Columns, Record, Stage, arrow_schema, collect
from warehouse import ledger
from warehouse.ledger import WHOLE_CORPUS, Pending
from warehouse.store import Store, delete_rows, digest, insert_rows, is_kept, query_digest, replace_rows, table_digest

BATCH_BYTES = 16_000_000
BATCH_DOCUMENTS = 2_500
_MANY = 2_000  # documents that it takes as long to compare as a process takes to load a model
_SEVERAL = 10  # documents; if not one of them comes through, it is hardly their fault
_INPUT = "input "  # begins the names of those parts of a fingerprint that come of the corpus


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
class Work:
    """What a stage has to do, and the parts and the digest of the fingerprint that it will be done with.

    Of a stage whose units are put together from documents, `documents` says how many each has.
    """

    stage: Stage
    parts: dict[str, str]
    fingerprint: str
    pending: list[Pending]
    vanished: list[str]
    documents: dict[str, int]

    def __bool__(self) -> bool:
        return bool(self.pending or self.vanished)


def _fingerprint_parts(cursor: Any, stage: Stage, settings: Settings) -> dict[str, str]:
    """Everything but the input of its own that shapes a stage's rows: its SQL, and what all its documents have in common."""
    parts = stage.fingerprint(settings.branch(stage.name))
    parts |= {f"table {record.TABLE}": table_digest(record.TABLE) for record in stage.writes}
    parts |= {f"query {name}": query_digest(name) for name in stage.every_query}
    if stage.context:
        digests = ledger.corpus_digests(cursor, [record.TABLE for record in stage.reads])
        parts |= {f"{_INPUT}{table}": value for table, value in digests.items()}
    return parts


def _fingerprint(parts: dict[str, str]) -> str:
    return digest(json.dumps(parts, sort_keys=True))


def made_with(cursor: Any, stage: Stage, settings: Settings) -> str:
    """A digest of what a document meets with on its way through a stage: its fingerprint and those before it.

    What other documents bring into these is left out, which changes as soon as one is set aside.
    """
    fingerprints = []
    for each in _up_to(stage):
        parts = _fingerprint_parts(cursor, each, settings)
        fingerprints.append(_fingerprint({name: value for name, value in parts.items() if not name.startswith(_INPUT)}))
    return digest("".join(fingerprints))


def _up_to(stage: Stage) -> tuple[Stage, ...]:
    return STAGES[: [each.name for each in STAGES].index(stage.name) + 1]


def find_work(cursor: Any, stage: Stage, settings: Settings) -> Work:
    """What a stage has to do as the ledger and its inputs now stand."""
    parts = _fingerprint_parts(cursor, stage, settings)
    current = _fingerprint(parts)
    tables = [record.TABLE for record in stage.reads]
    if stage.per == "corpus":
        unit = ledger.pending_corpus(cursor, stage.name, tables, current)
        return Work(stage, parts, current, [unit] if unit else [], [], {})
    documents = ledger.unit_digests(cursor, stage.units, tables[0]) if stage.units else {}
    return Work(
        stage,
        parts,
        current,
        ledger.pending(cursor, stage.name, stage.source, current),
        ledger.vanished(cursor, stage.name, stage.source),
        documents,
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """A stage that other processes are at before its turn has come, and how many seconds this one has spent on that."""

    work: Work
    made: Beside
    seconds: float


def prepare(stage: Stage, store: Store, settings: Settings, documents: int) -> Beside | None:
    """Start the processes that a stage will need for so many documents; None where that is too little for it to pay."""
    if settings.run.runner != "local" or available_cores() == 1 or not documents:
        return None
    branch = settings.branch(stage.name)
    workers = _workers(stage, settings, documents)
    with store.transaction() as cursor:
        is_large = ledger.units(cursor, stage.source) >= _MANY
    return Beside(stage, branch, workers) if workers > 1 or is_large else None


def begin(stage: Stage, store: Store, settings: Settings, prepared: Beside | None) -> Begun | None:
    """Set other processes to a stage whose turn comes later, those that are prepared if there are any."""
    start = time.perf_counter()
    work, _ = _open_work(stage, store, settings)
    made = prepared or prepare(stage, store, settings, len(work.pending))
    if made is None:
        return None
    made.begin(_batched(work, store, made.workers))
    return Begun(work, made, time.perf_counter() - start)


def refresh(
    stage: Stage,
    store: Store,
    settings: Settings,
    progress: Callable[[int, int], None] = lambda *_: None,
    begun: Begun | None = None,
) -> StageRun:
    """Bring the tables of a stage up to date with its inputs; `progress` is told how many units are done, of how many."""
    start = time.perf_counter() - (begun.seconds if begun else 0)
    work, reason = (begun.work, "") if begun else _open_work(stage, store, settings)
    set_aside = 0
    if stage.per == "corpus":
        rows = _refresh_corpus(work, store, settings, reason)
    elif stage.deferred:
        rows = _refresh_changed(work, store, settings, reason)
    else:
        rows, set_aside = _refresh_units(work, store, settings, progress, begun.made if begun else None)
    seconds = time.perf_counter() - start
    return StageRun(stage.name, len(work.pending), len(work.vanished), rows, seconds, set_aside)


def _open_work(stage: Stage, store: Store, settings: Settings) -> tuple[Work, str]:
    """What a stage has to do and, for one of the whole corpus, why; what it is done with is noted."""
    with store.transaction() as cursor:
        work = find_work(cursor, stage, settings)
        reason = ledger.reason(cursor, stage.name, work.fingerprint)
        ledger.record_fingerprint(cursor, stage.name, work.parts)
    return work, reason


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
    work: Work, store: Store, settings: Settings, progress: Callable[[int, int], None], begun: Beside | None
) -> tuple[int, int]:
    """Work on one unit after the other; returns how many rows were written, and how many documents were set aside."""
    stage, names = work.stage, [record.TABLE for record in work.stage.writes]
    for start in range(0, len(work.vanished), stage.batch_size):
        ids = work.vanished[start : start + stage.batch_size]
        with store.transaction() as cursor:
            for record in stage.writes:
                _replace(cursor, stage, record.TABLE, arrow_schema(record).empty_table(), ids)
            ledger.forget(cursor, stage.name, names, ids)
    rows = done = 0
    breakdowns: dict[str, str] = {}
    progress(0, len(work.pending))
    with closing(begun or _transformed(work, store, settings)) as made:
        for batch, outcome in made:
            whole = [unit for unit in batch if unit.key_id not in outcome.breakdowns]
            with store.transaction() as cursor:
                held = [unit.key_id for unit in whole if unit.reason != "new"]
                for record, table in outcome.tables.items():
                    _replace(cursor, stage, record.TABLE, table, held)
                digests = _digests(outcome.tables, whole, work.fingerprint, stage)
                ledger.record(cursor, stage.name, work.fingerprint, whole, digests)
            rows += sum(table.num_rows for table in outcome.tables.values())
            done += len(batch)
            breakdowns |= outcome.breakdowns
            if len(breakdowns) == done >= _SEVERAL:
                break
            progress(done, len(work.pending))
    if breakdowns:
        with store.transaction() as cursor:
            # Several, and not one that came through: then the stage is at fault, or what it is given to work with.
            if len(breakdowns) == done and (done >= _SEVERAL or 1 < done == ledger.units(cursor, stage.reads[0].TABLE)):
                raise StageError(
                    f"{stage.name} breaks down on every document that it was given, {done:,} so far "
                    f"({next(iter(breakdowns.values()))}); nothing is published, and what was finished is kept"
                )
            _set_aside(cursor, work, settings, breakdowns)
    return rows, len(breakdowns)


def _replace(cursor: Any, stage: Stage, table: str, rows: pa.Table, held: list[str]) -> None:
    """Put rows of units into a table; `held` are those of the units that may have rows there."""
    if stage.per == "period":  # most of what a period has stays as it is
        taker = summing_up(stage)
        replace_rows(cursor, table, rows, key=stage.key, ids=held, noted=taker.key if taker else "")
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
    for stage in _up_to(work.stage):
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


def _transformed(work: Work, store: Store, settings: Settings) -> Beside | Transformed:
    """Each batch of units with what it comes to, in order; on several processes if that is set."""
    stage, branch = work.stage, settings.branch(work.stage.name)
    workers = _workers(stage, settings, len(work.pending))
    batches = _batched(work, store, workers)
    if stage.is_parallel and settings.run.runner == "dask":
        from flows import cluster

        return cluster.transformed(stage, batches, branch, address=str(settings.run.address))
    return Beside(stage, branch, workers).begin(batches) if workers > 1 else transformed(stage, batches, branch)


def _workers(stage: Stage, settings: Settings, documents: int) -> int:
    """How many processes are to work on so many documents; one is this one."""
    wanted = getattr(settings.branch(stage.name), "workers", None)
    return worker_count(wanted, -(-documents // stage.batch_size)) if stage.is_parallel else 1


def _batched(work: Work, store: Store, workers: int) -> Iterator[Batch]:
    """The batches of a stage's units, for so many processes, with what it takes for them."""
    stage = work.stage
    context = [store.query(name) for name in stage.context]
    most = documents_at_once(len(work.pending), workers, stage.batch_size)
    return ((batch, _inputs(stage, store, batch, context)) for batch in _batches(work, store, most))


def _inputs(stage: Stage, store: Store, batch: list[Pending], context: list[pa.Table]) -> Inputs:
    """What a stage takes for a batch of units: the records of its one table, or the results of its queries."""
    ids = [unit.key_id for unit in batch]
    if stage.queries:
        return [*(store.query(name, ids) for name in stage.queries), *context]
    (reads,) = stage.reads
    make: Callable[..., Record] = reads
    columns = [field.name for field in fields(reads)]
    return [[make(*row) for row in store.read(reads.TABLE, columns, DOCUMENT_KEY, ids)]]


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


def _batches(work: Work, store: Store, most: int) -> Iterator[list[Pending]]:
    """The pending units in batches of so many at most, and of not too many bytes or documents, so that memory is bounded."""
    stage, keys = work.stage, [unit.key_id for unit in work.pending]
    if stage.units:
        bulk, largest = work.documents, BATCH_DOCUMENTS
    else:
        is_text = arrow_schema(stage.reads[0]).field(stage.bulk).type == pa.string()
        bulk, largest = store.bulk(stage.reads[0].TABLE, stage.bulk, DOCUMENT_KEY, keys, is_text=is_text), BATCH_BYTES
    batch: list[Pending] = []
    filled = 0
    for unit in work.pending:
        size = bulk.get(unit.key_id, 0)
        if batch and (len(batch) == most or filled + size > largest):
            yield batch
            batch, filled = [], 0
        batch.append(unit)
        filled += size
    if batch:
        yield batch


def derived_tables(stages: Iterable[Stage]) -> list[str]:
    """The tables that a rebuild empties."""
    return [record.TABLE for stage in stages for record in stage.writes if not is_kept(record.TABLE)] + [
        "ledger",
        "digests",
        "changes",
        "fingerprints",
    ]
