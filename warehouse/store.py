"""The warehouse file: opened, bounded in memory, asked and written one transaction at a time."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from warehouse.definitions import is_kept, qualified, sql
from warehouse.errors import DamagedError, WarehouseError, first_line
from warehouse.rows import listed
from warehouse.upkeep import Upkeep, keep_schema

log = logging.getLogger("corpus")

Done = TypeVar("Done")

STORAGE_VERSION = "v1.5.0"  # what DuckDB 1.5 and later can open
_CHECKPOINT = (
    "64MB"  # written since the last one; with the usual 16 MB the ends of tables are compressed again and again
)

_LEAST_MEMORY = 400_000_000  # bytes
_FREE = "16MB"  # that DuckDB may keep for the next statement; with the usual 128 MB it comes to some 200 MB
_NO_MEMORY = 50_000_000  # bytes: what is in use is more, so all else is given back

# Nothing here needs an extension that would have to be downloaded.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


# What another try may mend: the file is busy or the disk is full for a moment.
TRANSIENT: tuple[type[Exception], ...] = (duckdb.IOException, duckdb.OperationalError)
# What a statement needs more memory for than it may have.
OUT_OF_MEMORY: type[Exception] = duckdb.OutOfMemoryException
# What a statement is answered with that asks for tables or columns which are not there.
UNFIT: type[Exception] = duckdb.ProgrammingError
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
            reason = first_line(error)
            if is_damage(error):
                raise DamagedError(
                    f"{path} is damaged ({reason}); `corpus run` goes on from the published version"
                ) from error
            raise WarehouseError(f"{path} cannot be opened: {reason}") from error
        limit = "select parse_formatted_bytes(current_setting('memory_limit'))"
        ((most,),) = self._connection.execute(limit).fetchall()
        self._most_memory = self._memory = int(most)
        self._path = path
        self._lock = RLock()  # of the one transaction that may write
        self._cursors = Lock()  # of the connection, which one thread at a time may ask for a cursor
        self._writing: duckdb.DuckDBPyConnection | None = None
        self.is_open = True
        self.upkeep = Upkeep()
        if keep_schema:
            with self.transaction() as cursor:
                self.keep_schema(cursor)

    def sparing(self, work: Callable[[], Done]) -> Done:
        """What some work comes to; from now on DuckDB holds no more in memory than the file is large, or than a small one needs.

        By itself it keeps every block that it has read until it holds most of the machine's memory. What does not fit is
        put into files for a while; work that cannot do with that is done once more, with all that there is.
        """
        with suppress(OUT_OF_MEMORY):  # what is done beside it holds more
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
        if most != self._memory:
            self._set("memory_limit", f"{most}B")
            self._memory = most

    def _set(self, name: str, value: str) -> None:
        with self.asking() as cursor:
            cursor.execute(f"set global {name} = '{value}'")

    def release_unused(self) -> None:
        """Give back the memory of blocks that can be read again, and from now on sooner what no statement uses any more.

        To ask for it again takes time, of which a long run has enough.
        """
        self._set("allocator_flush_threshold", _FREE)
        for most in (_NO_MEMORY, self._spared):
            with suppress(OUT_OF_MEMORY):  # more than that is in use
                self._limit_memory(most)

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
        with self._cursors:
            asking = self._connection.cursor()
        with asking as cursor:
            yield cursor

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep_schema(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Bring tables, views, macros and comments to what the files say; `upkeep` then tells what that took."""
        self.upkeep = keep_schema(cursor)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose statements are committed together, or not at all."""
        with self._lock, self.asking() as cursor:
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
        with self._lock, self.asking() as cursor:
            cursor.execute("begin transaction")
            try:
                yield cursor
            finally:
                _take_back(cursor)

    def rows(self, statement: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with self.asking() as cursor:
            return cursor.execute(statement, parameters).fetchall()

    def query(self, name: str, ids: Iterable[str] = (), settings: object = None) -> pa.Table:
        """The result of a file in `queries/` as an Arrow table.

        One that asks about some documents finds `ids` in `listed`, and one that asks for a setting, by `$` and its name, has
        it of `settings`.
        """
        statement = sql("queries", name)
        parameters = {setting: getattr(settings, setting) for setting in set(re.findall(r"\$(\w+)", statement))}
        with self.asking() as cursor, _asked_about(cursor, statement, ids):
            return cursor.execute(statement, parameters).to_arrow_table()

    def query_encoded(self, name: str, ids: Iterable[str] = ()) -> pa.Table:
        """The result of a large query whose texts repeat: each once, in dictionaries, which takes a fraction of the memory."""
        statement = sql("queries", name)
        with self.asking() as cursor, _asked_about(cursor, statement, ids):
            reader = cursor.execute(statement).to_arrow_reader(_ROWS_AT_ONCE)
            batches = [_encoded(batch) for batch in reader]
        empty = _encoded(pa.RecordBatch.from_pylist([], reader.schema))
        return pa.Table.from_batches(batches, empty.schema).unify_dictionaries()

    def read(self, table: str, columns: Sequence[str], key: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of a table whose `key` is among `ids`, in the order of their columns."""
        selected = ", ".join(f'"{column}"' for column in columns)
        ordered = ", ".join(f'"{column}"' for column in (key, *(c for c in columns if c == "position")))
        with self.asking() as cursor, listed(cursor, ids):
            return cursor.execute(
                f"select {selected} from {qualified(table)} where {_is_listed(table, key)} order by {ordered}"
            ).fetchall()

    def bulk(self, table: str, column: str, key: str, ids: Sequence[str], *, is_text: bool) -> dict[str, int]:
        """For each of `ids` how many bytes its rows have in a column of texts, or state in one of numbers."""
        size = f'strlen("{column}")' if is_text else f'"{column}"'
        with self.asking() as cursor, listed(cursor, ids):
            rows = cursor.execute(
                f'select "{key}", sum({size}) from {qualified(table)} where {_is_listed(table, key)} group by "{key}"'
            ).fetchall()
        return {row[0]: int(row[1]) for row in rows}


def quoted(text: str | Path) -> str:
    """A text as SQL has it, where no parameter may stand."""
    return "'" + str(text).replace("'", "''") + "'"


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Let a connection read another warehouse file under a name."""
    connection.execute(f"attach {quoted(path)} as {name} (read_only)")


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


def _asked_about(cursor: duckdb.DuckDBPyConnection, statement: str, ids: Iterable[str]) -> AbstractContextManager[None]:
    return listed(cursor, ids) if "listed" in statement else nullcontext()
