"""The history of runs: when each began and ended, and what its stages have done, its topics become and its checks found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from flows.intake import Intake
from flows.refresh import StageRun
from warehouse.checking import CheckResult
from warehouse.definitions import sql
from warehouse.paths import published_run, version_file
from warehouse.rows import insert_rows
from warehouse.store import Store


def record_start(cursor: Any, run_id: str, intake: Intake) -> None:
    """Record a run in the transaction in which its work was found, so that no kill can part the one from the other."""
    cursor.execute("update runs set status = 'interrupted' where status = 'running'")
    # A run is recorded as published before its file is copied, since the copy is to hold the record.
    warehouse = intake.settings.warehouse
    ((latest,),) = cursor.execute("select coalesce(max(run_id), '') from runs").fetchall()
    published = published_run(warehouse)
    if latest > published if published else not version_file(warehouse, latest).exists():
        cursor.execute(
            "update runs set status = 'failed', error = 'the copy for readers could not be made' "
            "where status = 'published' and run_id = ?",
            [latest],
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


def record_stage(cursor: Any, run_id: str, done: StageRun) -> None:
    """Record what a stage has done in a run, in place of what was recorded of it there."""
    cursor.execute("delete from stage_runs where run_id = ? and stage = ?", [run_id, done.stage])
    cursor.execute(
        "insert into stage_runs values (?, ?, ?, ?, ?, ?)",
        [run_id, done.stage, done.processed, done.removed, done.rows, done.seconds],
    )


def record_topics(cursor: Any, run_id: str, *, is_new: bool) -> None:
    """Record what a run has made of the topic model, in place of what was recorded of it there.

    Also of one that is not new, if the run that made it was cut off before it could.
    """
    if is_new or cursor.execute(sql("queries", "unrecorded_topics")).fetchone():
        cursor.execute("delete from topic_runs where run_id = $run_id", {"run_id": run_id})
        cursor.execute(sql("queries", "record_topics"), {"run_id": run_id})


def record_checks(cursor: Any, run_id: str, checks: Sequence[CheckResult]) -> None:
    """Record what the checks of a run have found."""
    cursor.execute("delete from check_results where run_id = ?", [run_id])
    rows = [{"run_id": run_id, "is_passed": check.is_passed} | asdict(check) for check in checks]
    insert_rows(cursor, "check_results", pa.Table.from_pylist(rows))


def record_quarantined(cursor: Any, run_id: str) -> None:
    """Record how many files a run leaves in quarantine."""
    cursor.execute(
        "update runs set quarantined = (select count(*) from rejections where status = 'quarantined') where run_id = ?",
        [run_id],
    )


def record_documents(cursor: Any, run_id: str) -> None:
    """Record which documents a run is about to publish that the version before does not have."""
    cursor.execute("delete from pipeline.first_published where document_id not in (select document_id from documents)")
    # What a run that was not published had recorded is new in this one.
    cursor.execute(
        "update pipeline.first_published set run_id = $run "
        "where run_id not in (select run_id from runs where status = 'published')",
        {"run": run_id},
    )
    cursor.execute(
        "insert into pipeline.first_published select document_id, $run from documents "
        "where document_id not in (select document_id from pipeline.first_published)",
        {"run": run_id},
    )


def record_end(store: Store, run_id: str, status: str, error: str | None = None) -> None:
    """Record how a run has ended."""
    with store.transaction() as cursor:
        cursor.execute(
            "update runs set status = ?, error = ?, finished_at = (now() at time zone 'UTC')::timestamp where run_id = ?",
            [status, error, run_id],
        )
        record_quarantined(cursor, run_id)
