"""A run: what it is opened with, and the summary of what it has done."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from flows import unchanged, unpublished
from flows.history import record_start
from flows.intake import PASSING, Changes, Intake, Options, check_seeds, take_in
from flows.loss import LossError
from flows.refresh import StageRun
from flows.settings import Settings
from flows.unchanged import Sight
from flows.unpublished import Unpublished
from tasks.source_code import remembered
from warehouse.checking import CheckResult
from warehouse.lake import Lake, run_in_lake
from warehouse.lock import lock
from warehouse.paths import check_link, private_file, published_file, published_run
from warehouse.reader import can_be_read
from warehouse.recovery import private_store
from warehouse.store import Store

log = logging.getLogger("corpus")


def _are_tried_again(reasons: Iterable[str]) -> bool:
    """Whether files that are not documents for these reasons are tried again by the next run."""
    return not set(PASSING).isdisjoint(reasons)


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
        return _are_tried_again(reason for _, reason, _ in self.quarantined)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Run:
    """An open run: the store, what was found in the seeds folder, and whether there is anything to do.

    `sight` is what was to be seen before the folder was looked over.
    """

    run_id: str
    intake: Intake
    store: Store
    has_work: bool
    started: float
    sight: Sight
    bundling: BaseProcess | None = None
    """What bundles the charts of the report meanwhile, if anything has to."""

    @property
    def waits(self) -> bool:
        """Whether a file could not be read that the next run tries again."""
        return _are_tried_again(reason for (reason,) in self.store.rows("select reason from rejections"))

    @property
    def documents(self) -> int:
        """How many documents the warehouse holds as it now stands."""
        ((documents,),) = self.store.rows("select count(*) from documents")
        return int(documents)

    @property
    def is_out(self) -> bool:
        """Whether what it has made is what readers see."""
        return published_run(self.settings.warehouse) == self.run_id

    def settle(self, done: Summary | None) -> None:
        """Put down that nothing is left to do until something changes, where a glance can tell that; the store is closed.

        A notice is told each time, a file that could not be read is tried again, and no glance goes into a model's folder
        or a lake.
        """
        waits = done.waits if done else self.waits
        of_settings = self.settings.publish.lake is not None or Path(self.settings.annotate.model).exists()
        if not (self.intake.notices or waits or of_settings):
            self.store.close()
            unchanged.note(self.settings, self.sight)

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
    check_seeds(settings)
    check_link(settings.warehouse)
    wait = log.warning if settings.run.when_held == "wait" else None
    with (
        lock(settings.warehouse, run_id, wait) as rename,
        private_store(settings.warehouse) as (store, notices),
        remembered(private_file(settings.warehouse).with_name("source_code.json")),
    ):
        unchanged.forget(settings.warehouse)
        sight = unchanged.look(settings)  # what changes from now on is for the next run
        with store.transaction() as cursor:
            intake = take_in(cursor, store, settings, options)
            if intake.loss:
                unpublished.note(settings.warehouse, Unpublished(run_id, "refused", intake.loss))
                raise LossError(f"{intake.loss}; nothing has been changed")
            has_work = publishes(cursor, intake)
            intake = replace(intake, notices=[*notices, *intake.notices])
            latest = _latest(cursor)
            if latest and latest[0] >= run_id:  # the clock has been set back
                rename(run_id := _next_run_id(latest[0]))
            if has_work:
                record_start(cursor, run_id, intake)
        if has_work:
            unpublished.note(settings.warehouse, Unpublished(run_id, "running"))
        else:
            unpublished.clear(settings.warehouse)
        yield Run(run_id, intake, store, has_work, started, sight)


def _latest(cursor: Any) -> tuple[str, str] | None:
    """The id and the status of the last run, if there was any."""
    found: tuple[str, str] | None = cursor.execute(
        "select run_id, status from runs order by run_id desc limit 1"
    ).fetchone()
    return found


def publishes(cursor: Any, intake: Intake) -> bool:
    """Whether a run that finds this makes a version: there is work, readers do not see the last one, or its notices differ."""
    return intake.has_work or not _is_published(cursor, intake.settings) or intake.notices != _told(cursor)


def _told(cursor: Any) -> list[str]:
    """The notices of the last run."""
    ((notices,),) = cursor.execute("select arg_max(notices, run_id) from runs").fetchall()
    return list(notices)


def _is_published(cursor: Any, settings: Settings) -> bool:
    """Whether what the last run has made is what readers see, and all there. Raises `WarehouseError`."""
    run_id, lake = published_run(settings.warehouse), configured_lake(settings)
    return (
        _latest(cursor) == (run_id, "published")
        and can_be_read(published_file(settings.warehouse))
        and (lake is None or run_in_lake(lake) == run_id)
    )


def configured_lake(settings: Settings) -> Lake | None:
    """The lake that the settings name, if any."""
    if settings.publish.lake is None:
        return None
    return Lake(settings.publish.lake, (settings.publish.lake_data or settings.warehouse / "lake").absolute())
