"""The Prefect flow: every stage a task of its own, with the edges that its reads and writes make."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.events.worker import EventsWorker
from prefect.futures import PrefectFuture
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.refresh import StageRun
from flows.run import Run
from flows.stages import STAGES, upstream
from tasks.errors import CorpusError
from tasks.stage import Stage
from warehouse.errors import WarehouseError
from warehouse.store import TRANSIENT

log = logging.getLogger("corpus")

_RETRIES = [1.0, 5.0]  # seconds to wait before another try
_MAY_PASS: tuple[type[BaseException], ...] = (OSError, BrokenProcessPool, *TRANSIENT)


def _is_worth_another_try(_task: Any, _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failure may pass by itself: a full disk or a killed worker may, a wrong setting or a bug does not."""
    try:
        state.result(raise_on_failure=True)
    except (CorpusError, WarehouseError):
        return False
    except _MAY_PASS:
        return True
    except Exception:
        return False
    return False


def _processed(do_stage: Callable[[Stage], StageRun], stage: Stage) -> int:
    return do_stage(stage).processed


def orchestrate(run: Run, do_stage: Callable[[Stage], StageRun], do_publish: Callable[[], Path]) -> None:
    """Run the stages as tasks of one Prefect flow run, and publish at the end."""

    def as_task(name: str, retries: list[float]) -> Callable[[Callable[[], Any]], Any]:
        return task(
            name=name,
            task_run_name=name,
            cache_policy=NO_CACHE,  # the ledger decides what is done, and it looks at the rows
            persist_result=False,
            retries=len(retries),
            retry_delay_seconds=retries or None,
            retry_condition_fn=_is_worth_another_try,
        )

    # Stages write to one file, so one thread takes them in the order in which they become ready.
    runner = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=1))

    @flow(
        name="policy-corpus",
        flow_run_name=run.run_id,
        description="Bring the warehouse up to date with the documents in seeds.",
        task_runner=runner,
        persist_result=False,
        validate_parameters=False,
    )
    def policy_corpus(seeds: str, warehouse: str) -> None:
        log.info("bringing %s up to date with %s", warehouse, seeds)
        done: dict[str, PrefectFuture[Any]] = {}
        for stage in STAGES:
            body = as_task(stage.name, _RETRIES)(partial(_processed, do_stage, stage))
            done[stage.name] = body.submit(wait_for=[done[name] for name in upstream(stage)])
        published = as_task("publish", [])(lambda: str(do_publish())).submit(wait_for=list(done.values()))
        for future in (*done.values(), published):
            future.result()

    log.propagate = False  # its records go to Prefect; on the console, progress says the same
    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            policy_corpus(str(run.settings.seeds), str(run.settings.warehouse))
    finally:
        # While the server still answers: what is left would be sent when the interpreter ends, and wait in vain.
        APILogHandler().flush()
        EventsWorker.drain_all(timeout=10)
