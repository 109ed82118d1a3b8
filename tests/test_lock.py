"""One run at a time: a second is refused and told who holds the warehouse; no crash leaves a lock behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from warehouse.errors import WarehouseError
from warehouse.lock import LockedError, holder, lock

HOLD = """
import sys, time
from pathlib import Path
from warehouse.lock import lock
with lock(Path(sys.argv[1]), "elsewhere"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_holder_is_refused_with_run_process_and_host(tmp_path: Path) -> None:
    expected = f"{tmp_path} is held by run first (process {os.getpid()} on {socket.gethostname()}); wait for it to end"
    with lock(tmp_path, "first"):
        with pytest.raises(LockedError) as refused, lock(tmp_path, "second"):
            pass
        assert str(refused.value) == expected
        assert holder(tmp_path) == expected


def test_the_lock_is_free_again_when_its_holder_is_done(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with lock(tmp_path, "first"):
        pass
    assert holder(tmp_path) is None
    with lock(tmp_path, "second"):
        assert "run second" in str(holder(tmp_path))


def test_the_lock_is_free_again_when_its_holder_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock(tmp_path, "first"):
        _ = 1 / 0
    with lock(tmp_path, "second"):
        assert "run second" in str(holder(tmp_path))


def test_asking_for_the_holder_refuses_nobody(tmp_path: Path) -> None:
    with lock(tmp_path, "first"):
        assert holder(tmp_path) == holder(tmp_path)
    assert holder(tmp_path) is None
    with lock(tmp_path, "second"):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            assert f"run elsewhere (process {process.pid} on" in str(holder(tmp_path))
            with pytest.raises(LockedError, match="run elsewhere"), lock(tmp_path, "here"):
                pass
        finally:
            process.send_signal(signal.SIGKILL)
    assert holder(tmp_path) is None
    with lock(tmp_path, "a longer name than the one before"):
        assert "run a longer name than the one before (" in str(holder(tmp_path))


def test_a_run_that_waits_is_told_once_and_gets_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.lock._WAIT_SECONDS", 0.05)
    told: list[str] = []
    released = Event()

    def hold() -> None:
        with lock(tmp_path, "first"):
            held.set()
            released.wait(30)

    held = Event()
    other = Thread(target=hold)
    other.start()
    held.wait(30)
    Timer(0.8, released.set).start()
    with lock(tmp_path, "second", told.append):
        assert released.is_set()
        assert "run second" in str(holder(tmp_path))
    other.join()
    assert len(told) == 1
    assert "run first" in told[0]


RACE = """
import fcntl, socket, sys, time
from pathlib import Path
from warehouse import lock
folder, name = Path(sys.argv[1]), sys.argv[2]
if "no locks" in sys.argv[3]:  # each process is on a host of its own
    fcntl.flock = lambda *_: None
    socket.gethostname = lambda: name
    lock._BEAT_SECONDS = 0.05
    parse = lock._parse
    def slow(text):  # as a network is
        found = parse(text)
        time.sleep(0.01)
        return found
    lock._parse = slow
while start := sys.stdin.readline():
    while time.time() < float(start):
        pass
    try:
        with lock.lock(folder, name):
            print("in", flush=True)
            sys.stdin.readline()
    except lock.LockedError:
        print("refused", flush=True)
        sys.stdin.readline()
    print("out", flush=True)
"""


@pytest.mark.parametrize("situation", ["locks", "no locks", "no locks, and a third has died"])
def test_of_two_that_start_in_the_same_moment_one_gets_in(tmp_path: Path, situation: str) -> None:
    file = tmp_path / "private" / "lock"
    file.parent.mkdir()
    with ExitStack() as stack:
        racers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", RACE, str(tmp_path), name, situation],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for name in ("one", "other")
        ]
        outcomes = []
        for _ in range(20):
            if "died" in situation:
                file.write_text(json.dumps({"run_id": "third", "pid": 7, "host": "another.example"}), encoding="utf-8")
            tell(racers, f"{time.time() + 0.02}")
            outcomes.append(sorted(heard(racers)))
            tell(racers, "")
            assert heard(racers) == ["out", "out"]
        for racer in racers:
            racer.communicate()
    assert outcomes == [["in", "refused"]] * 20


def tell(processes: list[subprocess.Popen[str]], line: str) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def heard(processes: list[subprocess.Popen[str]]) -> list[str]:
    return [process.stdout.readline().strip() for process in processes if process.stdout is not None]


def test_what_one_that_was_killed_as_it_signed_has_left_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.lock._BEAT_SECONDS", 0.05)
    claim = tmp_path / "private" / "lock.claim"
    claim.parent.mkdir()
    claim.touch()
    take(tmp_path)
    assert not claim.exists()


def test_what_is_gone_before_it_is_looked_at_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, refusals, slept = os.open, iter([FileExistsError()]), list[float]()

    def refuse_once(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_EXCL and (refusal := next(refusals, None)):
            raise refusal
        return opened(path, flags, mode)

    monkeypatch.setattr("warehouse.lock.os.open", refuse_once)
    monkeypatch.setattr("warehouse.lock.time.sleep", slept.append)
    monkeypatch.setattr("warehouse.lock._BEAT_SECONDS", 0.05)
    take(tmp_path)
    assert (next(refusals, None), slept) == (None, [])


@pytest.mark.parametrize("is_alive", [True, False], ids=["alive", "dead"])
def test_a_holder_on_another_host_counts_as_long_as_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_alive: bool
) -> None:
    monkeypatch.setattr("warehouse.lock._BEAT_SECONDS", 0.1)
    file = tmp_path / "private" / "lock"
    file.parent.mkdir()
    # What a holder leaves behind, or still holds, where the file system does not carry its lock to this host.
    file.write_text('{"run_id": "there", "pid": 7, "host": "another.example"}', encoding="utf-8")
    ended = Event()

    def beat() -> None:
        while not ended.wait(0.05):
            os.utime(file)

    other = Thread(target=beat)
    if is_alive:
        other.start()
    try:
        if is_alive:
            with pytest.raises(LockedError, match=r"run there \(process 7 on another\.example\).* from host to host"):
                take(tmp_path)
        else:
            take(tmp_path)
    finally:
        ended.set()
        if is_alive:
            other.join()


def take(warehouse: Path) -> None:
    with lock(warehouse, "here"):
        assert "run here" in str(holder(warehouse))


def test_a_holder_shows_that_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.lock._BEAT_SECONDS", 0.05)
    with lock(tmp_path, "first"):
        file = tmp_path / "private" / "lock"
        before = file.stat().st_mtime_ns
        deadline = time.monotonic() + 30
        while file.stat().st_mtime_ns == before:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_shows_so_again_after_the_share_was_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.lock._BEAT_SECONDS", 0.01)
    beats, beaten = iter([False, False, True]), Event()

    def touch(_: int) -> None:
        if not next(beats, True):
            raise OSError(116, "Stale file handle")
        beaten.set()

    monkeypatch.setattr("warehouse.lock.os.utime", touch)
    with lock(tmp_path, "1"):
        assert beaten.wait(10)


def test_a_warehouse_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WarehouseError, match="cannot be written to"), lock(tmp_path / "file", "first"):
        pass


def test_to_whom_the_private_folder_is_closed_nobody_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with lock(tmp_path, "first"), monkeypatch.context() as patch:
        patch.setattr(Path, "open", closed)
        assert holder(tmp_path) is None
