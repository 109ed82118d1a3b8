"""A file is written in one step, whatever stands at its place."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from flows.writing import write_whole


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_there_for_all_to_read_with_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "new", b"whole")
    assert {path.name: (path.read_bytes(), mode(path)) for path in tmp_path.iterdir()} == {"new": (b"whole", 0o644)}


def test_one_that_was_there_keeps_its_permissions_and_links_lead_to_it(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.write_bytes(b"before")
    kept.chmod(0o640)
    link.symlink_to(kept)
    write_whole(link, b"after")
    assert (link.is_symlink(), kept.read_bytes(), mode(kept)) == (True, b"after", 0o640)


def test_what_cannot_be_finished_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answer.csv"
    path.write_bytes(b"before")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"after")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"answer.csv": b"before"}


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=write_whole, args=(pipe, b"through"))
    writing.start()
    assert pipe.read_bytes() == b"through"
    writing.join()
    assert pipe.is_fifo()


def test_a_file_is_written_where_its_folder_takes_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answer.csv"
    path.write_bytes(b"before")
    inode = path.stat().st_ino
    monkeypatch.setattr(os, "access", lambda folder, _: folder != tmp_path)
    write_whole(path, b"after")
    assert (path.read_bytes(), path.stat().st_ino) == (b"after", inode)
