"""The work of a run: each stage is brought up to date, and what is whole is published."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flows import unpublished
from flows.ahead import Ahead
from flows.history import record_end, record_stage, record_topics
from flows.interruption import Progress, is_interrupt
from flows.loss import check_quarantine
from flows.publication import ChecksFailedError, publish_run
from flows.refresh import StageRun, refresh
from flows.run import Run, Summary, configured_lake
from flows.stages import STAGES
from flows.unpublished import Unpublished
from tasks.clean import clean
from tasks.memory import release_unused
from tasks.stage import Stage
from tasks.topics import topics
from warehouse.lake import check_lake
from warehouse.store import BREAKDOWNS

log = logging.getLogger("corpus")

_A_WHILE = 2.0  # seconds: what a stage of less has used is soon wanted again, and costs more to get back than to keep

Orchestrate = Callable[[Run, Callable[[Stage], StageRun], Callable[[], Path]], None]


def execute(run: Run, orchestrate: Orchestrate, progress: Progress) -> Summary:
    """Do the work of an open run and record it; `orchestrate` calls each stage, in order, and then publishes."""
    summary = Summary(run.run_id, "running", changes=run.intake.changes, notices=run.intake.notices)
    ahead = Ahead(run, STAGES)

    def do_stage(stage: Stage) -> StageRun:
        place = [each.name for each in STAGES].index(stage.name)
        ahead.examine(STAGES[place:], summary.stages)
        try:
            done = _do_stage(run, stage, summary, progress, ahead)
        except BaseException:
            ahead.break_off()  # another try begins with processes of its own
            raise
        while done.set_aside:
            ahead.break_off()  # it is about documents that are gone now
            # What came before has counted these, and a model may have been fitted to them.
            for earlier in STAGES[:place]:
                _do_stage(run, earlier, summary, progress, ahead)
            done = _do_stage(run, stage, summary, progress, ahead)
            check_loss()
        if stage.name == clean.name:
            check_loss()  # before the language pass
        ahead.begin_behind(stage, summary.stages)
        return done

    def check_loss() -> None:
        if not run.intake.is_accepted:
            check_quarantine(run.store, run.settings)

    def do_publish() -> Path:
        progress("publish", 0, 1)
        path = publish_run(run, summary, ahead.examination)
        progress("publish", 1, 1)
        return path

    try:
        if lake := configured_lake(run.settings):
            check_lake(lake)  # before the work and not after it
        orchestrate(run, do_stage, do_publish)
        unpublished.clear(run.settings.warehouse)
    except BaseException as error:
        how, why = _ended(error)
        if run.is_out:  # what fails behind that takes nothing from readers
            unpublished.clear(run.settings.warehouse)
        else:
            unpublished.note(run.settings.warehouse, Unpublished(run.run_id, how, why))
        if not isinstance(error, ChecksFailedError) and run.store.is_open:
            try:
                record_end(run.store, run.run_id, how, why)
            except BREAKDOWNS:  # for the same reason, such as a full disk
                log.warning("the failure could not be recorded; the next run records this one as interrupted")
        raise
    finally:
        ahead.break_off()
        summary.seconds = time.perf_counter() - run.started
    return summary


def _ended(error: BaseException) -> tuple[str, str | None]:
    """How a run has ended by an error, and why."""
    if not isinstance(error, Exception) or is_interrupt(error):  # such as KeyboardInterrupt, and Prefect's own
        return "interrupted", None
    return "rejected" if isinstance(error, ChecksFailedError) else "failed", str(error) or type(error).__name__


def _do_stage(run: Run, stage: Stage, summary: Summary, progress: Progress, ahead: Ahead) -> StageRun:
    """Bring a stage up to date and record what it has done in this run."""
    log.info("%s: starting", stage.name)
    tell = partial(progress, stage.name)
    if done := ahead.finished(stage):
        if stage.units:
            tell(done.processed, done.processed)
    else:
        done = run.store.sparing(
            lambda: refresh(stage, run.store, run.settings, tell, ahead.take(stage), ahead.idle, ahead.break_off)
        )
    if broken_off := ahead.broken_off(stage):
        done = broken_off.and_then(done)
    if done.seconds > _A_WHILE and not ahead.is_at_chain:
        run.store.release_unused()
        release_unused()
    log.info(
        "%s: %d processed, %d removed, %d rows in %.1f s",
        done.stage,
        done.processed,
        done.removed,
        done.rows,
        done.seconds,
    )
    if before := next((each for each in summary.stages if each.stage == stage.name), None):
        summary.stages[summary.stages.index(before)] = in_all = before.and_then(done)
    else:
        summary.stages.append(in_all := done)
    with run.store.transaction() as cursor:
        record_stage(cursor, run.run_id, in_all)
        if stage.name == topics.name:
            record_topics(cursor, run.run_id, is_new=done.processed > 0)
    return done


def in_order(_: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages one after the other in this process, without Prefect."""
    for stage in STAGES:
        do_stage(stage)
    do_publish()
