"""A run from beginning to end: lock, scan, plan, refresh, check, publish, and the record of it."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from flows import unchanged
from flows.charts import charts_code
from flows.intake import Changes, Intake, LossError, Options, check_seeds, take_in
from flows.interruption import Progress
from flows.refresh import Begun, StageRun, begin, prepare, refresh
from flows.settings import Settings
from flows.stages import STAGES, begins_after
from tasks.errors import CorpusError
from tasks.memory import release_unused
from tasks.source_code import remembered
from tasks.stage import Stage
from tasks.topics import topics
from warehouse import ledger
from warehouse.checking import CheckResult, checks_due, run_checks
from warehouse.lake import Lake, check_lake, is_in_lake, publish_to_lake
from warehouse.lock import lock
from warehouse.paths import private_file, published_file, published_run, version_file
from warehouse.publish import publish
from warehouse.reader import ask_all
from warehouse.recovery import private_store
from warehouse.store import BREAKDOWNS, OUT_OF_MEMORY, Store, insert_rows

if TYPE_CHECKING:
    from tasks.report import Answer

log = logging.getLogger("corpus")

TRIED_AGAIN = frozenset({"unreadable", "unstable"})


class ChecksFailedError(CorpusError, AssertionError):
    """The warehouse is not what it promises to be, so it is not published."""


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
            lake = _lake(settings)
            has_work = (
                intake.has_work
                or latest != (published, "published")
                or (lake is not None and not is_in_lake(published_file(settings.warehouse), lake))
            )
            if has_work:
                _record_start(cursor, run_id, intake)
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
        path = _publish(run, summary)
        progress("publish", 1, 1)
        return path

    try:
        if lake := _lake(run.settings):
            check_lake(lake)  # before the work and not after it
        orchestrate(run, do_stage, do_publish)
    except BaseException as error:
        if not isinstance(error, ChecksFailedError) and run.store.is_open:
            try:
                _record_end(run, "failed", str(error) or type(error).__name__)
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
    tell = partial(progress, stage.name)
    try:
        with run.store.bounded():
            done = refresh(stage, run.store, run.settings, tell, begun)
    except OUT_OF_MEMORY:
        log.info("%s: needs more memory than the warehouse is large", stage.name)
        if begun:
            begun.made.close()
        done = refresh(stage, run.store, run.settings, tell)
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
        cursor.execute("delete from stage_runs where run_id = ? and stage = ?", [run.run_id, stage.name])
        cursor.execute(
            "insert into stage_runs values (?, ?, ?, ?, ?, ?)",
            [run.run_id, stage.name, in_all.processed, in_all.removed, in_all.rows, in_all.seconds],
        )
        if stage.name == topics.name and done.processed:
            ledger.keep_topic_state(cursor, run.run_id)
    return done


def in_order(_: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages one after the other in this process, without Prefect."""
    for stage in STAGES:
        do_stage(stage)
    do_publish()


def _record_start(cursor: Any, run_id: str, intake: Intake) -> None:
    """Record the run in the transaction in which its work was found, so that no kill can part the one from the other."""
    cursor.execute("update runs set status = 'interrupted' where status = 'running'")
    # A run is recorded as published before its file is copied, since the copy is to hold the record.
    cursor.execute(
        "update runs set status = 'failed', error = 'the copy for readers could not be made' "
        "where status = 'published' and run_id = (select max(run_id) from runs) and run_id > ?",
        [published_run(intake.settings.warehouse) or run_id],
    )
    changes = intake.changes
    cursor.execute(
        "insert into runs (run_id, started_at, status, added, changed, renamed, removed, quarantined, notices) "
        "values (?, (now() at time zone 'UTC')::timestamp, 'running', ?, ?, ?, ?, 0, ?)",
        [
            run_id,
            len(changes.added),
            len(changes.changed),
            len(changes.renamed),
            len(changes.removed),
            intake.notices,
        ],
    )


def _record_end(run: Run, status: str, error: str | None = None) -> None:
    with run.store.transaction() as cursor:
        cursor.execute(
            "update runs set status = ?, error = ?, finished_at = (now() at time zone 'UTC')::timestamp where run_id = ?",
            [status, error, run.run_id],
        )
        _record_quarantined(cursor, run.run_id)


def _record_quarantined(cursor: Any, run_id: str) -> None:
    cursor.execute(
        "update runs set quarantined = (select count(*) from rejections where status = 'quarantined') where run_id = ?",
        [run_id],
    )


def _publish(run: Run, summary: Summary) -> Path:
    """Check the warehouse, and publish it if every check holds; the report is made meanwhile."""
    store = run.store
    summary.quarantined = store.rows(
        "select path, reason, detail from rejections where status = 'quarantined' order by path"
    )
    ((summary.documents,),) = store.rows("select count(*) from documents")
    with store.transaction() as cursor:
        _record_quarantined(cursor, run.run_id)
    try:
        with store.bounded():
            summary.checks, answers = _look_over(run)
            if answers and isinstance(starved := answers.exception(), OUT_OF_MEMORY):
                raise starved
    except OUT_OF_MEMORY:
        summary.checks, answers = _look_over(run)
    _record_checks(run, summary)
    with ThreadPoolExecutor(1) as beside:
        page = beside.submit(_page, run, answers) if answers else None
        _record_end(run, "published")
        store.checkpoint()
        path = publish(
            run.settings.warehouse,
            run.run_id,
            run.settings.publish.keep,
            accompany=lambda copy: _report(run, copy, summary, page),
            replicate=lambda copy: _replicate(run, copy, summary),
        )
    summary.status, summary.published = "published", str(path)
    if summary.report is not None:
        summary.report = str(path.with_name(summary.report))
    return path


def _look_over(run: Run) -> tuple[list[CheckResult], Future[dict[str, Answer]] | None]:
    """What the checks find that are due, and what the report is to say; neither keeps all cores busy."""
    with ThreadPoolExecutor(1) as beside:
        answers = beside.submit(_answers, run) if run.settings.report.on_run else None
        return run_checks(run.store, checks_due(run.store, run.run_id)), answers


def _record_checks(run: Run, summary: Summary) -> None:
    """Record what the checks have found. Raises `ChecksFailedError` if one of them fails."""
    with run.store.transaction() as cursor:
        cursor.execute("delete from check_results where run_id = ?", [run.run_id])
        rows = [{"run_id": run.run_id, "is_passed": check.is_passed} | asdict(check) for check in summary.checks]
        insert_rows(cursor, "check_results", pa.Table.from_pylist(rows))
    failed = [check for check in summary.checks if not check.is_passed]
    if failed:
        _record_end(run, "rejected", f"checks failed: {', '.join(check.check_name for check in failed)}")
        summary.status = "rejected"
        raise ChecksFailedError(
            f"{len(failed)} checks failed, so nothing was published: "
            + "; ".join(f"{check.check_name} ({check.violations:,} rows, such as {check.example})" for check in failed)
        )


def _replicate(run: Run, copy: Path, summary: Summary) -> None:
    """Put a copy that was looked over into the lake, if there is one: it is seen there as soon as it is written."""
    if lake := _lake(run.settings):
        publish_to_lake(copy, lake, run.run_id, run.settings.publish.keep)
        summary.lake = lake.catalogue


def _lake(settings: Settings) -> Lake | None:
    """The lake that the settings name, if any."""
    if settings.publish.lake is None:
        return None
    return Lake(settings.publish.lake, (settings.publish.lake_data or settings.warehouse / "lake").absolute())


def _answers(run: Run) -> dict[str, Answer]:
    """What the report is to say: the store answers as the copy will, and its blocks are still in memory."""
    from flows.report import every_answer

    with run.store.asking() as cursor:
        return every_answer(partial(ask_all, cursor))


def _page(run: Run, answers: Future[dict[str, Answer]]) -> str:
    """The report of what is about to be published."""
    from flows.report import make_report

    found = answers.result()
    if run.bundling is not None:
        run.bundling.join()
    warehouse = run.settings.warehouse
    return make_report(version_file(warehouse, run.run_id), charts_code(private_file(warehouse).parent), found)


def _report(run: Run, copy: Path, summary: Summary, page: Future[str] | None) -> None:
    """Put the report beside the copy; if that fails, the copy is published all the same and the failure is told."""
    try:
        if page is not None:
            from flows.report import NAME, write_page

            write_page(page.result(), copy.with_name(NAME))
            summary.report = NAME
    except Exception as error:
        log.info("the report could not be made", exc_info=True)
        summary.report_error = f"{type(error).__name__}: {error}"
    finally:
        run.store.close()  # nothing more is written, whatever comes
