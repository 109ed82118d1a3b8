"""The stages as tasks of a Prefect flow run, with the edges that their reads and writes make; and the flow of `corpus run`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.artifacts import show_outcome
from flows.cluster import told_if_silent
from flows.refresh import StageRun
from flows.run import Run
from flows.settings import Settings
from flows.stages import STAGES, upstream
from tasks.errors import CorpusError
from tasks.stage import Stage
from warehouse.errors import WarehouseError
from warehouse.store import TRANSIENT, is_damage

log = logging.getLogger("corpus")

FLOW, TAG = "policy-corpus", "corpus"

_RETRIES = [1.0, 5.0]  # seconds to wait before another try
_MAY_PASS: tuple[type[BaseException], ...] = (OSError, BrokenProcessPool, *TRANSIENT)


def _is_worth_another_try(_task: Any, _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failure may pass by itself: a full disk or a killed worker may, a wrong setting or a bug does not."""
    try:
        state.result(raise_on_failure=True)
    except (CorpusError, WarehouseError):
        return False
    except _MAY_PASS as error:
        return not is_damage(error)
    except Exception:
        return False
    return False


def _processed(do_stage: Callable[[Stage], StageRun], stage: Stage) -> int:
    return do_stage(stage).processed


def _task(name: str, body: Callable[[], Any], retries: list[float]) -> Any:
    as_task = task(
        name=name,
        task_run_name=name,
        cache_policy=NO_CACHE,  # the ledger decides what is done, and it looks at the rows
        persist_result=False,
        retries=len(retries),
        retry_delay_seconds=retries or None,
        retry_condition_fn=_is_worth_another_try,
    )
    return as_task(body)


def run_stages(run: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages as tasks of the current flow run, publish, and leave what has come of it on the flow run's page.

    Stages write to one file, so they run one after the other; in this thread, so that a signal ends them at once. What `Ahead`
    does of the last ones meanwhile is awaited there, at a signal as well.
    """
    done: dict[str, State[Any]] = {}
    with _connected(run.settings):
        for stage in STAGES:
            body = _task(stage.name, partial(_processed, do_stage, stage), _RETRIES)
            done[stage.name] = body(wait_for=[done[name] for name in upstream(stage)], return_state=True)
            done[stage.name].result()
    _task("publish", lambda: str(do_publish()), [])(wait_for=list(done.values()))
    show_outcome(run.settings.warehouse, run.run_id)


@contextmanager
def _connected(settings: Settings) -> Iterator[None]:
    """Prefect's connection to the Dask cluster, where one is set: the language pass sends its batches over it.

    The batches are tasks of Dask's and not of Prefect's, which would cost more than they do; so workers need no Prefect.
    """
    if settings.run.runner != "dask":
        yield
        return
    from prefect_dask.task_runners import DaskTaskRunner

    with DaskTaskRunner(address=settings.run.address, client_kwargs={"set_as_default": True}) as runner:
        with told_if_silent(str(settings.run.address)):
            threads = sum(runner.client.nthreads().values())
        log.info("the language pass works on %d threads of %s", threads, runner.address)
        yield


def orchestrate(run: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages in a flow run of their own."""

    @flow(
        name=FLOW,
        flow_run_name=run.run_id,
        description="Bring the warehouse up to date with the documents in seeds.",
        persist_result=False,
        validate_parameters=False,
    )
    def policy_corpus(seeds: str, warehouse: str) -> None:
        log.info("bringing %s up to date with %s", warehouse, seeds)
        run_stages(run, do_stage, do_publish)

    log.propagate = False  # its records go to Prefect; on the console, progress says the same
    try:
        with tags(TAG), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            policy_corpus(str(run.settings.seeds), str(run.settings.warehouse))
    finally:
        # While the server still answers: what is left would be sent when the interpreter ends, and wait in vain.
        APILogHandler().flush()
        EventsWorker.drain_all(timeout=10)
