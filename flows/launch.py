"""Choose how a run is carried out: under Prefect, whose server starts while this process imports what the run needs, or not."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from flows.charts import begin_bundling
from flows.display import notes
from flows.execution import execute, in_order
from flows.folders import SettingsError
from flows.intake import check_seeds
from flows.interruption import Progress
from flows.run import Run, Summary
from flows.server import ServerError, configured_url, server
from flows.settings import Settings
from flows.stages import STAGES
from tasks.errors import CorpusError
from warehouse.lock import holder
from warehouse.paths import private_file, published_run

log = logging.getLogger("corpus")

Execute = Callable[[Run, Progress], Summary]

# Objects made before the collector looks for cycles again. The rows of a run are many and in no cycle: with the usual 700
# the search costs a run that adds one document a fifth of a second.
_BETWEEN_COLLECTIONS = 50_000


@contextmanager
def orchestrator(settings: Settings, *, inline: bool) -> Iterator[Execute]:
    """A function that does the work of an open run: in this process alone, or as a Prefect flow run.

    A private server takes seconds to start. Where there is sure to be work, as before the first publication, it is
    started at once; else only when work has been found.
    """
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    if inline:
        yield lambda run, progress: execute(_bundling(run), in_order, progress)
        return
    check_seeds(settings)
    home = settings.warehouse / "private" / "prefect"
    with ExitStack() as stack:
        is_first = published_run(settings.warehouse) is None and holder(settings.warehouse) is None
        started = stack.enter_context(server(home)) if is_first else None

        def with_prefect(run: Run, progress: Progress) -> Summary:
            log.setLevel(logging.INFO)
            prefect_server = started or stack.enter_context(server(home))
            from flows.artifacts import with_artifacts
            from flows.outage import give_up_soon, telling_of
            from flows.pipeline import orchestrate

            def when_ready(*work: Any) -> None:
                _load(run.settings)
                prefect_server.wait()
                if prefect_server.is_own:
                    give_up_soon()
                try:
                    with telling_of(prefect_server):
                        orchestrate(*work)
                except ServerError as error:
                    if not run.is_out:
                        raise
                    notes([f"the run is published, and Prefect's record of it has no end: {error}"])

            return execute(_bundling(run), when_ready, with_artifacts(progress))

        yield with_prefect


def schedule(
    settings: Settings,
    *,
    cron: str | None,
    interval: float | None,
    watch: bool,
    work_pool: str | None,
    say: Callable[..., object],
) -> None:
    """Serve the deployment until SIGTERM or SIGINT, from the user's own Prefect server or from one that lives as long.

    With `work_pool` it is handed over to that pool's workers and not served here.
    """
    check_seeds(settings)
    if work_pool and configured_url() is None:  # a server of our own would end with this process
        raise SettingsError(
            f"the work pool {work_pool} is on a Prefect server of yours: name it with PREFECT_API_URL, or log in to it"
        )
    with server(settings.warehouse / "private" / "schedule", is_lasting=True) as prefect_server:
        from flows.outage import telling_of
        from flows.schedule import deployment, serve

        served = deployment(settings, cron=cron, interval=interval, work_pool=work_pool)
        prefect_server.wait()
        if work_pool:
            with telling_of(prefect_server):
                served.apply()
            say(f"{served.full_name} is with the work pool {work_pool} of {prefect_server.url}")
            return
        serve(settings, served, prefect_server, watch=watch, say=say)
    say("stopped")


def _bundling(run: Run) -> Run:
    """The same run, with a process that bundles the charts for its report where they are not yet."""
    if not run.settings.report.on_run:
        return run
    return replace(run, bundling=begin_bundling(private_file(run.settings.warehouse).parent))


def _load(settings: Settings) -> None:
    """Load what the stages will need, so that this is done by the time the server answers."""
    for stage in STAGES:
        try:
            stage.load(settings.branch(stage.name))
        except CorpusError:
            log.debug("%s will say what it misses when its turn comes", stage.name)
