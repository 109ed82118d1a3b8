"""What Prefect's page of a flow run shows besides its graph: progress, a summary, the quarantine, and trends that changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact

from flows.display import counted
from flows.interruption import Progress
from flows.outage import is_of_server
from warehouse.compare import changed_trends
from warehouse.definitions import sql
from warehouse.errors import WarehouseError
from warehouse.paths import FILE
from warehouse.publish import version_before
from warehouse.reader import reading

log = logging.getLogger("corpus")

_UPDATE_SECONDS = 2.0  # an update is a request; a step that is done sooner gets none
_MOST_LISTED = 200


@dataclass
class _Shown:
    updated: float
    artifact: UUID | None = None


def with_artifacts(progress: Progress) -> Progress:
    """`progress`, and a bar on the flow run's page for each step that takes a while."""
    steps: dict[str, _Shown] = {}

    def report(step: str, done: int, total: int) -> None:
        progress(step, done, total)
        now = time.monotonic()
        shown = steps.setdefault(step, _Shown(now))
        is_finished = shown.artifact is not None and done == total
        if not total or not (is_finished or now - shown.updated >= _UPDATE_SECONDS):
            return
        percent = 100 * done / total
        shown.updated = now
        with _for_show():
            if shown.artifact is None:
                key = f"progress-{step.replace('_', '-')}"
                created = create_progress_artifact(percent, key=key, description=f"{step}: {total:,} to do")
                assert isinstance(created, UUID)
                shown.artifact = created
            else:
                update_progress_artifact(shown.artifact, percent)

    return report


def show_outcome(warehouse: Path, run_id: str) -> None:
    """Leave tables of what a published run has done, of what is quarantined, and of the trends that it changed."""
    run_alone, some = {"run_id": run_id}, {"most": _MOST_LISTED}
    with reading(warehouse) as connection:
        run, stages, quarantined = (
            connection.execute(sql("queries/artifacts", query), values).to_arrow_table().to_pylist()
            for query, values in (("run", run_alone), ("stages", run_alone), ("quarantined", some))
        )
    outcome = ", ".join(f"{name} {value}" for name, value in run[0].items())
    trends, description = _trends(warehouse, run_id)
    with _for_show():
        create_table_artifact(stages, key="summary", description=f"Run {run_id}: {outcome}")
        create_table_artifact(
            quarantined,
            key="quarantined",
            description=f"{counted(run[0]['quarantined'], 'file')} that somebody should look at",
        )
        create_table_artifact(trends, key="changed-trends", description=description)


@contextmanager
def _for_show() -> Iterator[None]:
    """What is shown is of no consequence to the run: a server that does not answer is told of and passed over."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) and not is_of_server(error):
            raise
        log.warning("the flow run's page is not complete: %s", error)


def _trends(warehouse: Path, run_id: str) -> tuple[list[dict[str, Any]], str]:
    file = warehouse / "versions" / run_id / FILE
    before = version_before(file)
    if before is None:
        return [], "No version before this one is kept to compare with"
    try:
        changed = changed_trends(before, file, most=_MOST_LISTED)
    except WarehouseError as error:
        return [], f"There is nothing to compare with: {error}"
    return changed, f"Verdicts on terms that differ from the version of {before.parent.name}, {_MOST_LISTED} at most"
