"""Isolation: what goes wrong in a worker process costs its own input, and no process outlives the run."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.isolation import Crashed, TooSlow, process_pool, shielded
from tasks.readers import Unreadable

MEMORY = 2_000_000_000


def double(number: int) -> int:
    return 2 * number


def hang(_: int) -> None:
    time.sleep(600)


def abort(_: int) -> None:
    os.abort()


def swallow(size: int) -> int:
    return len(bytearray(size))


def refuse(_: int) -> None:
    raise Unreadable("encrypted", "the file asks for a password")


def core_limit(_: int) -> int:
    return resource.getrlimit(resource.RLIMIT_CORE)[0]


def blocks_interrupts(_: int) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_an_interrupt_is_acted_on_though_no_process_could_be_started() -> None:
    def fail() -> None:
        with shielded():
            os.kill(os.getpid(), signal.SIGINT)
            raise OSError("no more processes")

    with pytest.raises(KeyboardInterrupt):
        fail()


def test_what_goes_wrong_costs_its_own_input() -> None:
    with process_pool(2, memory=MEMORY) as schedule:
        results = [
            schedule(function, argument, seconds=seconds)
            for function, argument, seconds in (
                (double, 1, 60),
                (hang, 0, 0.5),
                (double, 2, 60),
                (abort, 0, 60),
                (double, 3, 60),
                (swallow, 3 * MEMORY, 60),
                (refuse, 0, 60),
                (double, 4, 60),
                (core_limit, 0, 60),
            )
        ]
        found = [outcome(result) for result in results]
    refusal = Unreadable("encrypted", "the file asks for a password")
    assert found == [2, TooSlow, 4, Crashed, 6, MemoryError, (refusal.reason, refusal.detail), 8, 0]


def outcome(result: Callable[[], object]) -> object:
    """What a piece of work has come to: its result, the reason of a refusal, or the kind of its failure."""
    try:
        return result()
    except Unreadable as verdict:
        return verdict.reason, verdict.detail
    except (TooSlow, Crashed, MemoryError) as error:
        return type(error)


def test_an_error_of_the_caller_ends_the_work_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(KeyError):
        fail_while_a_worker_hangs()
    assert time.monotonic() - start < 30


def fail_while_a_worker_hangs() -> None:
    with process_pool(1, memory=MEMORY) as schedule:
        schedule(hang, 0, seconds=600)
        raise KeyError


ORPHANING = """
import os, sys, time
from tasks.isolation import process_pool
from tests.test_isolation import announce

if __name__ == "__main__":
    with process_pool(1, memory=2_000_000_000) as schedule:
        schedule(announce, sys.argv[1], seconds=600)()
"""


def announce(place: str) -> None:
    Path(place).with_suffix(".new").write_text(str(os.getpid()))
    Path(place).with_suffix(".new").rename(place)  # whole as soon as it is there
    time.sleep(600)


def test_no_worker_outlives_a_killed_parent(tmp_path: Path) -> None:
    script, place = tmp_path / "orphaning.py", tmp_path / "pid"
    script.write_text(ORPHANING)
    root = Path(__file__).parent.parent
    parent = subprocess.Popen([sys.executable, script, place], cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    try:
        wait_until(place.exists)
        worker = int(place.read_text())
        assert is_alive(worker)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_until(lambda: not is_alive(worker))


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked for its result does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# -- interrupts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_until_a_process_has_started(number: signal.Signals) -> None:
    steps = []

    def start() -> None:
        with shielded():
            os.kill(os.getpid(), number)
            steps.append("started")
        steps.append("gone on")

    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            start()
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    assert steps == ["started"]
    assert not blocks_interrupts(0)


def test_an_interrupt_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with shielded():
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_interrupts_do_not_reach_processes_that_work_for_this_one() -> None:
    with process_pool(1, memory=MEMORY) as schedule:
        assert schedule(blocks_interrupts, 0, seconds=60)()
    assert not blocks_interrupts(0)
