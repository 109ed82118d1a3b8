"""The last run that has published nothing, noted in a file of its own.

The history of runs is in the private file, which `corpus status` may not open: a run that starts meanwhile could not.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.writing import write_whole
from warehouse.paths import private_file, published_run


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A run that goes on, or one that has ended without publishing anything; `error` says why."""

    run_id: str
    status: str
    error: str | None = None


def note(warehouse: Path, run: Unpublished) -> None:
    """Put down that a run goes on, or how it has ended; a disk that is full keeps what was put down before."""
    with suppress(OSError):
        write_whole(_path(warehouse), json.dumps(asdict(run)).encode())


def clear(warehouse: Path) -> None:
    """Take down what was noted: the warehouse that readers see is as new as the folder."""
    _path(warehouse).unlink(missing_ok=True)


def noted(warehouse: Path, *, is_held: bool) -> Unpublished | None:
    """What was noted last, unless readers see what that run has made. One that nobody holds the warehouse for was interrupted."""
    try:
        run = Unpublished(**json.loads(_path(warehouse).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if run.run_id == published_run(warehouse):
        return None
    return Unpublished(run.run_id, "interrupted") if run.status == "running" and not is_held else run


def _path(warehouse: Path) -> Path:
    return private_file(warehouse).with_name("unpublished.json")
