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
from warehouse.definitions import is_kept, qualified
from warehouse.errors import WarehouseError, first_line
from warehouse.paths import private_file, published_file
from warehouse.reader import published_version
from warehouse.store import UNFIT, Store, attach


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
    published = published_version(settings.warehouse)
    scratch = Path(tempfile.mkdtemp(prefix="corpus-verify-"))
    try:
        # No report is looked at, and a lake is the published warehouse's.
        alone = {"report": ReportSettings(on_run=False), "publish": PublishSettings()}
        settings = settings.elsewhere(scratch).model_copy(update=alone)
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
        attach(cursor, published, "published")
        try:
            row = cursor.execute("select model_id, decision from published.pipeline.topic_states").fetchone()
            if row is None or row[1] not in ("folded_in", "set_aside"):
                return None
            for place in (qualified(record.TABLE) for record in topics.writes if is_kept(record.TABLE)):
                cursor.execute(f"insert into {place} by name from published.{place}")
        except UNFIT as error:
            raise WarehouseError(
                f"{published} holds no topics that can be gone on from ({first_line(error)}); `corpus run` brings it up to date"
            ) from error
        # As if the stage had run on other documents with the present settings.
        settings, _ = with_analyst_files(settings)
        made_with = find_work(cursor, topics, settings).fingerprint
        ledger.record(cursor, topics.name, made_with, [ledger.Pending(ledger.WHOLE_CORPUS, "", "new")], {})
        return str(row[0])
