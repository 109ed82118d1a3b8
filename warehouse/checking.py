"""Check the warehouse: the queries in `checks/` return the rows that break a rule, those in `checks/documents/` by document.

What concerns the corpus as a whole is asked of all of it. What can be told of one document after the other is asked of those
that the run has worked on, and of a part of the others in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.store import Store, sql, sql_names

CORPUS = "checks"
DOCUMENTS = "checks/documents"

EVERY_DOCUMENT = "true"
_PART = 1_000  # a part has no more documents; a corpus that has no more is checked as a whole by every run


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check, the number of rows that break it, one of them, and the number of documents that it looked at."""

    check_name: str
    violations: int
    example: str | None
    documents: int

    @property
    def is_passed(self) -> bool:
        """Whether no row breaks it."""
        return self.violations == 0


def run_checks(store: Store, due: str = EVERY_DOCUMENT) -> list[CheckResult]:
    """Run every check, in the order of their names; those of documents look at the ones that are `due`."""
    results = []
    for folder, condition in ((CORPUS, EVERY_DOCUMENT), (DOCUMENTS, due)):
        ((documents,),) = store.rows(f"select count(*) from documents where {condition}")
        for name in sql_names(folder):
            check = sql(folder, name).strip().removesuffix(";")
            ((violations, example),) = store.rows(
                f"with broken as (\n{check}\n) select count(*), any_value(broken)::varchar from broken where {condition}"
            )
            results.append(CheckResult(name, violations, example, documents))
    return sorted(results, key=lambda result: result.check_name)


def documents_due(store: Store, run_id: str) -> str:
    """The documents that a run has to check, as a condition on their ids.

    They are those that it, or a run before it that was not published, has worked on, and of the others the part whose turn
    it is. A turn ends with a publication, so that what fails a check is looked at again for as long as it does.
    """
    ((documents,),) = store.rows("select count(*) from documents")
    ((turn, last),) = store.rows(
        "select count(*), coalesce(max(run_id), '') from runs where status = 'published' and run_id < $run_id",
        {"run_id": run_id},
    )
    worked_on = store.rows(
        "select distinct ledger.key_id from pipeline.ledger join documents on documents.document_id = ledger.key_id "
        "where ledger.recorded_at >= (select min(started_at) from runs where run_id > $last) order by ledger.key_id",
        {"last": last},
    )
    # A power of two: when their number grows each part is halved, and none has to wait longer than all of them take.
    parts = 1 << (-(-documents // _PART) - 1).bit_length() if documents > _PART else 1
    if parts == 1 or 2 * len(worked_on) > documents:
        return EVERY_DOCUMENT
    # Ids are hexadecimal digits of digests, so that equal ranges hold about as many.
    part = turn % parts
    begin, end = f"{part * 65_536 // parts:04x}", f"{(part + 1) * 65_536 // parts:04x}" if part + 1 < parts else "g"
    listed = ", ".join(f"'{document}'" for (document,) in worked_on)
    return f"(document_id >= '{begin}' and document_id < '{end}'" + (
        f" or document_id in ({listed}))" if listed else ")"
    )
