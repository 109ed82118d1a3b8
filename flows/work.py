"""What a stage has to do, as the ledger and its inputs stand, and in which batches it takes that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa

from flows.settings import Settings
from flows.stages import STAGES
from flows.transform import DOCUMENT_KEY, Batch, Inputs, documents_at_once
from tasks.stage import Record, Stage, arrow_schema
from warehouse import ledger
from warehouse.definitions import digest, is_kept, query_digest, table_digest
from warehouse.ledger import Pending
from warehouse.store import Store

BATCH_BYTES = 16_000_000
BATCH_DOCUMENTS = 2_500
_INPUT = "input "  # begins the names of those parts of a fingerprint that come of the corpus


@dataclass(frozen=True, slots=True)
class Grown:
    """The units whose rows stay, as what a query finds is added to them."""

    grown: list[str]


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage has to do, and the parts and the digest of the fingerprint that it will be done with.

    Of a stage whose units are put together from documents, `documents` has those of each that is pending, with their digests,
    and `done` those that it had when it was done last, if what it has now can be added to that.
    """

    stage: Stage
    parts: dict[str, str]
    fingerprint: str
    pending: list[Pending]
    vanished: list[str]
    documents: dict[str, dict[str, str]]
    done: dict[str, dict[str, str]]

    def to_count(self, unit: str) -> list[str]:
        """The documents of a unit that are not in its rows yet."""
        return [document for document in self.documents[unit] if document not in self.done.get(unit, ())]

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
    for each in up_to(stage):
        parts = _fingerprint_parts(cursor, each, settings)
        fingerprints.append(_fingerprint({name: value for name, value in parts.items() if not name.startswith(_INPUT)}))
    return digest("".join(fingerprints))


def up_to(stage: Stage) -> tuple[Stage, ...]:
    """A stage and those before it."""
    return STAGES[: [each.name for each in STAGES].index(stage.name) + 1]


def find_work(cursor: Any, stage: Stage, settings: Settings) -> Work:
    """What a stage has to do as the ledger and its inputs now stand."""
    parts = _fingerprint_parts(cursor, stage, settings)
    current = _fingerprint(parts)
    tables = [record.TABLE for record in stage.reads]
    if stage.per == "corpus":
        unit = ledger.pending_corpus(cursor, stage.name, tables, current)
        return Work(stage, parts, current, [unit] if unit else [], [], {}, {})
    if stage.units:
        ledger.unit_digests(cursor, stage.units, tables[0])
    pending = ledger.pending(cursor, stage.name, stage.source, current)
    vanished = ledger.vanished(cursor, stage.name, stage.source)
    if not stage.units:
        return Work(stage, parts, current, pending, vanished, {}, {})
    ids = [unit.key_id for unit in pending]
    documents = ledger.present_documents(cursor, ids)
    done = ledger.done_documents(cursor, stage.name, current, stage.units, ids)
    # What has been taken away from or changed is made anew, and what is there for another reason than a document that comes.
    done = {unit: before for unit, before in done.items() if before.items() < documents[unit].items()}
    return Work(stage, parts, current, pending, vanished, documents, done)


def open_work(stage: Stage, store: Store, settings: Settings) -> tuple[Work, str]:
    """What a stage has to do and, for one of the whole corpus, why; what it is done with is noted."""
    with store.transaction() as cursor:
        work = find_work(cursor, stage, settings)
        reason = ledger.reason(cursor, stage.name, work.fingerprint)
        ledger.record_fingerprint(cursor, stage.name, work.parts)
    return work, reason


def batched(work: Work, store: Store, workers: int) -> Iterator[Batch]:
    """The batches of a stage's units, for so many processes, with what it takes for them."""
    stage = work.stage
    context = [store.query(name) for name in stage.context]
    most = documents_at_once(len(work.pending), workers, stage.batch_size)
    if stage.units:
        return ((batch, _of_units(work, store, batch)) for batch in _batches(work, store, most))
    return ((batch, _inputs(stage, store, batch, context)) for batch in _batches(work, store, most))


def _of_units(work: Work, store: Store, batch: list[Pending]) -> Inputs:
    """What a stage takes for a batch of units: the results of its queries on the documents that are not in their rows yet."""
    asked = Grown([unit.key_id for unit in batch if unit.key_id in work.done])
    ids = [document for unit in batch for document in work.to_count(unit.key_id)]
    return [store.query(name, ids, asked) for name in work.stage.queries]


def _inputs(stage: Stage, store: Store, batch: list[Pending], context: list[pa.Table]) -> Inputs:
    """What a stage takes for a batch of documents: the records of its one table, or the results of its queries."""
    ids = [unit.key_id for unit in batch]
    if stage.queries:
        return [*(store.query(name, ids) for name in stage.queries), *context]
    (reads,) = stage.reads
    make: Callable[..., Record] = reads
    columns = [field.name for field in fields(reads)]
    return [[make(*row) for row in store.read(reads.TABLE, columns, DOCUMENT_KEY, ids)]]


def _batches(work: Work, store: Store, most: int) -> Iterator[list[Pending]]:
    """The pending units in batches of so many at most, and of not too many bytes or documents, so that memory is bounded."""
    stage, keys = work.stage, [unit.key_id for unit in work.pending]
    if stage.units:
        bulk, largest = {unit.key_id: len(work.to_count(unit.key_id)) for unit in work.pending}, BATCH_DOCUMENTS
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
        "unit_documents",
    ]
