"""Compare two warehouses: the same documents and settings must have given the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.definitions import sql
from warehouse.store import OFFLINE

# What tells of runs and not of documents, and differs between two warehouses that are otherwise the same.
HISTORY = frozenset(("runs", "stage_runs", "check_results", "topic_runs", "topic_lineage"))
HISTORY_COLUMNS = {
    "documents": ("first_seen_at",),
    "topic_models": ("fitted_at",),
    # What a topic is called depends on the models before it. The id is compared by the topic's place in its model.
    "topics": ("label", "is_named"),
    "topic_trends": ("term",),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A table whose rows are not the same: how many are in one warehouse only, and one of them."""

    table: str
    only_first: int
    only_second: int
    example: str


def compare(first: Path, second: Path) -> tuple[int, list[Difference]]:
    """Compare every public table and view, history aside; return how many there are, and those that differ."""
    differences = []
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        _attach(connection, {"one": first, "other": second})
        tables = {name: _tables(connection, name) for name in ("one", "other")}
        names = sorted(tables["one"].keys() | tables["other"].keys())
        for table in names:
            if table not in tables["one"] or table not in tables["other"]:
                differences.append(
                    Difference(table, table in tables["one"], table in tables["other"], "the table itself")
                )
                continue
            left, right = (_rows(name, table, tables[name][table]) for name in ("one", "other"))
            (first_only, example), (second_only, other) = (
                _only_in(connection, a, b) for a, b in ((left, right), (right, left))
            )
            if first_only or second_only:
                differences.append(Difference(table, first_only, second_only, (example or other)[:300]))
    return len(names), differences


def changed_trends(earlier: Path, later: Path, *, most: int) -> list[dict[str, Any]]:
    """The terms on which two published warehouses differ in their verdicts, `most` of them at most."""
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        _attach(connection, {"earlier": earlier, "later": later})
        found = connection.execute(sql("queries", "changed_trends"), {"most": most}).to_arrow_table()
        return list(found.to_pylist())


def _only_in(connection: duckdb.DuckDBPyConnection, these: str, those: str) -> tuple[int, str]:
    """How many rows of a statement another has not, and the first of them; counted where they are, as they may be many."""
    ((number, example),) = connection.execute(
        f"select count(*), coalesce(min(differing::varchar), '') from (({these}) except all ({those})) as differing"
    ).fetchall()
    return int(number), str(example)


def _attach(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path]) -> None:
    for name, path in files.items():
        connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    """The public tables and views without history, with those of their columns that are to be compared."""
    found = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = $name and schema_name = 'main' and not internal group by table_name",
        {"name": database},
    ).fetchall()
    return {
        table: [column for column in columns if column not in HISTORY_COLUMNS.get(table, ())]
        for table, columns in found
        if table not in HISTORY | {"data_dictionary"}
    }


def _rows(database: str, table: str, columns: list[str]) -> str:
    """A statement for a table's rows without history, its topics named by their models and places there."""
    listed = ", ".join("named.topic" if name == "topic_id" else f'rows."{name}"' for name in columns)
    statement = f'select {listed} from {database}.main."{table}" as rows'
    if "topic_id" in columns:
        statement += (
            " left join (select topic_id, model_id || ' ' || position as topic "
            f"from {database}.main.topics) as named on named.topic_id = rows.topic_id"
        )
    return statement + (" where is_active" if table == "topic_models" else "")
