"""What goes on beside the stage whose turn it is: processes at a later one, the last stages, checks, the report's questions."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context

from flows.examination import Examination
from flows.refresh import Begun, StageRun, refresh, workers_for
from flows.run import Run
from flows.stages import begins_after, chain_begins_after, last_chain
from flows.transform import Beside, Processes
from flows.work import batched, open_work
from tasks.cores import available_cores
from tasks.period_terms import period_terms
from tasks.stage import Stage
from warehouse import ledger

log = logging.getLogger("corpus")

_LARGE = 2_000  # documents that it takes as long to compare as a process takes to load a model
_MANY = 100  # documents: what is asked of fewer takes less time than can be saved
# Documents that a run has worked on: two stages, or checks beside a stage, would take the memory of both for more at once.
_TOO_MANY = 2_500
_EXAMINED_FROM = period_terms.name  # what the stages before it write is most of what is asked in the end


class Ahead:
    """What a run does beside its stages.

    Where a stage fails, or sets documents aside, all of it is broken off: it is about what was there before.
    """

    def __init__(self, run: Run, stages: Sequence[Stage]) -> None:
        """Start the processes that some of a run's stages will need for the documents that have come."""
        self._run, self._stages = run, stages
        changes = run.intake.changes
        new = len(changes.added) + len(changes.changed)
        self._prepared = {s.name: self._prepare(s, new) for s in stages if s.is_parallel}
        self._begun: dict[str, Begun] = {}
        self._chain: ThreadPoolExecutor | None = None
        self._chained: dict[str, Future[StageRun]] = {}
        self._broken_off: dict[str, StageRun] = {}
        self.examination: Examination | None = None

    @property
    def idle(self) -> Processes | None:
        """Processes that have not begun with what they were started for."""
        return next(filter(None, self._prepared.values()), None)

    def take(self, stage: Stage) -> Begun | None:
        """What other processes have begun of a stage, which is good for one try."""
        return self._begun.pop(stage.name, None)

    def finished(self, stage: Stage) -> StageRun | None:
        """What a stage of the last chain has done before its turn, awaited if it is at it; None if that is still to be done."""
        if (future := self._chained.pop(stage.name, None)) is None:
            return None
        try:
            return future.result()
        except Exception as error:  # which shows at its turn if it is no passing one
            log.info("%s is done again: %s", stage.name, error)
            return None

    def broken_off(self, stage: Stage) -> StageRun | None:
        """What a stage of the last chain had done when that was broken off, so that it is to be done once more."""
        return self._broken_off.pop(stage.name, None)

    @property
    def is_at_chain(self) -> bool:
        """Whether a stage of the last chain is being done."""
        return any(not future.done() for future in self._chained.values())

    def examine(self, to_come: Sequence[Stage], done: Sequence[StageRun]) -> None:
        """Ask what reads nothing that the stages `to_come` write, if these are the last and not too much is `done`."""
        if to_come[0].name == _EXAMINED_FROM and not self.examination:
            is_beside = self._run.documents >= _MANY and _is_little(done)
            self.examination = Examination(self._run) if is_beside else None
        if self.examination:
            self.examination.go_on(to_come)

    def begin_behind(self, stage: Stage, done: Sequence[StageRun]) -> None:
        """Begin with the stages that can be begun now that a stage is done, although others come before them.

        Other processes are set to those that these can do, and a thread to the last chain if not too much is `done`.
        """
        names = begins_after(stage)
        for later in (each for each in self._stages if each.name in names):
            if begun := self._begin(later, self._prepared.get(later.name)):
                self._prepared[later.name], self._begun[later.name] = None, begun
        if stage.name == chain_begins_after() and available_cores() > 1 and self._has_room(done):
            before: Future[StageRun] | None = None
            self._chain = ThreadPoolExecutor(1)
            for each in (each for each in self._stages if each.name in last_chain()):
                # Prefect tells by the context which run a record is of.
                before = self._chain.submit(copy_context().run, self._refresh, each, before)
                self._chained[each.name] = before

    def break_off(self) -> None:
        """End all of it; the stages are done without."""
        for made in (*self._prepared.values(), *(each.made for each in self._begun.values())):
            if made:
                made.close()
        if self.examination:
            self.examination.close()
            self.examination = None
        if self._chain:
            if error := sys.exc_info()[1]:  # if an interrupt, it may hold the transaction that the chain waits for
                traceback.clear_frames(error.__traceback__)
            self._chain.shutdown(cancel_futures=True)
            self._chain = None
            for name, future in self._chained.items():
                if not future.cancelled() and not future.exception():
                    self._broken_off[name] = future.result()
        for each in (self._prepared, self._begun, self._chained):
            each.clear()

    def _has_room(self, done: Sequence[StageRun]) -> bool:
        """Whether there is memory for two stages at once; with no new document, what has changed may redo all of a corpus."""
        return _is_little(done) and (any(each.processed for each in done) or self._run.documents <= _TOO_MANY)

    def _refresh(self, stage: Stage, before: Future[StageRun] | None) -> StageRun:
        """Do a stage of the last chain if the one before it has come through."""
        if before:
            before.result()
        return refresh(stage, self._run.store, self._run.settings)

    def _prepare(self, stage: Stage, documents: int) -> Processes | None:
        """Start the processes that a stage will need for so many documents; None where that is too little for it to pay."""
        settings = self._run.settings
        if settings.run.runner != "local" or available_cores() == 1 or not documents:
            return None
        workers = workers_for(stage, settings, documents)
        is_enough = workers > 1 or self._units(stage) >= _LARGE
        return Processes(stage, settings.branch(stage.name), workers) if is_enough else None

    def _begin(self, stage: Stage, prepared: Processes | None) -> Begun | None:
        """Set other processes to a stage whose turn comes later, those that are prepared if there are any."""
        start, store, settings = time.perf_counter(), self._run.store, self._run.settings
        if prepared is None and self._units(stage) <= min(stage.batch_size, _LARGE):
            return None
        work, _ = open_work(stage, store, settings)
        processes = prepared or self._prepare(stage, len(work.pending))
        if processes is None:
            return None
        made = Beside(stage, settings.branch(stage.name), processes, batched(work, store, processes.workers))
        return Begun(work, made, time.perf_counter() - start)

    def _units(self, stage: Stage) -> int:
        """How many documents there are for a stage."""
        with self._run.store.transaction() as cursor:
            return ledger.units(cursor, stage.source)


def _is_little(done: Sequence[StageRun]) -> bool:
    """Whether a run has worked on so few documents that there is memory for two things at once."""
    return max(each.processed for each in done) <= _TOO_MANY
