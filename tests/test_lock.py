"""One run at a time: a second is refused and told who holds the warehouse; no crash leaves a lock behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

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


def test_a_warehouse_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WarehouseError, match="cannot be written to"), lock(tmp_path / "file", "first"):
        pass
