"""Put the batches of a document stage through its function: in this process, or on several that return Arrow tables."""

from __future__ import annotations

import importlib
import multiprocessing
import re
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel

from tasks.cores import available_cores
from tasks.errors import CorpusError
from tasks.isolation import end_with_parent, shielded
from tasks.stage import Record, Stage, collect
from warehouse.ledger import Pending

Result = TypeVar("Result")

DOCUMENT_KEY = "document_id"

Inputs = list[list[Record]] | list[pa.Table]
Tables = dict[type[Record], pa.Table]

# What can go wrong with any document, since it is the machine, the installation or the settings that are at fault.
_NO_FAULT_OF_THE_DOCUMENT = (CorpusError, OSError, MemoryError, ImportError)
_LONGEST_REASON = 300  # characters


class Outcome(NamedTuple):
    """What a document stage makes of a batch: its rows, and for each document that it breaks down on, what it said."""

    tables: Tables
    breakdowns: dict[str, str]


Batch = tuple[list[Pending], Inputs]
Transformed = Generator[tuple[list[Pending], Outcome], None, None]

_AHEAD = 4  # batches that each process has before it; more would wait in memory


def transformed(stage: Stage, batches: Iterable[Batch], settings: BaseModel) -> Transformed:
    """Each batch with what the stage makes of it in this process, in order."""
    for batch, inputs in batches:
        yield batch, transform(stage, inputs, settings)


class Processes:
    """So many processes beside this one, which load what a stage needs from the start, whatever this one does."""

    def __init__(self, stage: Stage, settings: BaseModel, workers: int) -> None:
        # Spawned: a forked child would share the warehouse's file and its lock.
        spawned = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=spawned, initializer=end_with_parent)
        self.workers = workers
        for _ in range(workers):
            self.submit(_load_by_name, stage.module, stage.name, settings)

    def submit(self, function: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Let one of them call a function as soon as it has nothing else to do."""
        with shielded():  # it may start a process
            return self._pool.submit(function, *arguments)

    def close(self) -> None:
        """End them; what they have begun is finished, and lost."""
        self._pool.shutdown(cancel_futures=True)


class Beside:
    """What a stage makes of batches in other processes, which are at it from now on; iterating gives it in order.

    The processes end with it, unless they are lent.
    """

    def __init__(
        self,
        stage: Stage,
        settings: BaseModel,
        processes: Processes,
        batches: Iterator[Batch],
        *,
        are_lent: bool = False,
    ) -> None:
        self._task = partial(_transform_by_name, stage.module, stage.name, settings)
        self._processes, self._are_lent = processes, are_lent
        self._batches = batches
        self._waiting: deque[tuple[list[Pending], Future[Outcome]]] = deque()
        self._fill()

    def _fill(self) -> None:
        while len(self._waiting) < _AHEAD * self._processes.workers and (following := next(self._batches, None)):
            batch, inputs = following
            self._waiting.append((batch, self._processes.submit(self._task, inputs)))

    def __iter__(self) -> Transformed:
        while self._waiting:
            batch, future = self._waiting.popleft()
            outcome = future.result()
            self._fill()
            yield batch, outcome

    def close(self) -> None:
        """Begin with nothing more; what was begun is finished, and lost."""
        for _, future in self._waiting:
            future.cancel()
        if not self._are_lent:
            self._processes.close()


def worker_count(wanted: int | None, batches: int) -> int:
    """How many processes work on so many batches: those that are wanted, else one for each core that gets a batch.

    A process starts in less time than a batch takes.
    """
    if wanted is not None:
        return min(wanted, batches)
    return min(available_cores(), max(1, batches))


def documents_at_once(documents: int, workers: int, most: int) -> int:
    """How many documents a batch holds, so that every process gets as many batches and none waits for another's last."""
    rounds = -(-documents // max(1, most * workers))
    return -(-documents // max(1, rounds * workers))


def transform(stage: Stage, inputs: Inputs, settings: BaseModel) -> Outcome:
    """What a document stage makes of some documents, one Arrow table for each record type that it writes.

    Where it, or a model in it, breaks down, each document is tried by itself.
    """
    try:
        return Outcome(collect(stage.writes, stage.function(*inputs, settings)), {})
    except _NO_FAULT_OF_THE_DOCUMENT:
        raise
    except Exception:
        if stage.per != "document":
            raise
        return _one_by_one(stage, inputs, settings)


def _one_by_one(stage: Stage, inputs: Inputs, settings: BaseModel) -> Outcome:
    made = [collect(stage.writes, ())]
    breakdowns = {}
    for key, own in _by_document(stage, inputs):
        try:
            made.append(collect(stage.writes, stage.function(*own, settings)))
        except _NO_FAULT_OF_THE_DOCUMENT:
            raise
        except Exception as error:
            breakdowns[key] = _reason(error)
    tables = {
        record: pa.concat_tables([of_one[record] for of_one in made], promote_options="permissive")
        for record in stage.writes
    }
    return Outcome(tables, breakdowns)


def _by_document(stage: Stage, inputs: Inputs) -> Iterator[tuple[str, Inputs]]:
    """Each document with what a stage takes for it alone; what all documents have in common stays as it is."""
    if not stage.queries:
        for key, records in groupby(inputs[0], key=attrgetter(DOCUMENT_KEY)):
            yield key, [list(records)]
        return
    tables: list[Any] = [*inputs]
    own, common = tables[: len(stage.queries)], tables[len(stage.queries) :]
    for key in sorted({key for table in own for key in table[DOCUMENT_KEY].unique().to_pylist()}):
        yield key, [*(table.filter(pc.equal(table[DOCUMENT_KEY], key)) for table in own), *common]


def _reason(error: Exception) -> str:
    """What an error says, in one line that is the same whenever it happens: without addresses of objects."""
    said = re.sub(r" at 0x[0-9a-f]+", "", " ".join(str(error).split()))
    return f"{type(error).__name__}: {said}"[:_LONGEST_REASON]


def _transform_by_name(module: str, name: str, settings: BaseModel, inputs: Inputs) -> Outcome:
    """`transform` in another process, which is told where the stage is defined."""
    return transform(named_stage(module, name), inputs, settings)


def _load_by_name(module: str, name: str, settings: BaseModel) -> None:
    """Load what a stage needs, in another process."""
    named_stage(module, name).load(settings)


def named_stage(module: str, name: str) -> Stage:
    """The stage that a module defines under a name."""
    stage: Stage = getattr(importlib.import_module(module), name)
    return stage
