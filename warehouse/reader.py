"""Read the published warehouse: read-only, nothing outside the file, bounded in time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from warehouse.definitions import definitions_digest
from warehouse.errors import StatementError, WarehouseError, first_line
from warehouse.paths import published_file
from warehouse.store import OFFLINE, attach, is_damage

_SAFE = {
    **OFFLINE,
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}

_ANEW = "`corpus run --rebuild` makes it anew"

_WRONG = (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError, duckdb.PermissionException)


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published warehouse that can neither write nor reach anything else."""
    with reading_file(published_version(warehouse)) as connection:
        yield connection


def published_version(warehouse: Path) -> Path:
    """The published file under the name of its version: it stays the same even if a run publishes another meanwhile."""
    path = published_file(warehouse)
    if not path.exists():
        raise WarehouseError(f"{path} does not exist: nothing has been published yet; start `corpus run`")
    return path.resolve()


@contextmanager
def reading_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file of one version that can neither write nor reach anything else."""
    try:
        connection = duckdb.connect(str(path), read_only=True, config=_SAFE)
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be read ({first_line(error)}); {_ANEW}") from error
    with connection:
        yield connection


def can_be_read(path: Path) -> bool:
    """Whether the file of a version can be opened; what its blocks hold is not looked at."""
    try:
        with reading_file(path):
            return True
    except WarehouseError:
        return False


def ask_file(path: Path, statements: Mapping[str, str], shared: Iterable[str] = ()) -> dict[str, pa.Table]:
    """What the file of one version answers to each of some statements, as `ask_all` tells it."""
    with duckdb.connect(config={**OFFLINE, "temp_directory": f"{path}.tmp"}) as connection:
        try:
            attach(connection, path, "published")
            connection.execute("use published")
            return ask_all(connection, statements, shared)
        except duckdb.Error as error:
            advice = _ANEW if is_damage(error) else "`corpus run` brings it up to date"
            raise WarehouseError(f"{path} cannot be asked ({first_line(error)}); {advice}") from error


def ask_all(
    connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str], shared: Iterable[str] = ()
) -> dict[str, pa.Table]:
    """What a warehouse answers to each of some statements, by their names.

    `shared` are views of its schema `pipeline` that many of them read: each is worked out once. Statements run side by side,
    each in one thread, which takes less in all than sharing out the parts of each.
    """
    ((file,),) = connection.execute("select current_database()").fetchall()
    ((threads,),) = connection.execute("select current_setting('threads')").fetchall()
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # more at once would push each other out of the processor's memory

        def answer(statement: str) -> pa.Table:
            with connection.cursor() as cursor:
                cursor.execute(f"set search_path = '{file}.main,shared.pipeline,{file}.pipeline'")
                return cursor.execute(statement).to_arrow_table()

        # A table there comes before the view of its name.
        made = [f"create table shared.pipeline.{view} as from {file}.pipeline.{view}" for view in shared]
        try:
            connection.execute("set threads = 1")  # of the whole warehouse, whoever asks
            connection.execute("attach ':memory:' as shared")
            connection.execute("create schema shared.pipeline")
            list(pool.map(answer, made))
            return dict(zip(statements, pool.map(answer, statements.values()), strict=True))
        finally:
            pool.shutdown(cancel_futures=True)
            connection.execute("detach database if exists shared")
            connection.execute(f"set threads = {threads}")


class Ask(Protocol):
    """Answers one statement after the other, each of which may take as long as it needs if no time is given."""

    def __call__(
        self, statement: str, parameters: Mapping[str, Any] | None = None, seconds: float | None = None
    ) -> pa.Table: ...


@contextmanager
def asking(warehouse: Path) -> Iterator[Ask]:
    """What asks the published warehouse as it now stands, also if a run publishes another version meanwhile.

    It is for statements of this program's own: where one fails, or its answer lacks a column, of a warehouse that another version
    of the program has published, that is told by a `WarehouseError`.
    """
    with reading(warehouse) as connection:
        ask_it = partial(_answer, connection)
        try:
            yield ask_it
        except (KeyError, StatementError) as error:
            if _is_of_this_version(ask_it):
                raise
            raise WarehouseError(
                f"{warehouse} was published by another version of this program, and does not answer ({error}); "
                "`corpus run` brings it up to date"
            ) from error


def counted_tables(ask: Ask) -> dict[str, int]:
    """The number of rows of every public table and view, by name."""
    names = ask("select distinct table_name from data_dictionary order by table_name")["table_name"].to_pylist()
    return {name: int(ask(f'select count(*) as rows from "{name}"')["rows"][0].as_py()) for name in names}


def _is_of_this_version(ask: Ask) -> bool:
    """Whether what a warehouse shows its readers was defined by the program as it is now."""
    found = ask("select digest from pipeline.schema_versions where name = 'definitions'").to_pylist()
    return [row["digest"] for row in found] == [definitions_digest()]


def ask(
    warehouse: Path, statement: str, parameters: Mapping[str, Any] | None = None, seconds: float | None = None
) -> pa.Table:
    """The answer to one statement.

    Raises `StatementError` if it is wrong, `WarehouseError` if it takes too long.
    """
    with reading(warehouse) as connection:
        return _answer(connection, statement, parameters, seconds)


def _answer(
    connection: duckdb.DuckDBPyConnection,
    statement: str,
    parameters: Mapping[str, Any] | None = None,
    seconds: float | None = None,
) -> pa.Table:
    def answer() -> pa.Table:
        found = connection.execute(statement, parameters or {})
        if found is None or found.description is None:
            raise StatementError("the statement asks for nothing")
        return found.to_arrow_table()

    # In a thread of its own: while DuckDB works, no signal would be answered in the one that waits for it.
    with ThreadPoolExecutor(1) as pool:
        answering = pool.submit(answer)
        try:
            return answering.result(seconds)
        except TimeoutError as error:
            raise WarehouseError(
                f"the statement took more than {seconds:g} seconds; narrow it, or give it more with --timeout"
            ) from error
        except _WRONG as error:
            raise StatementError(_first_part(error)) from error
        except duckdb.Error as error:
            advice = f"; {_ANEW}" if is_damage(error) else ""
            raise WarehouseError(f"{_first_part(error)}{advice}") from error
        finally:
            connection.interrupt()


def _first_part(error: duckdb.Error) -> str:
    """What an error of DuckDB's says, without the listing of the statement."""
    return str(error).split("\n\nLINE")[0].strip()
