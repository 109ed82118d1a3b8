"""Write the published tables into a folder of files: whole, or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tasks.errors import CorpusError, UsageError
from warehouse.export import export_tables, files_of
from warehouse.paths import is_own
from warehouse.reader import published_version


class OccupiedError(UsageError):
    """Something that must not be lost stands where the export should go."""


class ExportError(CorpusError):
    """The files cannot be written."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written where: the folder, the version of the warehouse, the format, and each table's number of rows."""

    folder: str
    version: str
    format: str
    tables: dict[str, int]


def export(
    warehouse: Path,
    folder: Path,
    form: str,
    *,
    overwrite: bool = False,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Export:
    """Write every public table of the published version into a folder that is new, empty, or an export to overwrite.

    The files are written beside the folder and put in its place when the last one is finished.
    """
    version = published_version(warehouse)
    place = folder.resolve()
    try:
        if is_own(warehouse, place):
            raise OccupiedError(f"{folder} belongs to the warehouse; name another folder")
        _check(folder, place, overwrite=overwrite)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.") as scratch:
            finished = Path(scratch, "finished")
            finished.mkdir()
            rows = export_tables(version, finished, form, Path(scratch, "spill"), partial(progress, "export"))
            _put(finished, place, Path(scratch, "replaced"))
    except OSError as error:
        raise ExportError(f"{folder} cannot be written: {error.strerror}; nothing has been exported") from error
    return Export(str(folder), version.parent.name, form, rows)


def _check(folder: Path, place: Path, *, overwrite: bool) -> None:
    """Raise `OccupiedError` where a folder holds what an export may not take the place of."""
    if not place.exists():
        return
    if not place.is_dir():
        raise OccupiedError(f"{folder} is no folder; name another one")
    found = {path.name for path in place.iterdir()}
    strangers = sorted(found - (files_of(place) or frozenset()))
    if strangers:
        raise OccupiedError(f"{folder} holds {strangers[0]}, which is of no export; name a new or an empty folder")
    if found and not overwrite:
        raise OccupiedError(f"{folder} holds an export already; --overwrite replaces it")


def _put(finished: Path, place: Path, replaced: Path) -> None:
    if not place.exists() or not any(place.iterdir()):
        finished.rename(place)  # also over an empty folder, in one step
        return
    place.rename(replaced)
    try:
        finished.rename(place)
    except BaseException:
        replaced.rename(place)
        raise
