"""One run at a time: a lock file that names its holder and that no crash can leave behind.

The lock is the kernel's. On a network file system that does not carry it from host to host, the holder's file tells: it is
touched every few seconds for as long as the holder lives.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TextIO

from warehouse.errors import WarehouseError

_BEAT_SECONDS = 2.0
_WAIT_SECONDS = 1.0


class LockedError(WarehouseError):
    """Another run holds the warehouse."""


def _private(warehouse: Path) -> Path:
    return warehouse / "private" / "lock"


@contextmanager
def lock(warehouse: Path, run_id: str, wait: Callable[[str], object] | None = None) -> Iterator[Callable[[str], None]]:
    """Hold the warehouse for a run; yields a function that gives the run another id. The lock ends with the process.

    Raises `LockedError`, at once, with who holds it; or tells `wait`, once, and waits until it is free.
    """
    path = _private(warehouse)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise WarehouseError(
            f"{path.parent} cannot be written to: {error.strerror}; choose another --warehouse"
        ) from error
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        _take(file, warehouse, wait)
        ended = Event()
        beat = Thread(target=_beat, args=(file.fileno(), ended), daemon=True)

        def name(run_id: str) -> None:
            file.seek(0)
            file.truncate()
            json.dump({"run_id": run_id, "pid": os.getpid(), "host": socket.gethostname()}, file)
            file.flush()

        name(run_id)
        beat.start()
        try:
            yield name
        finally:
            ended.set()
            beat.join()
            file.seek(0)
            file.truncate()


def _take(file: TextIO, warehouse: Path, wait: Callable[[str], object] | None) -> None:
    # For a moment the file may be held by somebody who only looks who holds it.
    pauses = iter((0.05, 0.1, 0.2))
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.seek(0)
            holder = _parse(file.read())
            if not _lives_elsewhere(_private(warehouse), holder):
                return
            fcntl.flock(file, fcntl.LOCK_UN)
            refusal = f"{_sentence(warehouse, holder)}; the file system does not carry locks from host to host"
        except BlockingIOError:
            file.seek(0)
            refusal = _sentence(warehouse, _parse(file.read()))
            if (pause := next(pauses, None)) is not None:
                time.sleep(pause)
                continue
        if wait is None:
            raise LockedError(refusal)
        wait(refusal)
        wait = _say_no_more
        time.sleep(_WAIT_SECONDS)


def _say_no_more(_: str) -> None:
    """What a holder that is waited for is told about after the first time."""


def _beat(descriptor: int, ended: Event) -> None:
    while not ended.wait(_BEAT_SECONDS):
        os.utime(descriptor)


def _lives_elsewhere(path: Path, holder: dict[str, object]) -> bool:
    """Whether a holder that has not signed off is on another host, and alive: its file is being touched."""
    if holder.get("host", socket.gethostname()) == socket.gethostname():
        return False
    before = _touched(path)
    time.sleep(5 * _BEAT_SECONDS)
    return _touched(path) != before


def _touched(path: Path) -> int:
    with path.open("rb") as file:  # opened anew: that is when a network file system asks its server
        return os.fstat(file.fileno()).st_mtime_ns


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
