"""Files: only regular ones are opened, and any name can be shown and found again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.files import on_disk, open_file, printable


def test_a_regular_file_is_opened_for_reading(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"some bytes")
    with open_file(tmp_path / "a.txt") as opened:
        assert opened.read() == b"some bytes"


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("kind", ["missing", "link", "broken link", "pipe", "folder", "device"])
def test_nothing_else_is_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    (tmp_path / "b").write_bytes(b"")
    match kind:
        case "link":
            path.symlink_to(tmp_path / "b")
        case "broken link":
            path.symlink_to(tmp_path / "c")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/zero")
    before = open_files()
    with pytest.raises(OSError):  # noqa: PT011 - which one differs by kind
        open_file(path)
    assert open_files() == before


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"plain.txt", id="plain"),
        pytest.param("数据—é.txt".encode(), id="Unicode"),
        pytest.param(b"caf\xe9.txt", id="Latin-1"),
        pytest.param(b"\xff\xfe", id="no encoding"),
        pytest.param(rb"caf\xe9.txt", id="an escape that is the name"),
        pytest.param(b"a\nb'\"*?[x]%s;--", id="signs"),
        pytest.param("é".encode() * 125, id="as long as a name can be"),
    ],
)
def test_a_printable_name_leads_back_to_its_file(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_bytes(name)
    (found,) = tmp_path.iterdir()
    shown = printable(found.name)
    assert shown.encode().decode() == shown
    assert on_disk(tmp_path, shown).read_bytes() == name


def test_a_name_with_an_escape_is_not_taken_for_one_with_the_byte(tmp_path: Path) -> None:
    names = (rb"caf\xe9", b"caf\xe9")
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    shown = [printable(os.fsdecode(name)) for name in names]
    assert [on_disk(tmp_path, path).read_bytes() for path in shown] == list(names)


@given(st.binary(min_size=1))
def test_every_name_is_printable(name: bytes) -> None:
    printable(os.fsdecode(name)).encode("utf-8")
