"""Tell in a moment that a run would find nothing to do, since all that it would look at is as it was.

A run that leaves nothing to do puts down what it saw: the state of every seed file, of the settings' sources, of the code and
the folders of libraries, and of its own files. The next run compares; only where something differs does it open the warehouse
and load the stages to find out what that means.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.folders import PREFIX, Folders
from tasks.files import RACY_NANOSECONDS
from warehouse.paths import private_file, published_file

_ROOT = Path(__file__).parent.parent
_PACKAGES = ("flows", "tasks", "warehouse")
_USUAL_WAREHOUSE = str(_ROOT / Folders.model_fields["warehouse"].default)  # it lies among the code

State = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a run sees before it begins: a digest of it all, and whether the time stamps in it can be relied on."""

    digest: str
    is_settled: bool


def look(folders: Folders) -> Sight:
    """What there is to be seen of documents, settings, code and libraries, today."""
    now = time.time_ns()
    own = folders.warehouse_in_seeds
    seeds = sorted(_states(folders.seeds, f"{folders.seeds}/{own}" if own else ""))
    code = sorted(
        state
        for package in _PACKAGES
        for state in _states(_ROOT / package, _USUAL_WAREHOUSE)
        if stat.S_ISREG(state[1])  # a folder changes as Python puts its bytecode there
    )
    libraries = [_state(Path(folder)) for folder in sys.path if folder]
    variables = sorted((name, value) for name, value in os.environ.items() if name.upper().startswith(PREFIX))
    project = Path("pyproject.toml")
    seen = (
        time.strftime("%Y-%m-%d", time.gmtime()),  # a date to come may have come
        sys.version,
        str(Path.cwd()),
        str(folders.seeds),
        variables,
        project.read_text(encoding="utf-8") if project.is_file() else None,
        seeds,
        code,
        libraries,
    )
    return Sight(_digest(seen), all(modified < now - RACY_NANOSECONDS for _, _, _, modified in seeds))


def is_as_noted(folders: Folders, sight: Sight) -> bool:
    """Whether a run that saw the same left nothing to do, and its files are as it left them."""
    try:
        noted = json.loads(_note(folders.warehouse).read_text(encoding="utf-8"))
        return bool(noted == [sight.digest, _left(folders.warehouse)])
    except (OSError, ValueError):
        return False


def note(folders: Folders, sight: Sight) -> None:
    """Put down that a run that saw this has left nothing to do and nothing to tell."""
    if sight.is_settled:
        _note(folders.warehouse).write_text(json.dumps([sight.digest, _left(folders.warehouse)]), encoding="utf-8")


def forget(warehouse: Path) -> None:
    """Take back what was noted, as a run begins that may change everything."""
    _note(warehouse).unlink(missing_ok=True)


def _note(warehouse: Path) -> Path:
    return private_file(warehouse).with_name("unchanged.json")


def _left(warehouse: Path) -> str:
    """A digest of the state of the pipeline's file and of the published one."""
    private, published = private_file(warehouse), published_file(warehouse)
    files = (private, Path(f"{private}.wal"), published)
    return _digest((published.parent.readlink(), *map(_state, files)))


def _digest(seen: object) -> str:
    return hashlib.sha256(repr(seen).encode("utf-8", "surrogateescape")).hexdigest()


def _state(path: Path) -> State | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return str(path), status.st_mode, status.st_size, status.st_mtime_ns


def _states(folder: Path, passed_over: str = "") -> Iterator[State]:
    """The state of everything in a folder, however deep, save one folder, and in those that are hidden or the analyst's own."""
    waiting = [str(folder)]
    while waiting:
        above = waiting.pop()
        try:
            with os.scandir(above) as entries:
                for entry in entries:
                    if entry.path == passed_over:
                        continue
                    status = entry.stat(follow_symlinks=False)
                    yield entry.path, status.st_mode, status.st_size, status.st_mtime_ns
                    if not entry.name.startswith((".", "_")) and entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError as error:
            yield f"{above}: {error.strerror}", 0, 0, time.time_ns()  # like nothing seen before
