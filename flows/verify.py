"""Verify: build the warehouse anew from the seeds and compare it, table by table, with the published one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows.run import execute, in_order, open_run
from flows.settings import Settings
from warehouse.compare import Difference, compare
from warehouse.publish import published_file
from warehouse.store import WarehouseError


@dataclass(frozen=True, slots=True)
class Verification:
    """The tables compared, and those that differ."""

    tables: int
    differences: list[Difference]


def verify(settings: Settings, progress: Callable[[str, int, int], None]) -> Verification:
    """Rebuild into a scratch folder, which is taken away again, and compare every public table."""
    published = published_file(settings.warehouse)
    if not published.exists():
        raise WarehouseError(f"{published} does not exist: nothing has been published yet; start `corpus run`")
    published = published.resolve()
    scratch = Path(tempfile.mkdtemp(prefix="corpus-verify-"))
    try:
        with open_run(settings.model_copy(update={"warehouse": scratch})) as run:
            execute(run, in_order, progress)
        tables, differences = compare(published, published_file(scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Verification(tables, differences)
