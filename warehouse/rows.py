"""Write rows into the tables of a warehouse: what has not changed is left alone, and what has can be noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.definitions import qualified


@contextmanager
def listed(cursor: duckdb.DuckDBPyConnection, values: Iterable[str]) -> Iterator[None]:
    """Let a statement find some strings in `listed`, a table of one column.

    As parameters they would cost much more: for each value of a list DuckDB looks anew whether pandas is installed.
    """
    is_column = isinstance(values, pa.Array | pa.ChunkedArray)
    cursor.register("listed", pa.table({"value": values if is_column else pa.array(list(values), pa.string())}))
    try:
        yield
    finally:
        with suppress(duckdb.ConnectionException):  # closed by an interrupt
            cursor.unregister("listed")


def delete_rows(
    cursor: duckdb.DuckDBPyConnection, table: str, ids: Iterable[str] | None, key: str = "document_id"
) -> None:
    """Take the rows of some documents, or by another key, out of a table, or all of its rows."""
    if ids is None:
        cursor.execute(f"delete from {qualified(table)}")
    else:
        with listed(cursor, ids):
            cursor.execute(f"delete from {qualified(table)} where {key} in (from listed)")


def insert_rows(cursor: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Put an Arrow table's rows into a table that has columns of the same names."""
    if rows.num_rows:
        cursor.register("incoming", rows)
        cursor.execute(f"insert into {qualified(table)} by name select * from incoming")
        cursor.unregister("incoming")


def replace_rows(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    rows: pa.Table,
    *,
    key: str = "",
    ids: Iterable[str] = (),
    grown: Iterable[str] = (),
    noted: str = "",
) -> bool:
    """Make a table hold exactly these rows, in whatever order, writing only those that differ; say whether any did.

    With a `key`, only the rows that have one of `ids` there are replaced. What the rows that differ have in the column `noted`
    is put down in `changes`; of an id that has `grown`, only rows are replaced that have there what one of these has.
    """
    place = qualified(table)
    among = f'where "{key}" in (from listed)' if key else ""
    if stays := list(grown):
        among += (
            f' and ("{key}" not in (from stays) or ("{key}", "{noted}") in (select ("{key}", "{noted}") from coming))'
        )
        cursor.register("stays", pa.table({"value": pa.array(stays, pa.string())}))
        cursor.register("coming", rows)
    with listed(cursor, ids):
        ((held,),) = cursor.execute(f"select count(*) from {place} {among}").fetchall()
        if held:
            pairs = _pairs(cursor, f"(select rowid, * from {place} {among})", place, rows)
            gone = pairs["held"].filter(pc.is_null(pairs["come"]))
            come = pairs["come"].filter(pc.is_null(pairs["held"]))
            same = pairs.num_rows - len(gone) - len(come)
            # Rows that occur more than once make more pairs than there are rows; they are too rare to be worth telling apart.
            if same and same == held - len(gone) == rows.num_rows - len(come):
                held, rows = len(gone), rows.take(come.sort())
                among = "where rowid in (from gone)"
            cursor.register("gone", pa.table({"held": gone}))
            if noted:
                _note_changes(cursor, table, noted, f"{place} {among}")
            cursor.execute(f"delete from {place} {among}")
            cursor.unregister("gone")
    if stays:
        cursor.unregister("stays")
        cursor.unregister("coming")
    if noted:
        cursor.register("incoming", rows)
        _note_changes(cursor, table, noted, "incoming")
        cursor.unregister("incoming")
    insert_rows(cursor, table, rows)
    return bool(held or rows.num_rows)


def _note_changes(cursor: duckdb.DuckDBPyConnection, table: str, column: str, rows: str) -> None:
    """Put down what some rows of a table have in a column."""
    cursor.execute(f'insert into pipeline.changes select distinct $table, "{column}" from {rows}', {"table": table})


def _pairs(cursor: duckdb.DuckDBPyConnection, held: str, place: str, rows: pa.Table) -> pa.Table:
    """Which row that is `held` in a table's place is the same as which of `rows`, by their numbers; null for one without like."""
    types = {name: kind for name, kind, *_ in cursor.execute(f"describe {place}").fetchall()}
    incoming = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in types.items())
    alike = [f'old."{name}" is not distinct from new."{name}"' for name in types]
    # To SQL 0.0 and -0.0 are equal.
    alike += [
        f'signbit(old."{name}") is not distinct from signbit(new."{name}")'
        for name, kind in types.items()
        if kind == "DOUBLE"
    ]
    cursor.register("incoming", rows.append_column("incoming_row", pa.array(np.arange(rows.num_rows))))
    pairs = cursor.execute(
        f"select old.rowid as held, new.incoming_row as come from {held} as old "
        f"full join (select incoming_row, {incoming} from incoming) as new on {' and '.join(alike)}"
    ).to_arrow_table()
    cursor.unregister("incoming")
    return pairs
