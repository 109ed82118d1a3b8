"""A run: the lock is taken, the folder looked over, each stage brought up to date, and what is whole published."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from flows import unchanged
from flows.history import record_end, record_stage, record_start
from flows.intake import Changes, Intake, LossError, Options, check_seeds, take_in
from flows.interruption import Progress
from flows.publication import ChecksFailedError, configured_lake, publish_run
from flows.refresh import Begun, StageRun, begin, prepare, refresh
from flows.settings import Settings
from flows.stages import STAGES, begins_after
from tasks.memory import release_unused
from tasks.source_code import remembered
from tasks.stage import Stage
from tasks.topics import topics
from warehouse import ledger
from warehouse.checking import CheckResult
from warehouse.lake import check_lake, is_in_lake
from warehouse.lock import lock
from warehouse.paths import private_file, published_file, published_run
from warehouse.recovery import private_store
from warehouse.store import BREAKDOWNS, Store

log = logging.getLogger("corpus")

_A_WHILE = 2.0  # seconds: what a stage of less has used is soon wanted again, and costs more to get back than to keep

TRIED_AGAIN = frozenset({"unreadable", "unstable"})


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
    lake: str | None = None
    report: str | None = None
    report_error: str | None = None
    notices: list[str] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether a file could not be read that the next run tries again."""
        return not TRIED_AGAIN.isdisjoint(reason for _, reason, _ in self.quarantined)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Run:
    """An open run: the store, what was found in the seeds folder, and whether there is anything to do."""

    run_id: str
    intake: Intake
    store: Store
    has_work: bool
    started: float
    bundling: BaseProcess | None = None
    """What bundles the charts of the report meanwhile, if anything has to."""

    @property
    def waits(self) -> bool:
        """Whether a file could not be read that the next run tries again."""
        return not TRIED_AGAIN.isdisjoint(reason for (reason,) in self.store.rows("select reason from rejections"))

    @property
    def settings(self) -> Settings:
        """The settings in force, with the analyst's lists in them."""
        return self.intake.settings


_RUN_ID = "%Y%m%dT%H%M%S.%fZ"


def new_run_id() -> str:
    """A run's id: the time at which it starts (UTC), so that ids sort as runs do."""
    return datetime.datetime.now(datetime.UTC).strftime(_RUN_ID)


def _next_run_id(run_id: str) -> str:
    """The least id behind another."""
    return (datetime.datetime.strptime(run_id, _RUN_ID) + datetime.timedelta(microseconds=1)).strftime(_RUN_ID)  # noqa: DTZ007


@contextmanager
def open_run(settings: Settings, options: Options = Options()) -> Iterator[Run]:  # noqa: B008 - it is frozen
    """Take the lock, look the seeds folder over, and find out whether there is anything to do; if so, it is begun."""
    started = time.perf_counter()
    run_id = new_run_id()
    check_seeds(settings.seeds)
    wait = log.warning if settings.run.when_held == "wait" else None
    with (
        lock(settings.warehouse, run_id, wait) as rename,
        private_store(settings.warehouse) as (store, notices),
        remembered(private_file(settings.warehouse).with_name("source_code.json")),
    ):
        unchanged.forget(settings.warehouse)
        with store.transaction() as cursor:
            intake = take_in(cursor, store, settings, options)
            if intake.loss:
                raise LossError(f"{intake.loss}; nothing has been changed")
            intake = replace(intake, notices=[*notices, *intake.notices])
            latest = cursor.execute("select run_id, status from runs order by run_id desc limit 1").fetchone()
            if latest and latest[0] >= run_id:  # the clock has been set back
                rename(run_id := _next_run_id(latest[0]))
            published = published_run(settings.warehouse)
            lake = configured_lake(settings)
            has_work = (
                intake.has_work
                or latest != (published, "published")
                or (lake is not None and not is_in_lake(published_file(settings.warehouse), lake))
            )
            if has_work:
                record_start(cursor, run_id, intake)
        yield Run(run_id, intake, store, has_work, started)


Orchestrate = Callable[["Run", Callable[[Stage], StageRun], Callable[[], Path]], None]


def execute(run: Run, orchestrate: Orchestrate, progress: Progress) -> Summary:
    """Do the work of an open run and record it; `orchestrate` calls each stage, in order, and then publishes."""
    summary = Summary(run.run_id, "running", changes=run.intake.changes, notices=run.intake.notices)

    begun: dict[str, Begun] = {}
    changes = run.intake.changes
    new = len(changes.added) + len(changes.changed)
    prepared = {s.name: prepare(s, run.store, run.settings, new) for s in STAGES if s.is_parallel}

    def do_stage(stage: Stage) -> StageRun:
        done = _do_stage(run, stage, summary, progress, begun.pop(stage.name, None))
        while done.set_aside:
            break_off()  # it is about documents that are gone now
            # What came before has counted these, and a model may have been fitted to them.
            for earlier in STAGES[: [each.name for each in STAGES].index(stage.name)]:
                _do_stage(run, earlier, summary, progress)
            done = _do_stage(run, stage, summary, progress)
        names = begins_after(stage)
        for later in (each for each in STAGES if each.name in names):
            if set_to_it := begin(later, run.store, run.settings, prepared.get(later.name)):
                prepared[later.name], begun[later.name] = None, set_to_it
        return done

    def break_off() -> None:
        for made in (*prepared.values(), *(each.made for each in begun.values())):
            if made:
                made.close()
        prepared.clear()
        begun.clear()

    def do_publish() -> Path:
        progress("publish", 0, 1)
        path = publish_run(run, summary)
        progress("publish", 1, 1)
        return path

    try:
        if lake := configured_lake(run.settings):
            check_lake(lake)  # before the work and not after it
        orchestrate(run, do_stage, do_publish)
    except BaseException as error:
        if not isinstance(error, ChecksFailedError) and run.store.is_open:
            try:
                record_end(run.store, run.run_id, "failed", str(error) or type(error).__name__)
            except BREAKDOWNS:  # for the same reason, such as a full disk
                log.warning("the failure could not be recorded; the next run records this one as interrupted")
        raise
    finally:
        break_off()
        summary.seconds = time.perf_counter() - run.started
    return summary


def _do_stage(run: Run, stage: Stage, summary: Summary, progress: Progress, begun: Begun | None = None) -> StageRun:
    """Bring a stage up to date and record what it has done in this run."""
    log.info("%s: starting", stage.name)
    begins = [None, begun]  # what other processes have begun is good for one try
    tell = partial(progress, stage.name)
    done = run.store.sparing(lambda: refresh(stage, run.store, run.settings, tell, begins.pop()))
    if done.seconds > _A_WHILE:
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
        if stage.name == topics.name and done.processed:
            ledger.keep_topic_state(cursor, run.run_id)
    return done


def in_order(_: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages one after the other in this process, without Prefect."""
    for stage in STAGES:
        do_stage(stage)
    do_publish()
