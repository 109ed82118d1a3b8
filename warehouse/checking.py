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
_AT_ONCE = 1_250  # documents: a check of everything looks at no more of them at a time, which bounds its memory
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
    parts = _parts(documents, _PART)
    if parts == 1 or 2 * len(worked_on) > documents:
        return _everything(store, documents)
    part = turn % parts
    bounds = _id_bounds(parts)
    others = [f"'{document}'" for (document,) in worked_on if bisect(bounds, document) != part]
    alone = [f"document_id = {document}" for document in others]
    in_turn = {folder: (ranges[part],) for folder, ranges in _ranges(store, parts).items()}
    worked_on_too = alone if len(alone) <= _ALONE else [f"document_id in ({', '.join(others)})"]
    return {CORPUS: ("true",), **in_turn, DOCUMENTS: (*in_turn[DOCUMENTS], *worked_on_too)}


def _everything(store: Store, documents: int) -> Due:
    parts = _parts(documents, _AT_ONCE)
    return EVERYTHING if parts == 1 else {CORPUS: ("true",), **_ranges(store, parts)}


def _parts(documents: int, most: int) -> int:
    """How many parts of so many documents at most there are.

    A power of two: when their number grows each part is halved, and none has to wait for its turn longer than all of them take.
    """
    return 1 << (-(-documents // most) - 1).bit_length() if documents > most else 1


def _ranges(store: Store, parts: int) -> dict[str, list[str]]:
    """For the checks that look at parts the conditions that say what is in each."""
    bounds = _id_bounds(parts)
    keys = {
        DOCUMENTS: ("document_id", bounds),
        ENTITIES: ("entity_id", [f"e{bound}" for bound in bounds]),
        TERMS: ("term", _quantiles(store, parts)),
    }
    return {folder: [_range(*of_key, part) for part in range(parts)] for folder, of_key in keys.items()}


def _id_bounds(parts: int) -> list[str]:
    """The ids at which parts but the first begin: hexadecimal digits of digests, of which equal ranges hold about as many."""
    return [f"{number * 65_536 // parts:04x}" for number in range(1, parts)]


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
