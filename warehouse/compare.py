"""Compare two warehouses: the same documents and settings must have given the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.definitions import sql
from warehouse.errors import WarehouseError, first_line
from warehouse.store import OFFLINE, attach

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
        attach(connection, first, "one")
        attach(connection, second, "other")
        tables = {name: _tables(connection, name) for name in ("one", "other")}
        names = sorted(tables["one"].keys() | tables["other"].keys())
        for table in names:
            if table not in tables["one"] or table not in tables["other"]:
                differences.append(
                    Difference(table, table in tables["one"], table in tables["other"], "the table itself")
                )
                continue
            columns, others = tables["one"][table], tables["other"][table]
            if columns != others:
                differences.append(Difference(table, len(columns), len(others), "its columns"))
                continue
            found = _differing(connection, len(columns), *(_rows(name, table, columns) for name in ("one", "other")))
            if found[0] or found[1]:
                differences.append(Difference(table, *found))
    return len(names), differences


def changed_trends(earlier: Path, later: Path, *, most: int) -> list[dict[str, Any]]:
    """The terms on which two published warehouses differ in their verdicts, `most` of them at most.

    Raises `WarehouseError` where one of them is damaged or of another version of this package.
    """
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        try:
            attach(connection, earlier, "earlier")
            attach(connection, later, "later")
            found = connection.execute(sql("queries", "changed_trends"), {"most": most}).to_arrow_table()
        except duckdb.Error as error:
            raise WarehouseError(f"{earlier} and {later} cannot be compared ({first_line(error)})") from error
        return list(found.to_pylist())


def _differing(connection: duckdb.DuckDBPyConnection, columns: int, these: str, those: str) -> tuple[int, int, str]:
    """How many rows of each of two statements the other has not, and one of them; each statement is answered once."""
    names = ", ".join(f"c{number}" for number in range(columns))
    ((only_these, only_those, example),) = connection.execute(
        f"""
        with rows as (
            select 1 as side, {names} from ({these}) as these({names})
            union all
            select -1, {names} from ({those}) as those({names})
        ),
        differing as (
            select sum(side) as surplus, row({names})::varchar as example
            from rows
            group by {names}
            having sum(side) <> 0
        )
        select
            coalesce(sum(surplus) filter (surplus > 0), 0),
            coalesce(-sum(surplus) filter (surplus < 0), 0),
            coalesce(min(example) filter (surplus > 0), min(example), '')
        from differing
        """
    ).fetchall()
    return int(only_these), int(only_those), str(example)[:300]


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
