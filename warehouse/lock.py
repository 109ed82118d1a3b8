"""One run at a time: a lock file that names its holder and that no crash can leave behind.

The lock is the kernel's. On a network file system that does not carry it from host to host, the holder's file tells: it is
touched every few seconds for as long as the holder lives, and whoever looks into it and signs it does so alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
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

        def sign(run_id: str) -> None:
            signature = {"run_id": run_id, "pid": os.getpid(), "host": socket.gethostname()}
            path.write_text(
                json.dumps(signature), encoding="utf-8"
            )  # closed: then a network file system has sent it off

        _take(file, warehouse, wait, partial(sign, run_id))
        ended = Event()
        beat = Thread(target=_beat, args=(file.fileno(), ended), daemon=True)
        beat.start()
        try:
            yield sign
        finally:
            ended.set()
            beat.join()
            file.seek(0)
            file.truncate()


def _take(file: TextIO, warehouse: Path, wait: Callable[[str], object] | None, sign: Callable[[], None]) -> None:
    path = _private(warehouse)
    # For a moment the file may be held by somebody who only looks who holds it.
    pauses = iter((0.05, 0.1, 0.2))
    dead: dict[str, object] | None = None
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            refusal = _sentence(warehouse, _parse(file.read()))
            if (pause := next(pauses, None)) is not None:
                time.sleep(pause)
                continue
        else:
            with _alone(path):
                # Opened anew: that is when a network file system asks its server.
                holder = _parse(path.read_text(encoding="utf-8"))
                if holder.get("host", socket.gethostname()) == socket.gethostname() or holder == dead:
                    sign()
                    return
            # It has not signed off and is on another host: another may take over from it meanwhile, so it is looked at again.
            if not _is_touched(path):
                dead = holder
                continue
            fcntl.flock(file, fcntl.LOCK_UN)
            refusal = f"{_sentence(warehouse, holder)}; the file system does not carry locks from host to host"
        if wait is None:
            raise LockedError(refusal)
        wait(refusal)
        wait = _say_no_more
        time.sleep(_WAIT_SECONDS)


def _say_no_more(_: str) -> None:
    """What a holder that is waited for is told about after the first time."""


def _beat(descriptor: int, ended: Event) -> None:
    while not ended.wait(_BEAT_SECONDS):
        with suppress(OSError):  # the share may be away for a moment
            os.utime(descriptor)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only one to look into the holder's file: making a file that must not be there is one step on every file system.

    It is there for a moment only; what somebody who was killed in that moment has left of it is taken away.
    """
    claim = path.with_suffix(".claim")
    while True:
        try:
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if not _is_touched(claim):
                claim.unlink(missing_ok=True)
    try:
        yield
    finally:
        claim.unlink(missing_ok=True)


def _is_touched(path: Path) -> bool:
    """Whether a file changes, or goes, within the time of several beats, or has gone already."""
    before = _touched(path)
    if before is None:
        return True
    deadline = time.monotonic() + 5 * _BEAT_SECONDS
    while time.monotonic() < deadline:
        time.sleep(_BEAT_SECONDS / 20)
        if _touched(path) != before:
            return True
    return False


def _touched(path: Path) -> int | None:
    try:
        with path.open("rb") as file:  # opened anew, as above
            return os.fstat(file.fileno()).st_mtime_ns
    except FileNotFoundError:
        return None


def holder(warehouse: Path) -> str | None:
    """A sentence on who holds the warehouse, or None; also where only its published files are for whoever asks."""
    try:
        with _private(warehouse).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _sentence(warehouse, _parse(file.read()))
    except (FileNotFoundError, PermissionError):
        return None
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
