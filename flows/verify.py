"""Verify: build the warehouse anew from the seeds and compare it, table by table, with the published one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows.analyst_files import with_analyst_files
from flows.execution import execute, in_order
from flows.run import open_run
from flows.settings import PublishSettings, ReportSettings, Settings
from flows.work import find_work
from tasks.topics import topics
from warehouse import ledger
from warehouse.compare import Difference, compare
from warehouse.errors import WarehouseError
from warehouse.paths import private_file, published_file
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Verification:
    """The tables compared, those that differ, and the topic model that both were given, if it was fitted before."""

    tables: int
    differences: list[Difference]
    given_model: str | None = None


def verify(settings: Settings, progress: Callable[[str, int, int], None]) -> Verification:
    """Rebuild into a scratch folder, which is taken away again, and compare every public table.

    Where the topic model was fitted to an earlier state of the documents and only places what is new, no rebuild can come
    by it: the scratch warehouse is given that model.
    """
    published = published_file(settings.warehouse)
    if not published.exists():
        raise WarehouseError(f"{published} does not exist: nothing has been published yet; start `corpus run`")
    published = published.resolve()
    scratch = Path(tempfile.mkdtemp(prefix="corpus-verify-"))
    try:
        # No report is looked at, and a lake is the published warehouse's.
        alone = {"report": ReportSettings(on_run=False), "publish": PublishSettings()}
        settings = settings.model_copy(update={"warehouse": scratch, **alone})
        given = _give_model(published, settings)
        with open_run(settings) as run:
            execute(run, in_order, progress)
        tables, differences = compare(published, published_file(scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Verification(tables, differences, given)


def _give_model(published: Path, settings: Settings) -> str | None:
    """Put the topics of the published warehouse into the scratch one if their model only folds in; return its id."""
    with Store(private_file(settings.warehouse)) as store, store.transaction() as cursor:
        cursor.execute(f"attach '{str(published).replace(chr(39), chr(39) * 2)}' as published (read_only)")
        row = cursor.execute("select model_id, decision from published.pipeline.topic_states").fetchone()
        if row is None or row[1] not in ("folded_in", "set_aside"):
            return None
        for table in ("pipeline.topic_fits", "pipeline.topic_weights", "topic_lineage"):
            cursor.execute(f"insert into {table} by name select * from published.{_place(table)}")
        # As if the stage had run on other documents with the present settings.
        intake, _ = with_analyst_files(settings)
        made_with = find_work(cursor, topics, intake).fingerprint
        ledger.record(cursor, topics.name, made_with, [ledger.Pending(ledger.WHOLE_CORPUS, "", "new")], {})
        return str(row[0])


def _place(table: str) -> str:
    return table if "." in table else f"main.{table}"
