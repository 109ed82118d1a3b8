"""Publish: copy the private warehouse, look the copy over, and put it in the readers' place in one step."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path

import duckdb

from warehouse.blocks import copy_whole
from warehouse.errors import WarehouseError, first_line
from warehouse.paths import FILE, private_file, published_file, published_run, version_file
from warehouse.store import OFFLINE


def version_before(file: Path) -> Path | None:
    """The file of the newest version that is older than that of a file; None if none is kept."""
    older = [folder / FILE for folder in complete_versions(file.parents[2]) if folder.name < file.parent.name]
    return older[-1] if older else None


def publish(
    warehouse: Path,
    run_id: str,
    keep: int,
    at_step: Callable[[str], None] = lambda _: None,
    accompany: Callable[[Path], None] = lambda _: None,
    replicate: Callable[[Path], None] = lambda _: None,
) -> Path:
    """Put a copy of the private file in the place of the published one; keep the last `keep` copies.

    Everything must have been written to the private file, and nothing may be until this ends; it may be read. `at_step` is
    told each step before it is taken. `accompany` is given the path of the copy while that is made, so that what it puts
    beside the copy is published with it; `replicate` is given it when it is known to be whole, just before readers see it,
    and if it fails nothing is published.
    """
    copy = version_file(warehouse, run_id)
    folder = copy.parent
    _take_away_unseen(warehouse)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # What accompanies the copy is made while the disk takes that in.
    with ExitStack() as held, ThreadPoolExecutor(1) as pool:
        at_step("copy")
        copied = pool.submit(_copy, private_file(warehouse), copy, held)
        at_step("accompany")
        accompany(copy)
    try:
        copied.result()
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise WarehouseError(
            f"the warehouse could not be copied to {folder}: {error.strerror}; readers keep the one before"
        ) from error
    except duckdb.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise WarehouseError(
            f"the copy at {folder} cannot be read ({first_line(error)}); readers keep the one before"
        ) from error
    copy.chmod(0o444)
    _sync(copy)  # its permission, which marks it as complete
    at_step("replicate")
    try:
        replicate(copy)
    except (WarehouseError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _sync(folder)
    at_step("swap")
    link = warehouse / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / run_id)
    link.rename(warehouse / "current")
    _sync(warehouse)
    at_step("prune")
    for old in set((warehouse / "versions").iterdir()) - set(complete_versions(warehouse)[-keep:]) - {folder}:
        shutil.rmtree(old, ignore_errors=True)
    return published_file(warehouse)


def _take_away_unseen(warehouse: Path) -> None:
    """Take away what a run has copied that was cut off before readers saw it: it is no version to compare with or to keep."""
    if seen := published_run(warehouse):
        for folder in complete_versions(warehouse):
            if folder.name > seen:
                shutil.rmtree(folder, ignore_errors=True)


def complete_versions(warehouse: Path) -> list[Path]:
    """The folders of the versions that were copied and read through to the end, the oldest first."""
    files = sorted((warehouse / "versions").glob(f"*/{FILE}"))
    return [file.parent for file in files if not file.stat().st_mode & stat.S_IWUSR]


def _copy(private: Path, copy: Path, held: ExitStack) -> None:
    """Make a whole copy on the disk. Raises `duckdb.Error` where it is damaged."""
    # Whoever closes a file that DuckDB has open undoes its lock, so that is left for the end.
    copy_sound(held.enter_context(private.open("rb")), copy)


def copy_sound(source: BufferedReader, copy: Path) -> None:
    """Copy a warehouse file, of which `source` is at the beginning. Raises `duckdb.Error` where it is damaged."""
    if not copy_whole(source, copy):
        read_through(copy)


def read_through(copy: Path) -> None:
    """Read every value of every table of a copy; a page that is damaged does not survive that. Raises `duckdb.Error`."""
    with duckdb.connect(str(copy), read_only=True, config=OFFLINE) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        for schema, table in tables:
            columns = connection.execute(
                "select column_name from duckdb_columns() where schema_name = ? and table_name = ?", [schema, table]
            ).fetchall()
            # Hashed, as counting reads no values: for a column without nulls the number of rows is enough.
            hashed = ", ".join(f'bit_xor(hash("{column}"))' for (column,) in columns)
            connection.execute(f'select {hashed} from "{schema}"."{table}"').fetchall()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
