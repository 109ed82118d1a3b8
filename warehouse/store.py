"""The warehouse file: attach it, keep its tables as the SQL files declare them, read and write them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.definitions import created_table, definitions_digest, is_kept, qualified, sql, sql_names, table_digest
from warehouse.errors import DamagedError, WarehouseError

log = logging.getLogger("corpus")

Done = TypeVar("Done")

STORAGE_VERSION = "v1.5.0"  # what DuckDB 1.5 and later can open
_CHECKPOINT = (
    "64MB"  # written since the last one; with the usual 16 MB the ends of tables are compressed again and again
)

_LEAST_MEMORY = 400_000_000  # bytes

# Nothing here needs an extension that would have to be downloaded.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


# What another try may mend: the file is busy or the disk is full for a moment.
TRANSIENT: tuple[type[Exception], ...] = (duckdb.IOException, duckdb.OperationalError)
# What a statement needs more memory for than it may have.
OUT_OF_MEMORY: type[Exception] = duckdb.OutOfMemoryException
# What the machine can do to a run at any time; a full disk can end as the second.
BREAKDOWNS: tuple[type[Exception], ...] = (OSError, *TRANSIENT, duckdb.FatalException)


_DAMAGE = (
    "Corrupt database file",
    "not a valid DuckDB database file",
    "Could not read enough bytes",
    "Failure while replaying WAL",
)


def is_damage(error: BaseException) -> bool:
    """Whether an error of DuckDB says that the file is damaged, which no other try mends."""
    return isinstance(error, duckdb.Error) and any(words in str(error) for words in _DAMAGE)


_ROWS_AT_ONCE = 500_000

VERSIONS = """
create schema if not exists pipeline;
create table if not exists pipeline.schema_versions (name varchar not null, digest varchar not null);
comment on table pipeline.schema_versions is 'One row per part of the schema: a digest of what made it.';
comment on column pipeline.schema_versions.name is 'A schema file, or definitions for all that readers see';
comment on column pipeline.schema_versions.digest is 'The digest';
"""


class Store:
    """The pipeline's own warehouse file, open for reading and writing by one process.

    Threads may share a store: every statement runs on a cursor of its own, and writes are taken one transaction at a time.
    """

    def __init__(self, path: Path | None, *, keep_schema: bool = True) -> None:
        """Open the file, made if it does not exist; None is an empty warehouse in memory.

        Without `keep_schema`, its tables stay as they are until that method is called.
        """
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        config: dict[str, str | bool | int | float | list[str]] = {
            "storage_compatibility_version": STORAGE_VERSION,
            "checkpoint_threshold": _CHECKPOINT,
            **OFFLINE,
        }
        try:
            self._connection = duckdb.connect(str(path or ":memory:"), config=config)
        except duckdb.IOException as error:
            reason = str(error).splitlines()[0]
            if is_damage(error):
                raise DamagedError(
                    f"{path} is damaged ({reason}); `corpus run` goes on from the published version"
                ) from error
            raise WarehouseError(f"{path} cannot be opened: {reason}") from error
        limit = "select parse_formatted_bytes(current_setting('memory_limit'))"
        ((most,),) = self._connection.execute(limit).fetchall()
        self._most_memory = int(most)
        self._path = path
        self._lock = RLock()
        self._writing: duckdb.DuckDBPyConnection | None = None
        self.is_open = True
        self.rebuilt: list[str] = []
        self.lost: list[str] = []
        self.is_redefined = False
        if keep_schema:
            with self.transaction() as cursor:
                self.keep_schema(cursor)

    def sparing(self, work: Callable[[], Done]) -> Done:
        """What some work comes to; from now on DuckDB holds no more in memory than the file is large, or than a small one needs.

        By itself it keeps every block that it has read until it holds most of the machine's memory. What does not fit is
        put into files for a while; work that cannot do with that is done once more, with all that there is.
        """
        self._limit_memory(self._spared)
        try:
            return work()
        except OUT_OF_MEMORY:
            log.info("needs more memory than the warehouse is large")
        self._limit_memory(self._most_memory)
        try:
            return work()
        finally:
            with suppress(duckdb.Error):  # a damaged file takes no settings, and has said so
                self._limit_memory(self._spared)

    @property
    def _spared(self) -> int:
        size = self._path.stat().st_size if self._path else 0
        return min(self._most_memory, max(_LEAST_MEMORY, size))

    def _limit_memory(self, most: int) -> None:
        self._connection.execute(f"set memory_limit = '{most}B'")

    def checkpoint(self) -> None:
        """Write everything to the file, which then stays as it is until something else is written."""
        self._limit_memory(self._most_memory)  # it can be done once only
        self._connection.execute("checkpoint")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self.is_open = False

    @contextmanager
    def asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor to ask with, whatever else is asked or written meanwhile."""
        with self._lock:
            asking = self._connection.cursor()
        with asking as cursor:
            yield cursor

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def keep_schema(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Bring tables, views, macros and comments to what the files say.

        `rebuilt` then names the tables that had to be made anew, `lost` those among them that were gone and not changed,
        and `is_redefined` tells whether anything that readers see is defined otherwise than before.
        """
        cursor.execute(VERSIONS)
        versions = dict(cursor.execute("select name, digest from pipeline.schema_versions").fetchall())
        tables = "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()"
        existing = {name.removeprefix("main.") for (name,) in cursor.execute(tables).fetchall()}
        current = {f"schema/{name}": table_digest(name) for name in sql_names("schema")}
        current |= {f"history/{name}": "applied" for name in sql_names("schema/history")}
        # What a later version of the program has added to the history stays, and so does the record of it.
        current |= {name: digest for name, digest in versions.items() if name.startswith("history/")}
        current["definitions"] = definitions_digest()
        for name in sql_names("schema/history"):
            if f"history/{name}" not in versions:
                cursor.execute(sql("schema/history", name))
        self.rebuilt, self.lost = [], []
        if is_changed := versions.get("definitions") != current["definitions"]:
            _drop_definitions(cursor)
        for name in sorted(versions.keys() - current.keys()):  # it may now be a view
            table = name.rpartition("/")[2]
            for place in existing & {table, f"pipeline.{table}"}:
                cursor.execute(f"drop table {place}")
        for name in sql_names("schema"):
            table = created_table(sql("schema", name))
            if versions.get(f"schema/{name}") != current[f"schema/{name}"] or table not in existing:
                cursor.execute(f"drop table if exists {table}")
                self.rebuilt.append(table)
                if versions.get(f"schema/{name}") == current[f"schema/{name}"]:
                    self.lost.append(table)
        self.is_redefined = bool(self.rebuilt) or is_changed
        if self.is_redefined:
            for folder in ("schema", "views", "macros"):
                for name in sql_names(folder):
                    cursor.execute(sql(folder, name))
            cursor.execute("delete from pipeline.dictionary")
            cursor.execute(sql("queries", "describe"))
        if versions != current:
            cursor.execute("delete from pipeline.schema_versions")
            cursor.executemany("insert into pipeline.schema_versions values (?, ?)", sorted(current.items()))

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose statements are committed together, or not at all."""
        with self._lock, self._connection.cursor() as cursor:
            if self._writing:  # an interrupt has left it behind: it is taken back, and is in nobody's way
                self._writing.close()
            self._writing = cursor
            cursor.execute("begin transaction")
            try:
                yield cursor
            except BaseException:
                _take_back(cursor)
                raise
            else:
                cursor.execute("commit")
            finally:
                if self._writing is cursor:
                    self._writing = None

    @contextmanager
    def rehearsal(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose statements are taken back at the end, to find out what they would lead to."""
        with self._lock, self._connection.cursor() as cursor:
            cursor.execute("begin transaction")
            try:
                yield cursor
            finally:
                _take_back(cursor)

    def rows(self, statement: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with self._lock, self._connection.cursor() as cursor:
            return cursor.execute(statement, parameters).fetchall()

    def query(self, name: str, ids: Iterable[str] = (), settings: object = None) -> pa.Table:
        """The result of a file in `queries/` as an Arrow table.

        One that asks about some documents finds `ids` in `listed`, and one that asks for a setting, by `$` and its name, has
        it of `settings`.
        """
        statement = sql("queries", name)
        parameters = {setting: getattr(settings, setting) for setting in set(re.findall(r"\$(\w+)", statement))}
        with self._lock, self._connection.cursor() as cursor, _asked_about(cursor, statement, ids):
            return cursor.execute(statement, parameters).to_arrow_table()

    def query_encoded(self, name: str, ids: Iterable[str] = ()) -> pa.Table:
        """The result of a large query whose texts repeat: each once, in dictionaries, which takes a fraction of the memory."""
        statement = sql("queries", name)
        with self._lock, self._connection.cursor() as cursor, _asked_about(cursor, statement, ids):
            reader = cursor.execute(statement).to_arrow_reader(_ROWS_AT_ONCE)
            batches = [_encoded(batch) for batch in reader]
        empty = _encoded(pa.RecordBatch.from_pylist([], reader.schema))
        return pa.Table.from_batches(batches, empty.schema).unify_dictionaries()

    def read(self, table: str, columns: Sequence[str], key: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of a table whose `key` is among `ids`, in the order of their columns."""
        selected = ", ".join(f'"{column}"' for column in columns)
        ordered = ", ".join(f'"{column}"' for column in (key, *(c for c in columns if c == "position")))
        with self._lock, self._connection.cursor() as cursor, listed(cursor, ids):
            return cursor.execute(
                f"select {selected} from {qualified(table)} where {_is_listed(table, key)} order by {ordered}"
            ).fetchall()

    def bulk(self, table: str, column: str, key: str, ids: Sequence[str], *, is_text: bool) -> dict[str, int]:
        """For each of `ids` how many bytes its rows have in a column of texts, or state in one of numbers."""
        size = f'strlen("{column}")' if is_text else f'"{column}"'
        with self._lock, self._connection.cursor() as cursor, listed(cursor, ids):
            rows = cursor.execute(
                f'select "{key}", sum({size}) from {qualified(table)} where {_is_listed(table, key)} group by "{key}"'
            ).fetchall()
        return {row[0]: int(row[1]) for row in rows}


def _drop_definitions(cursor: duckdb.DuckDBPyConnection) -> None:
    """Drop all views and macros: what is not defined any more, or is to be a table."""
    ours = "database_name = current_database() and schema_name in ('main', 'pipeline') and not internal"
    views = f"select 'view', schema_name, view_name from duckdb_views() where {ours}"
    macros = (
        "select distinct if(function_type = 'macro', 'macro', 'macro table'), schema_name, function_name "
        f"from duckdb_functions() where {ours} and function_type in ('macro', 'table_macro')"
    )
    for kind, schema, name in cursor.execute(f"{views} union all {macros}").fetchall():
        cursor.execute(f'drop {kind} {schema}."{name}"')


def _take_back(cursor: duckdb.DuckDBPyConnection) -> None:
    """End a transaction as if it had not been begun.

    Its connection may be closed, which has done so: an interrupt that comes as a context begins or ends leaves it to be ended
    when nobody knows of it any more.
    """
    with suppress(duckdb.ConnectionException):
        cursor.execute("rollback")


def _is_listed(table: str, key: str) -> str:
    """The condition that a row has one of the values `listed`.

    Told the rows, DuckDB reads no more of a table's other columns than lies about these; told the keys, all of them.
    """
    condition = f'"{key}" in (from listed)'
    is_view = is_kept(table)
    return condition if is_view else f"rowid in (select rowid from {qualified(table)} where {condition})"


def _encoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in batch.columns]
    return pa.record_batch(columns, batch.schema.names)


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
        with suppress(duckdb.ConnectionException):  # as in `_take_back`
            cursor.unregister("listed")


def _asked_about(cursor: duckdb.DuckDBPyConnection, statement: str, ids: Iterable[str]) -> AbstractContextManager[None]:
    return listed(cursor, ids) if "listed" in statement else nullcontext()


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


def counted_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The number of rows of every public table and view, by name."""
    names = [
        name
        for (name,) in connection.execute(
            "select distinct table_name from data_dictionary order by table_name"
        ).fetchall()
    ]
    counts = {}
    for name in names:
        row = connection.execute(f'select count(*) from "{name}"').fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts
