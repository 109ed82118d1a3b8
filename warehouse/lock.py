"""One run at a time: a lock file that names its holder and that no crash can leave behind."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import WarehouseError


class LockedError(WarehouseError):
    """Another run holds the warehouse."""


def _private(warehouse: Path) -> Path:
    return warehouse / "private" / "lock"


@contextmanager
def lock(warehouse: Path, run_id: str) -> Iterator[None]:
    """Hold the warehouse for a run. Raises `LockedError`, at once, with who holds it; the lock ends with the process."""
    path = _private(warehouse)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise WarehouseError(
            f"{path.parent} cannot be written to: {error.strerror}; choose another --warehouse"
        ) from error
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        # For a moment the file may be held by somebody who only looks who holds it.
        for wait in (0.05, 0.1, 0.2, None):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if wait is None:
                    file.seek(0)
                    raise LockedError(_sentence(warehouse, _parse(file.read()))) from error
                time.sleep(wait)
        file.seek(0)
        file.truncate()
        json.dump({"run_id": run_id, "pid": os.getpid(), "host": socket.gethostname()}, file)
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()


def holder(warehouse: Path) -> str | None:
    """A sentence on who holds the warehouse, or None."""
    path = _private(warehouse)
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _sentence(warehouse, _parse(file.read()))
    return None


def _parse(text: str) -> dict[str, object]:
    try:
        parsed = json.loads(text)
    except ValueError:  # the holder is just writing it
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _sentence(warehouse: Path, holder: dict[str, object]) -> str:
    who = f"run {holder.get('run_id', '?')} (process {holder.get('pid', '?')} on {holder.get('host', '?')})"
    return f"{warehouse} is held by {who}; wait for it to end"
