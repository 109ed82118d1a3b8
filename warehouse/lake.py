"""The lake: the published warehouse once more as a DuckLake, for readers on other machines; one snapshot a publication."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.definitions import sql, sql_names
from warehouse.errors import WarehouseError, first_line
from warehouse.store import OFFLINE, attach, quoted
from warehouse.upkeep import VERSIONS

log = logging.getLogger("corpus")

_AUTHOR = "policy-corpus"  # of the snapshots that are publications


@dataclass(frozen=True, slots=True)
class Lake:
    """Where a lake is: its catalogue, as DuckDB attaches it, and the folder of its Parquet files."""

    catalogue: str
    data: Path

    def __str__(self) -> str:
        return f"{self.catalogue} with its data in {self.data}"


def check_lake(lake: Lake) -> None:
    """Raise `WarehouseError` if a lake cannot be opened; one that is not there yet is made."""
    with attached(lake):
        pass


def publish_to_lake(copy: Path, lake: Lake, run_id: str, keep: int) -> None:
    """Make a lake hold what a finished copy of the warehouse holds, in one snapshot; keep the last `keep` of these.

    A table whose rows are the same is left alone, so that snapshots share its files; all are made anew if one of these is lost.
    Schemas other than the warehouse's own two are nobody's business here. Where old files cannot be taken away, that is told
    and is no failure.
    """
    with attached(lake) as connection:
        attach(connection, copy, "file")
        try:
            _fill(connection, lake, run_id)
        except duckdb.IOException as error:
            log.warning("the lake %s is made anew: %s", lake, first_line(error))
            connection.execute("rollback")
            _fill(connection, lake, run_id, is_whole=False)
        try:
            _forget(connection, keep)
        except duckdb.Error as error:  # the snapshot is there, so readers of the file must see the same
            log.warning(
                "old files of the lake %s stay until the next publication tries again: %s", lake, first_line(error)
            )


def _fill(connection: duckdb.DuckDBPyConnection, lake: Lake, run_id: str, *, is_whole: bool = True) -> None:
    """Write what differs in one transaction; a lake that is not whole is not read."""
    connection.execute("begin transaction")
    _define(connection, lake, is_whole=is_whole)
    for table in _tables(connection, "file"):
        rows = _digest(connection, "file", table)
        if _digest(connection, "lake", table) != rows:
            connection.execute(f"delete from lake.{table}")
            connection.execute(f"insert into lake.{table} by name from file.{table}")
            if _digest(connection, "lake", table) != rows:
                raise WarehouseError(f"{table} does not come back from the lake ({lake}) as it was written")
    connection.execute("call lake.set_commit_message(?, ?)", [_AUTHOR, run_id])
    connection.execute("commit")


def run_in_lake(lake: Lake) -> str | None:
    """The run whose publication is the lake's last; None if it has none, or is not there. Raises `WarehouseError`."""
    try:
        with attached(lake, "read_only") as connection:
            publications = _publications(connection)
    except WarehouseError as error:
        if "does not exist" in str(error):  # DuckDB has no type of its own for it
            return None
        raise
    return publications[-1][1] if publications else None


@contextmanager
def attached(lake: Lake, *options: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to which the lake is attached as `lake`; what DuckDB says of it becomes a `WarehouseError`."""
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        _load(connection, "ducklake")
        if lake.catalogue.startswith("ducklake:postgres:"):
            _load(connection, "postgres_scanner")
        try:
            # Small inserts would go into the catalogue, where one in a file rounds the numbers of lists (DuckDB 1.5.5).
            given = ", ".join((f"data_path {quoted(lake.data)}", "data_inlining_row_limit 0", *options))
            connection.execute(f"attach {quoted(lake.catalogue)} as lake ({given})")
            yield connection
        except duckdb.Error as error:
            raise WarehouseError(f"the lake {lake} (publish.lake) fails: {first_line(error)}") from error


def _load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load an extension from its wheel, if there is one for this version of DuckDB, or else from where DuckDB keeps them.

    DuckDB checks its makers' signature on it, wherever it comes from.
    """
    spec = find_spec(f"duckdb_extension_{extension}")
    folders = spec.submodule_search_locations if spec else None
    name = f"extensions/v{duckdb.__version__}/{extension}.duckdb_extension"
    files = [Path(folder) / name for folder in folders or () if (Path(folder) / name).exists()]
    try:
        connection.execute(f"load {quoted(files[0]) if files else extension}")
    except duckdb.Error as error:
        raise WarehouseError(
            f"DuckDB {duckdb.__version__} cannot load its extension {extension}, which publish.lake needs: install the extra "
            f"`lake`, which brings a DuckDB and extensions that fit, or let DuckDB download it once (`install {extension}`): "
            f"{first_line(error)}"
        ) from error


def _define(connection: duckdb.DuckDBPyConnection, lake: Lake, *, is_whole: bool) -> None:
    """Make the lake's tables, views and macros, empty, unless it is whole and they are defined as the file's are."""
    definition = "select digest from {}.pipeline.schema_versions where name = 'definitions'"
    existing = _tables(connection, "lake")
    if "pipeline.schema_versions" in existing:
        found = connection.sql(definition.format("lake")).fetchall() if is_whole else []
        if found == connection.sql(definition.format("file")).fetchall():
            return
    elif existing:
        raise WarehouseError(f"the lake {lake} (publish.lake) has tables that are no warehouse's: name another")
    connection.execute("drop schema if exists lake.pipeline cascade")
    connection.execute("drop schema if exists lake.main cascade")
    connection.execute("create schema lake.main")
    connection.execute("use lake")
    connection.execute(VERSIONS)
    for folder in ("schema/history", "schema", "views", "macros"):
        for name in sql_names(folder):
            # How a column is compressed is for Parquet to say there, and DuckLake refuses to be told.
            for statement in duckdb.extract_statements(sql(folder, name).replace(" using compression zstd", "")):
                # DuckLake has comments on tables, their columns and views only; `data_dictionary` has the others.
                is_table = folder.startswith("schema")
                if is_table or not statement.query.strip().startswith(("comment on column", "comment on macro")):
                    connection.execute(statement)


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The tables of a database in the schemas of a warehouse."""
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = ? and schema_name in ('main', 'pipeline') order by all",
        [database],
    ).fetchall()
    return [name for (name,) in found]


def _digest(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> object:
    """What two tables with the same rows, in whatever order, have in common."""
    statement = f"select count(*), sum(hash(rows)::hugeint) from {database}.{table} as rows"
    return connection.execute(statement).fetchone()


def _publications(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """The snapshots that are publications, each with its run, the oldest first; others have made the rest."""
    return connection.execute(
        "select snapshot_id, commit_message from lake.snapshots() where author = ? order by snapshot_id", [_AUTHOR]
    ).fetchall()


def _forget(connection: duckdb.DuckDBPyConnection, keep: int) -> None:
    """Let go of all but the last publications, and of the files that no snapshot needs then."""
    if old := [number for number, _ in _publications(connection)[:-keep]]:
        connection.execute(f"call ducklake_expire_snapshots('lake', versions => {old})")
        connection.execute("call ducklake_cleanup_old_files('lake', cleanup_all => true)")
