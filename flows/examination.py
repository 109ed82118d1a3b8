"""What the checks find in a warehouse and what its report is to say, asked for as soon as what they read is written."""

from __future__ import annotations

from collections.abc import Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from flows.history import record_documents, record_quarantined
from flows.run import Run
from tasks.stage import Stage
from warehouse.checking import FOLDERS, CheckResult, checks_due, run_checks
from warehouse.definitions import places_read, sql, sql_names
from warehouse.reader import ask_all
from warehouse.store import OUT_OF_MEMORY

if TYPE_CHECKING:
    from flows.report import Answers


class Examination:
    """The checks that are due and, where a report is to be made, its questions: side by side, and beside the last stages.

    None of these keeps all cores busy. What is asked of the run itself, how it began, which documents are new and what it leaves
    in quarantine, is known before the last stages.
    """

    def __init__(self, run: Run) -> None:
        """Find out what is due; nothing is asked yet."""
        self._run = run
        with run.store.transaction() as cursor:
            record_quarantined(cursor, run.run_id)
            record_documents(cursor, run.run_id)
        self._due = checks_due(run.store, run.run_id)
        self._checks = {name: sql(folder, name) for folder in FOLDERS for name in sql_names(folder)}
        self._questions: dict[str, str] = {}
        if run.settings.report.on_run:
            from flows.report import QUERIES

            self._questions = {name: sql(QUERIES, name) for name in sql_names(QUERIES)}
        # A thread for each: what is asked together changes the whole store for as long as that takes, see `ask_all`.
        self._checking, self._asking = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._found: list[Future[list[CheckResult]]] = []
        self._answers: list[Future[Answers]] = []

    def go_on(self, to_come: Sequence[Stage] = ()) -> None:
        """Ask all that is not asked yet and reads nothing of what the stages `to_come` write."""
        unwritten = {record.TABLE for stage in to_come for record in stage.writes}
        if checks := _taken(self._checks, unwritten):
            self._found.append(self._checking.submit(run_checks, self._run.store, self._due, checks))
        if questions := _taken(self._questions, unwritten):
            self._answers.append(self._asking.submit(self._ask, questions))

    def end(self) -> tuple[list[CheckResult], Future[Answers] | None]:
        """What the checks have found, by name, and what the report is to say, or why that cannot be found out."""
        try:
            self.go_on()
            answers = self._asking.submit(self._every_answer) if self._answers else None
            found = [result for part in self._found for result in part.result()]
            if answers and isinstance(error := answers.exception(), OUT_OF_MEMORY):
                raise error
        finally:
            self.close()
        return sorted(found, key=attrgetter("check_name")), answers

    def close(self) -> None:
        """Wait for what is being asked, and begin with nothing more."""
        for is_waited_for in (False, True):
            for pool in (self._checking, self._asking):
                pool.shutdown(is_waited_for, cancel_futures=True)

    def _ask(self, names: Sequence[str]) -> Answers:
        """What the store answers, as the copy for readers will; its blocks are still in memory."""
        from flows.report import answers

        with self._run.store.asking() as cursor:
            return answers(partial(ask_all, cursor), names)

    def _every_answer(self) -> Answers:
        return {name: answer for asked in self._answers for name, answer in asked.result().items()}


def _taken(statements: dict[str, str], unwritten: Set[str]) -> list[str]:
    """Take out of some statements those that read nothing that is `unwritten`, and tell their names."""
    names = [name for name, statement in statements.items() if unwritten.isdisjoint(places_read(statement))]
    for name in names:
        del statements[name]
    return names
