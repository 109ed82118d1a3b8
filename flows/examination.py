"""What the checks find in a warehouse and what its report is to say, asked for as soon as what they read is written."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from flows.run import Run
from tasks.stage import Stage
from warehouse.checking import FOLDERS, CheckResult, checks_due, run_checks
from warehouse.definitions import places_read, sql, sql_names
from warehouse.reader import ask_all
from warehouse.store import OUT_OF_MEMORY

if TYPE_CHECKING:
    from flows.report import Answers

_OF_THE_RUN = ("runs", "stage_runs", "check_results")  # what is said there of a run changes up to its end


class Examination:
    """The checks that are due and, where a report is to be made, its questions: side by side, and beside the last stages.

    None of these keeps all cores busy.
    """

    def __init__(self, run: Run, last: Sequence[Stage] = ()) -> None:
        """Begin; where the `last` stages are still to do their work, with what reads nothing of what is written from now on."""
        self._run = run
        self._unwritten = (
            {*_OF_THE_RUN, *(record.TABLE for stage in last for record in stage.writes)} if last else set()
        )
        self._due = checks_due(run.store, run.run_id)
        checks = [(folder, name) for folder in FOLDERS for name in sql_names(folder)]
        self._later = {name for folder, name in checks if self._waits(folder, name)}
        self._earlier = {name for _, name in checks} - self._later
        self._pool = ThreadPoolExecutor(2)
        self._found = self._pool.submit(run_checks, run.store, self._due, self._later)
        self._answers = self._pool.submit(self._ask, are_later=False) if run.settings.report.on_run else None

    def end(self) -> tuple[list[CheckResult], Future[Answers] | None]:
        """What the checks have found, by name, and what the report is to say, or why that cannot be found out."""
        try:
            answers = self._pool.submit(self._every_answer) if self._answers else None
            found = self._found.result()
            found += run_checks(self._run.store, self._due, self._earlier)
            if answers and isinstance(error := answers.exception(), OUT_OF_MEMORY):
                raise error
        finally:
            self.close()
        return sorted(found, key=attrgetter("check_name")), answers

    def close(self) -> None:
        """Wait for what is being asked, and begin with nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def _waits(self, folder: str, name: str) -> bool:
        """Whether a statement reads what is still to be written."""
        return bool(self._unwritten and not self._unwritten.isdisjoint(places_read(sql(folder, name))))

    def _every_answer(self) -> Answers:
        assert self._answers is not None  # or there is nothing to wait for
        return self._answers.result() | self._ask(are_later=True)

    def _ask(self, *, are_later: bool) -> Answers:
        """What the store answers, as the copy for readers will; its blocks are still in memory."""
        from flows.report import QUERIES, answers

        names = [name for name in sql_names(QUERIES) if self._waits(QUERIES, name) == are_later]
        if not names:
            return {}
        with self._run.store.asking() as cursor:
            return answers(partial(ask_all, cursor), names)
