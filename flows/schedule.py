"""The deployment: the flow that a Prefect schedule, worker or `corpus schedule` starts, and how it is served."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from math import inf
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments import arun_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import TerminationSignal
from prefect.runner import Runner
from prefect.runtime import flow_run
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Cancelled, Completed
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from flows import display
from flows.artifacts import with_artifacts
from flows.execution import execute
from flows.folders import SettingsError
from flows.intake import Options
from flows.interruption import ending_at
from flows.outage import is_of_server, telling_of
from flows.pipeline import FLOW, TAG, run_stages
from flows.run import Run, Summary, open_run
from flows.server import PrefectServer
from flows.settings import Settings, load_settings
from tasks.scan import File, scan
from warehouse.errors import first_line
from warehouse.lock import LockedError

log = logging.getLogger("corpus")

SKIPPED = "Skipped"
INCOMPLETE = "Incomplete"  # a file could not be read that the next run tries again
_LOOK_SECONDS = 0.5
_AGAIN_SECONDS = 900.0  # after which what could not be read is tried again, though nothing has changed
_MOST_AT_ONCE = 200  # flow runs that the server tells of; it schedules a hundred ahead


@flow(name=FLOW, persist_result=False)
def policy_corpus(
    seeds: str,
    warehouse: str,
    *,
    rebuild: bool = False,
    rehash: bool = False,
    refit_topics: bool = False,
    accept_loss: bool = False,
) -> State[Any]:
    """Bring the warehouse up to date with the documents in seeds."""
    log.setLevel(logging.INFO)
    options = Options(rebuild=rebuild, rehash=rehash, refit_topics=refit_topics, accept_loss=accept_loss)
    try:
        with open_run(load_settings(seeds=Path(seeds), warehouse=Path(warehouse)), options) as run:
            state = _carry_out(run)
    except LockedError as error:
        state = Completed(name=SKIPPED, message=str(error))
    except Exception as error:
        display.say(f"{flow_run.get_name()}: Failed: {error}", file=sys.stderr)
        raise
    display.say(f"{flow_run.get_name()}: {state.name}: {state.message}", file=sys.stderr)
    return state


def _carry_out(run: Run) -> State[Any]:
    for notice in run.intake.notices:
        log.warning(notice)
    if not run.has_work:
        return _completed("nothing new: every table is up to date with the documents", waits=run.waits)
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(flow_run.get_id()), name=run.run_id)
    with ending_at([signal.SIGTERM], lambda *_: None, TerminationSignal) as progress:
        done = execute(run, run_stages, with_artifacts(progress))
    return _completed(_outcome(done), waits=done.waits)


def _completed(message: str, *, waits: bool) -> State[Any]:
    return Completed(name=INCOMPLETE if waits else None, message=message)


def _outcome(done: Summary) -> str:
    """What a run has come to, in a sentence."""
    said = f"run {done.run_id}: {display.counted(done.documents, 'document')} published in {done.seconds:.1f} s"
    return f"{said}, but its report could not be made ({done.report_error})" if done.report_error else said


def deployment(
    settings: Settings, *, cron: str | None, interval: float | None, work_pool: str | None
) -> RunnerDeployment:
    """The deployment of a folder and its warehouse. Raises `SettingsError` for a schedule that is none."""
    try:
        schedule: Schedule | None = None
        if cron is not None:
            schedule = Cron(cron, timezone=settings.schedule.timezone)
        elif interval is not None:
            schedule = Interval(interval)
        made = policy_corpus.to_deployment(
            settings.schedule.name,
            schedule=schedule,
            paused=False,  # as it is where somebody has paused it
            parameters={"seeds": str(settings.seeds.resolve()), "warehouse": str(settings.warehouse.resolve())},
            tags=[TAG],
            work_pool_name=work_pool,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    except (ValidationError, ValueError) as error:
        given = f"--cron {cron!r}" if cron is not None else f"--interval {interval}"
        raise SettingsError(f"{given} is no schedule: {str(error).splitlines()[-1]}") from error
    assert isinstance(made, RunnerDeployment)
    return made


def serve(
    settings: Settings, served: RunnerDeployment, server: PrefectServer, *, watch: bool, say: Callable[..., object]
) -> None:
    """Start runs as the schedule says, and with `watch` when files have landed, until SIGTERM or SIGINT.

    A run that is going on then is told to stop: what it has finished is kept. A server of the user's that is away is waited
    for. Raises `ServerError` if it does not take the deployment at first, or is ours and has ended.
    """
    say = partial(say, file=sys.stdout)
    # Of a server that is away Prefect prints several tracebacks; what a run says is on standard error.
    with redirect_stdout(StringIO()):
        asyncio.run(_serve(settings, served, server, watch=watch, say=say))


async def _serve(
    settings: Settings, served: RunnerDeployment, server: PrefectServer, *, watch: bool, say: Callable[[str], object]
) -> None:
    with telling_of(server):
        runner: Runner | None = await _registered(settings, served)
    stop = asyncio.Event()
    _end_at_signals(stop)
    watching = asyncio.create_task(_watch(settings, served.full_name, say)) if watch else None

    def check() -> None:
        server.check()
        if watching is not None and watching.done():
            watching.result()  # raises what has ended it

    try:
        while runner is not None and not stop.is_set():
            say(f"serving {served.full_name} of {settings.seeds}; Prefect answers at {server.url}")
            try:
                await _start_runs(runner, stop, check)
            except Exception as error:
                check()
                if not _is_away(error):
                    raise
                say(
                    f"the Prefect server does not answer; trying again every {settings.schedule.poll_seconds:g} seconds"
                )
                runner = await _registered_again(settings, served, stop)
    finally:
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


def _end_at_signals(stop: asyncio.Event) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)


async def _registered(settings: Settings, served: RunnerDeployment) -> Runner:
    """Bring a deployment to the server; returns what starts its runs."""
    # Two runs at once are sorted out by the lock, which also sees runs from the command line. Runs that wait their turn
    # do so here, and not as processes.
    limit = 1 if settings.run.when_held == "wait" else None
    # Others may serve the same deployment, or take over from this process: it is not for one that ends to pause it.
    runner = Runner(
        served.name, query_seconds=min(10.0, settings.schedule.poll_seconds), limit=limit, pause_on_shutdown=False
    )
    await _pass_over_missed(await runner.aadd_deployment(served))
    return runner


async def _registered_again(settings: Settings, served: RunnerDeployment, stop: asyncio.Event) -> Runner | None:
    """As `_registered`, when the server answers again; None if it is to stop before that."""
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), settings.schedule.poll_seconds)
            return None
        try:
            return await _registered(settings, served)
        except Exception as error:
            if not _is_away(error):
                raise


async def _pass_over_missed(deployment_id: UUID) -> None:
    """Of the runs that fell due while nobody served, leave the last: it takes whatever is new."""
    async with get_client() as client:
        due = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
                expected_start_time=FlowRunFilterExpectedStartTime(before_=datetime.now(UTC)),
            ),
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=_MOST_AT_ONCE,
        )
        for missed in [each for each in due if each.auto_scheduled][1:]:
            state: State[Any] = Cancelled(message="missed while nobody served; the last one takes whatever is new")
            await client.set_flow_run_state(missed.id, state, force=True)


async def _start_runs(runner: Runner, stop: asyncio.Event, check: Callable[[], None]) -> None:
    """Start the runs that are due until it is to stop; raises what ends it before, or what `check` raises."""
    running = asyncio.create_task(runner.start())
    while not (runner.started or running.done()):
        await asyncio.sleep(0.05)
    # Once more, as the runner sets a handler of its own that waits for what cannot happen while it is waited for.
    _end_at_signals(stop)
    try:
        while not stop.is_set():
            if running.done():
                running.result()
                stop.set()
            check()
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        if not running.done():
            await runner.astop()
        await asyncio.gather(running, return_exceptions=True)


def _is_away(error: BaseException) -> bool:
    """Whether a runner has ended because the server did not answer for long: by an error of its own or of the last request."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_away, error.exceptions))
    return type(error) is RuntimeError or is_of_server(error)


async def _watch(settings: Settings, deployment: str, say: Callable[[str], object]) -> None:
    """Start a run at first, and whenever the folder differs from what it was at the last one and two looks find it the same.

    A run that found the warehouse held is made up for, and one that could not read a file is repeated after a while; one that
    failed is not repeated until something changes. A folder or a server that is away is waited for.
    """
    seen: dict[str, File] = {}
    known: dict[str, File] | None = None
    again = inf
    while True:
        try:
            before, seen = seen, await asyncio.to_thread(_look, settings, seen)
            is_new = known is None or _landed(seen) != _landed(known)
            if _landed(before) == _landed(seen) and (is_new or time.monotonic() >= again):
                ended = await _started_run(deployment)
                if ended.state is not None and ended.state.name != SKIPPED:
                    known = seen
                    again = time.monotonic() + _AGAIN_SECONDS if ended.state.name == INCOMPLETE else inf
        except Exception as error:
            if not isinstance(error, OSError) and not is_of_server(error):
                raise
            say(f"trying again in {settings.schedule.poll_seconds:g} seconds: {first_line(error)}")
        await asyncio.sleep(settings.schedule.poll_seconds)


def _look(settings: Settings, known: dict[str, File]) -> dict[str, File]:
    """Every file of the folder, by polling: notifications do not come from network file systems."""
    found = scan(
        settings.seeds,
        known,
        now_ns=time.time_ns(),
        largest=settings.ingest.largest_file,
        rehash=False,
        overrides={},
        left_out=settings.warehouse_in_seeds,
    )
    return {file.path: file for file in found}


def _landed(files: dict[str, File]) -> dict[str, File]:
    """What of the files tells whether they have changed: not when they were looked at, nor how much of a download is there."""
    return {
        path: replace(file, scanned_ns=0)
        if file.status != "skipped" or file.reason == "analyst_file"
        else replace(file, scanned_ns=0, size=0, modified_ns=0)
        for path, file in files.items()
    }


async def _started_run(deployment: str) -> FlowRun:
    """Start a run, and return it when it has ended."""
    return await arun_deployment(deployment, timeout=None, poll_interval=1, as_subflow=False)
