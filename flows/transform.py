"""Put the batches of a document stage through its function: in this process, or on several that return Arrow tables."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import groupby
from operator import attrgetter

import pyarrow as pa
from pydantic import BaseModel

from tasks.cores import available_cores
from tasks.errors import CorpusError
from tasks.isolation import end_with_parent
from tasks.stage import Record, Stage, collect
from warehouse.ledger import Pending

DOCUMENT_KEY = "document_id"

Inputs = list[list[Record]] | list[pa.Table]
Tables = dict[type[Record], pa.Table]


class DocumentError(CorpusError):
    """A document that a stage breaks down on: what is to be said, and its id."""

    def __str__(self) -> str:
        return str(self.args[0])


def transformed(
    stage: Stage, batches: Iterable[tuple[list[Pending], Inputs]], settings: BaseModel, workers: int
) -> Iterator[tuple[list[Pending], Tables]]:
    """Each batch with what the stage makes of it, in order, by so many processes beside this one or by this one alone."""
    if workers <= 1:
        for batch, inputs in batches:
            yield batch, transform(stage, inputs, settings)
        return
    # Spawned: a forked child would share the warehouse's file and its lock.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawned, initializer=end_with_parent) as pool:
        waiting: deque[tuple[list[Pending], Future[Tables]]] = deque()
        for batch, inputs in batches:
            waiting.append((batch, pool.submit(_transform_by_name, stage.module, stage.name, inputs, settings)))
            if len(waiting) >= 2 * workers:  # so many are in memory at once
                finished, future = waiting.popleft()
                yield finished, future.result()
        for finished, future in waiting:
            yield finished, future.result()


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


def transform(stage: Stage, inputs: Inputs, settings: BaseModel) -> Tables:
    """What a document stage makes of some documents, one Arrow table for each record type that it writes.

    Raises `DocumentError` that names the document where the stage, or a model in it, breaks down on one.
    """
    try:
        return collect(stage.writes, stage.function(*inputs, settings))
    except (CorpusError, OSError, MemoryError):
        raise
    except Exception as error:
        for document in _documents_of(inputs) if not stage.queries else ():
            try:
                collect(stage.writes, stage.function(document, settings))
            except Exception as cause:
                key = getattr(document[0], DOCUMENT_KEY)
                raise DocumentError(f"{stage.name} breaks down on it: {type(cause).__name__}: {cause}", key) from error
        raise


def _documents_of(inputs: Inputs) -> Iterator[list[Record]]:
    for _, records in groupby(inputs[0], key=attrgetter(DOCUMENT_KEY)):
        yield list(records)


def _transform_by_name(module: str, name: str, inputs: Inputs, settings: BaseModel) -> Tables:
    """`transform` in another process, which is told where the stage is defined."""
    return transform(named_stage(module, name), inputs, settings)


def named_stage(module: str, name: str) -> Stage:
    """The stage that a module defines under a name."""
    stage: Stage = getattr(importlib.import_module(module), name)
    return stage
