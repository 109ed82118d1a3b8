"""Recover: a pipeline's own file that is damaged or gone is replaced by the newest published version that is whole."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import DamagedError, first_line
from warehouse.paths import FILE, private_file
from warehouse.publish import complete_versions, copy_sound
from warehouse.store import Store, is_damage

log = logging.getLogger("corpus")


@contextmanager
def private_store(warehouse: Path) -> Iterator[tuple[Store, list[str]]]:
    """The store of the pipeline's own file, with what to say if it had to be replaced.

    A published version is a whole warehouse: history, ledger and all, so that only what has changed since is made anew.
    Damage that shows later raises `DamagedError`, and the next run begins here.
    """
    path = private_file(warehouse)
    notices: list[str] = []
    shutil.rmtree(f"{path}.tmp", ignore_errors=True)  # what a run that was killed had put aside for a while
    try:
        if not path.exists() and complete_versions(warehouse):
            notices = _replace(warehouse, "was not there")
        store = Store(path, keep_schema=False)
    except DamagedError:
        notices = _replace(warehouse, "was damaged and set aside")
        store = Store(path, keep_schema=False)
    try:
        with store:
            yield store, notices
    except Exception as error:
        if not is_damage(error):
            raise
        _set_aside(path)
        raise DamagedError(
            f"{path} is damaged ({first_line(error)}) and was set aside; "
            "the next run goes on from the published version"
        ) from error


def _replace(warehouse: Path, problem: str) -> list[str]:
    path = private_file(warehouse)
    _set_aside(path)
    restored = path.with_suffix(".restored")
    if version := copy_newest(warehouse, restored):
        restored.rename(path)
        return [f"{path} {problem}; the run goes on from the version that {version} published"]
    lost = "everything is made anew from the documents, without the history of runs and the names of topics"
    return [f"{path} {problem}, and no published version is whole: {lost}"]


def copy_newest(warehouse: Path, copy: Path) -> str | None:
    """Make a copy, to be written to, of the newest published version that is whole; returns its name, None if there is none."""
    for version in reversed(complete_versions(warehouse)):
        try:
            with (version / FILE).open("rb") as source:
                copy_sound(source, copy)
        except duckdb.Error:
            log.warning("%s is damaged too", version / FILE)
            continue
        copy.chmod(0o644)
        return version.name
    copy.unlink(missing_ok=True)
    return None


def _set_aside(path: Path) -> None:
    """Keep a damaged file for whoever wants to look at it; one is enough."""
    for name in (path.name, f"{path.name}.wal"):
        file = path.with_name(name)
        if file.exists():
            file.rename(path.with_name(f"{name}.damaged"))
