"""The end of a run: the warehouse is checked and, if every check holds, published with its report."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from flows.charts import charts_code
from flows.display import counted
from flows.examination import Examination
from flows.history import record_checks, record_end
from flows.run import Run, Summary, configured_lake
from tasks.errors import CorpusError
from warehouse.definitions import sql
from warehouse.lake import publish_to_lake
from warehouse.paths import private_file, version_file
from warehouse.publish import publish

if TYPE_CHECKING:
    from flows.report import Answers

log = logging.getLogger("corpus")


class ChecksFailedError(CorpusError, AssertionError):
    """The warehouse is not what it promises to be, so it is not published."""


def publish_run(run: Run, summary: Summary, begun: Examination | None = None) -> Path:
    """Check the warehouse, as far as that is not `begun`, and publish it if every check holds; the report is made meanwhile.

    Returns the published file. Raises `ChecksFailedError`.
    """
    store = run.store
    summary.quarantined = store.rows(sql("queries/status", "quarantined"))
    summary.documents = run.documents
    examinations = [begun] if begun else []
    summary.checks, answers = store.sparing(lambda: (examinations.pop() if examinations else Examination(run)).end())
    with store.transaction() as cursor:
        record_checks(cursor, run.run_id, summary.checks)
    if failed := [check for check in summary.checks if not check.is_passed]:
        summary.status = "rejected"
        record_end(store, run.run_id, "rejected", f"checks failed: {', '.join(check.check_name for check in failed)}")
        raise ChecksFailedError(
            f"{counted(len(failed), 'check')} failed, so nothing was published: "
            + "; ".join(
                f"{check.check_name} ({counted(check.violations, 'row')}, such as {check.example})" for check in failed
            )
        )
    with ThreadPoolExecutor(1) as beside:
        page = beside.submit(_page, run, answers) if answers else None
        record_end(store, run.run_id, "published")
        store.checkpoint()
        path = publish(
            run.settings.warehouse,
            run.run_id,
            run.settings.publish.keep,
            accompany=lambda copy: _report(run, copy, summary, page),
            replicate=lambda copy: _replicate(run, copy, summary),
        )
    summary.status, summary.published = "published", str(path)
    if summary.report is not None:
        summary.report = str(path.with_name(summary.report))
    return path


def _replicate(run: Run, copy: Path, summary: Summary) -> None:
    """Put a copy that was looked over into the lake, if there is one: it is seen there as soon as it is written."""
    if lake := configured_lake(run.settings):
        publish_to_lake(copy, lake, run.run_id, run.settings.publish.keep)
        summary.lake = lake.catalogue


def _page(run: Run, answers: Future[Answers]) -> str:
    """The report of what is about to be published."""
    from flows.report import make_report

    found = answers.result()
    if run.bundling is not None:
        run.bundling.join()
    warehouse = run.settings.warehouse
    return make_report(version_file(warehouse, run.run_id), charts_code(private_file(warehouse).parent), found)


def _report(run: Run, copy: Path, summary: Summary, page: Future[str] | None) -> None:
    """Put the report beside the copy; if that fails, the copy is published all the same and the failure is told."""
    try:
        if page is not None:
            from flows.report import NAME, write_page

            write_page(page.result(), copy.with_name(NAME))
            summary.report = NAME
    except Exception as error:
        log.info("the report could not be made", exc_info=True)
        summary.report_error = f"{type(error).__name__}: {error}"
    finally:
        run.store.close()  # nothing more is written, whatever comes
