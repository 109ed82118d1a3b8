"""Check the warehouse: the queries in `checks/` return the rows that break a rule, those in a folder there by what it names.

What concerns the corpus as a whole is asked of all of it. What can be told of one document, entity or term after the other is
asked of the documents that the run has worked on, and of a part of all documents, entities and terms in turn.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from warehouse.store import Store, sql, sql_names

CORPUS = "checks"
DOCUMENTS = "checks/documents"
ENTITIES = "checks/entities"
TERMS = "checks/terms"
FOLDERS = (CORPUS, DOCUMENTS, ENTITIES, TERMS)

# For the checks of each folder the conditions on their keys, no two of which hold of the same, that say what to look at.
Due = Mapping[str, Sequence[str]]
EVERYTHING: Due = MappingProxyType(dict.fromkeys(FOLDERS, ("true",)))
_PART = 500  # documents: a part has no more of them, and a corpus that has no more is checked as a whole by every run
_ALONE = 8  # so many documents are found faster one by one than together
_SAMPLE = 1_000  # terms by which all are divided


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


def run_checks(store: Store, due: Due = EVERYTHING) -> list[CheckResult]:
    """Run every check, in the order of their names, on what is due."""
    results = []
    for folder in FOLDERS:
        looked_at = " or ".join(due[folder]) if folder == DOCUMENTS else "true"
        ((documents,),) = store.rows(f"select count(*) from documents where {looked_at}")
        for name in sql_names(folder):
            check = sql(folder, name).strip().removesuffix(";")
            # One condition after the other: DuckDB finds what one range of keys holds, and reads all for what two do.
            asked = f"with broken as (\n{check}\n) select count(*), any_value(broken)::varchar from broken"
            found = [row for part in due[folder] for row in store.rows(f"{asked} where {part}")]
            violations = sum(count for count, _ in found)
            results.append(CheckResult(name, violations, next((row for _, row in found if row), None), documents))
    return sorted(results, key=lambda result: result.check_name)


def checks_due(store: Store, run_id: str) -> Due:
    """What a run has to check.

    Documents are those that it, or a run before it that was not published, has worked on, and of the others, as of entities
    and terms, the part whose turn it is. A turn ends with a publication, so that what fails a check is looked at again for as
    long as it does.
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
        return EVERYTHING
    part = turn % parts
    # Ids are hexadecimal digits of digests, so that equal ranges hold about as many.
    bounds = [f"{number * 65_536 // parts:04x}" for number in range(1, parts)]
    others = [f"'{document}'" for (document,) in worked_on if bisect(bounds, document) != part]
    alone = [f"document_id = {document}" for document in others]
    return {
        CORPUS: ("true",),
        DOCUMENTS: (
            _range("document_id", bounds, part),
            *(alone if len(alone) <= _ALONE else [f"document_id in ({', '.join(others)})"]),
        ),
        ENTITIES: (_range("entity_id", [f"e{bound}" for bound in bounds], part),),
        TERMS: (_range("term", _quantiles(store, parts), part),),
    }


def _quantiles(store: Store, parts: int) -> list[str]:
    """The terms at which each part but the first begins, so that all have about as many."""
    ((terms,),) = store.rows("select count(*) from pipeline.term_totals")
    sample = store.rows(
        "select term from pipeline.term_totals where rowid % $step = 0 order by term",
        {"step": 1 + terms // _SAMPLE},
    )
    return [sample[len(sample) * number // parts][0] for number in range(1, parts)] if sample else [""] * (parts - 1)


def _range(key: str, bounds: list[str], part: int) -> str:
    """The keys of a part as a condition; `bounds` are the least of each but the first."""
    quoted = ["'{}'".format(bound.replace("'", "''")) for bound in bounds]
    begin = [f"{key} >= {quoted[part - 1]}"] if part else []
    end = [f"{key} < {quoted[part]}"] if part < len(bounds) else []
    return f"({' and '.join(begin + end)})"
