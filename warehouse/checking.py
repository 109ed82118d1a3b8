"""Check the warehouse: the queries in `checks/` return the rows that break a rule, those in a folder there by what it names.

What concerns the corpus as a whole is asked of all of it. What can be told of one document, entity or term after the other is
asked of the documents that the run has worked on, and of a part of all documents, entities and terms in turn.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import duckdb

from warehouse.definitions import sql, sql_names
from warehouse.store import Store, quoted

CORPUS = "checks"
DOCUMENTS = "checks/documents"
ENTITIES = "checks/entities"
TERMS = "checks/terms"
FOLDERS = (CORPUS, DOCUMENTS, ENTITIES, TERMS)


class Part(NamedTuple):
    """What a check looks at, by conditions on its key: a range, and some that are not in it."""

    of_range: str
    of_others: str = "false"

    @property
    def conditions(self) -> list[str]:
        """Those that anything can meet."""
        return [condition for condition in self if condition != "false"]


# For the checks of each folder the parts that they look at, one after the other.
Due = Mapping[str, Sequence[Part]]
_ALL = Part("true")
EVERYTHING: Due = MappingProxyType(dict.fromkeys(FOLDERS, (_ALL,)))
_PART = 500  # documents: a part has no more of them, and a corpus that has no more is checked as a whole by every run
_AT_ONCE = 1_250  # documents: a check of everything looks at no more of them at a time, which bounds its memory
_SAMPLE = 1_000  # terms by which all are divided
# What the checks of documents read that is large: tables, and a view.
_LARGE = ("document_texts", "passages", "sentences", "term_counts", "document_topics", "passage_topics")
_LARGE_VIEW = "mentions"


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


def run_checks(store: Store, due: Due = EVERYTHING, only: Collection[str] | None = None) -> list[CheckResult]:
    """Run every check, or `only` some, in the order of their names, on what is due."""
    named = {folder: [name for name in sql_names(folder) if only is None or name in only] for folder in due}
    broken: dict[str, list[tuple[int, str | None]]] = {name: [] for names in named.values() for name in names}
    looked_at = dict.fromkeys(broken, 0)
    for folder, parts in due.items():
        for part in parts if named[folder] else ():
            of_documents = part if folder == DOCUMENTS else _ALL
            with store.asking() as cursor:
                _put_at_hand(cursor, of_documents)
                seen = "select count(*) from documents where " + " or ".join(of_documents)
                ((documents,),) = cursor.execute(seen).fetchall()
                for name in named[folder]:
                    broken[name] += _broken(cursor, sql(folder, name), part)
                    looked_at[name] += documents
    return [
        CheckResult(name, sum(count for count, _ in rows), next((row for _, row in rows if row), None), looked_at[name])
        for name, rows in sorted(broken.items())
    ]


def _broken(cursor: duckdb.DuckDBPyConnection, check: str, part: Part) -> list[tuple[int, str | None]]:
    """How many rows of a part break a rule, and one of them."""
    asked = f"with broken as (\n{check.strip().removesuffix(';')}\n) select count(*), any_value(broken)::varchar from broken"
    # One condition after the other: DuckDB finds what one range of keys holds, and reads all for what two do.
    return [row for condition in part.conditions for row in cursor.execute(f"{asked} where {condition}").fetchall()]


def _put_at_hand(cursor: duckdb.DuckDBPyConnection, part: Part) -> None:
    """Put what there is of some documents in large tables where it is found before these, until the cursor is closed.

    Several checks read it, and what joins the tables themselves goes through all of them.
    """
    if part == _ALL:
        return
    # Told the rows of single documents, DuckDB reads no more of a table's texts than lies about these.
    of_others = {table: f"rowid in (select rowid from main.{table} where {part.of_others})" for table in _LARGE}
    of_others[_LARGE_VIEW] = part.of_others  # which has no rows of its own
    for name, condition in of_others.items():
        rows = f"from main.{name} where {part.of_range} union all from main.{name} where {condition}"
        cursor.execute(f"create temp table {name} as {rows}")


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
    in_turn = {folder: ranges[part] for folder, ranges in _ranges(store, parts).items()}
    others = [document for (document,) in worked_on if bisect(bounds, document) != part]
    listed = [others[start : start + _AT_ONCE] for start in range(0, len(others), _AT_ONCE)]
    first, *further = ["document_id in ('{}')".format("', '".join(some)) for some in listed] or ["false"]
    of_documents = in_turn[DOCUMENTS]._replace(of_others=first), *(Part("false", some) for some in further)
    return {CORPUS: (_ALL,), **{folder: (due,) for folder, due in in_turn.items()}, DOCUMENTS: of_documents}


def _everything(store: Store, documents: int) -> Due:
    parts = _parts(documents, _AT_ONCE)
    return EVERYTHING if parts == 1 else {CORPUS: (_ALL,), **_ranges(store, parts)}


def _parts(documents: int, most: int) -> int:
    """How many parts of so many documents at most there are.

    A power of two: when their number grows each part is halved, and none has to wait for its turn longer than all of them take.
    """
    return 1 << (-(-documents // most) - 1).bit_length() if documents > most else 1


def _ranges(store: Store, parts: int) -> dict[str, list[Part]]:
    """The parts that the checks of documents, entities and terms look at in turn."""
    bounds = _id_bounds(parts)
    keys = {
        DOCUMENTS: ("document_id", bounds),
        ENTITIES: ("entity_id", [f"e{bound}" for bound in bounds]),
        TERMS: ("term", _quantiles(store, parts)),
    }
    return {folder: [Part(_range(*of_key, part)) for part in range(parts)] for folder, of_key in keys.items()}


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
    begin = [f"{key} >= {quoted(bounds[part - 1])}"] if part else []
    end = [f"{key} < {quoted(bounds[part])}"] if part < len(bounds) else []
    return f"({' and '.join(begin + end)})"
