"""Copy what readers see of one version into files, one for each public table and view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseError, first_line
from warehouse.store import OFFLINE

DICTIONARY = "data_dictionary"
_OPTIONS = {"parquet": "format parquet, compression zstd", "csv": "format csv, header true"}
FORMATS = tuple(_OPTIONS)


def export_tables(
    version: Path, folder: Path, form: str, spill: Path, progress: Callable[[int, int], None] = lambda *_: None
) -> dict[str, int]:
    """Write every table and view of a version's data dictionary into a folder, sorted; return their numbers of rows.

    What does not fit into memory goes to the folder `spill` for as long as it takes. Raises `WarehouseError`.
    """
    config: dict[str, str | bool | int | float | list[str]] = {**OFFLINE, "temp_directory": str(spill)}
    rows: dict[str, int] = {}
    try:
        with duckdb.connect(str(version), read_only=True, config=config) as connection:
            tables = _columns(connection)
            for table, columns in tables.items():
                progress(len(rows), len(tables))
                selected = ", ".join(_in_csv(*column) if form == "csv" else f'"{column[0]}"' for column in columns)
                # Sorted, so that the files of one state of the documents are the same whatever runs have led to it.
                written = connection.execute(
                    f'copy (select {selected} from "{table}" order by all) to $file ({_OPTIONS[form]})',
                    {"file": str(folder / f"{table}.{form}")},
                ).fetchone()
                rows[table] = int(written[0]) if written else 0
            progress(len(rows), len(tables))
    except duckdb.Error as error:
        raise WarehouseError(
            f"{version} could not be exported ({first_line(error)}); nothing is left of the attempt"
        ) from error
    return rows


def files_of(folder: Path) -> frozenset[str] | None:
    """The names of the files that an export put into a folder, by the data dictionary among them; None if it has none."""
    for form in FORMATS:
        file = folder / f"{DICTIONARY}.{form}"
        if file.is_file():
            try:
                with duckdb.connect(":memory:", config=OFFLINE) as connection:
                    found = connection.execute(
                        f"select distinct table_name from read_{form}($file)", {"file": str(file)}
                    ).fetchall()
            except duckdb.Error:  # something else of that name
                return None
            return frozenset(f"{table}.{form}" for (table,) in found)
    return None


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Each public table and view with the names and types of its columns."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, *column in connection.execute(
        f"select table_name, column_name, data_type from {DICTIONARY} order by table_name, position"
    ).fetchall():
        columns.setdefault(table, []).append((column[0], column[1]))
    return columns


def _in_csv(name: str, data_type: str) -> str:
    """A column as a cell of CSV can hold it: a list as JSON."""
    return f'to_json("{name}") as "{name}"' if data_type.endswith("[]") else f'"{name}"'
