"""A DuckDB file is whole if each of its blocks has the checksum that it was given."""

from __future__ import annotations

import errno
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

import warehouse.blocks
from warehouse.blocks import copy_whole

BLOCK = 262_144
FIRST = 12_288


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blocks") / "made.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select range as number, hash(range) as other from range(500000)")
        connection.execute("checkpoint")
        connection.execute("delete from numbers where number < 200000")
        connection.execute("checkpoint")
        connection.execute("create table words as select md5(range::varchar) as word from range(50000)")
    return path


@pytest.fixture
def made(_made: Path, tmp_path: Path) -> Path:
    """A file of several tables with blocks that are no longer in use."""
    return Path(shutil.copyfile(_made, tmp_path / "made.duckdb"))


def copied(source: Path, target: Path) -> bool:
    with source.open("rb") as file:
        return copy_whole(file, target)


def is_whole(path: Path) -> bool:
    return copied(path, path.with_name("copy"))


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_file_that_duckdb_wrote_is_whole(made: Path) -> None:
    assert is_whole(made)
    assert made.stat().st_size > FIRST + 8 * BLOCK


@pytest.mark.parametrize("size", [16_384, 65_536])
def test_so_is_one_of_smaller_blocks(tmp_path: Path, size: int) -> None:
    path = tmp_path / "small.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as small (block_size {size})")
        connection.execute("create table small.numbers as select range as number from range(100000)")
    assert is_whole(path)
    flip(path, FIRST + size + 1_000)
    assert not is_whole(path)


def test_one_bit_in_anything_that_is_used_is_noticed(made: Path) -> None:
    unnoticed = set()
    size = made.stat().st_size
    for header in (8, 4_200, 8_300):
        flip(made, header)
        assert not is_whole(made), header
        flip(made, header)
    for number, block in enumerate(range(FIRST, size, BLOCK)):
        place = block + (0, 8, BLOCK - 1)[number % 3]  # its checksum, its first or its last byte
        flip(made, place)
        if is_whole(made):
            unnoticed.add(block)
        flip(made, place)
        assert block not in unnoticed or read(made, block) == read(made)
    assert is_whole(made)
    with duckdb.connect(str(made), read_only=True) as connection:
        ((_, _, _, total, used, free, *_),) = connection.execute("pragma database_size").fetchall()
    assert (total, free) == ((size - FIRST) // BLOCK, len(unnoticed))
    assert min(used, free) > 0


def read(path: Path, *zeroed: int) -> list[object]:
    """Every value of a file in which some blocks are overwritten with zeros."""
    other = path.with_name("zeroed.duckdb")
    content = bytearray(path.read_bytes())
    for block in zeroed:
        content[block : block + BLOCK] = bytes(BLOCK)
    other.write_bytes(content)
    with duckdb.connect(str(other), read_only=True) as connection:
        return [connection.execute(f"from {table} order by all").fetchall() for table in ("numbers", "words")]


def test_blocks_at_the_end_that_hold_nothing_may_be_missing(made: Path) -> None:
    """DuckDB cuts them off when it ends a run; what counts them stays as it was until the next one."""
    with duckdb.connect(str(made)) as connection:
        connection.execute("create table more as select hash(range) as number from range(500000)")
        connection.execute("checkpoint")
        connection.execute("drop table more")
        connection.execute("checkpoint")
        content = made.read_bytes()
    _, *_, stated = max(struct.unpack_from("<8x4Q", content, header) for header in (4_096, 8_192))
    assert len(content) < FIRST + stated * BLOCK
    assert is_whole(made)
    made.write_bytes(content[:-BLOCK])
    assert not is_whole(made)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:5_000],
        lambda content: content[: FIRST + BLOCK],
        lambda content: content[:-1],
        lambda content: content[:FIRST] + bytes(len(content) - FIRST),
        lambda content: content[::-1],
    ],
    ids=["empty", "in a header", "first block", "last byte", "zeros", "something else"],
)
def test_what_is_cut_off_or_something_else_is_not_whole(made: Path, damage: Callable[[bytes], bytes]) -> None:
    made.write_bytes(damage(made.read_bytes()))
    assert not is_whole(made)


# -- copies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "whole"),
    [
        (lambda content: content, True),
        (lambda content: content + bytes(5_000), True),
        (lambda content: content + b"?", True),
        (lambda content: content[:-1], False),
        (lambda content: content[: FIRST + 100] + b"?" + content[FIRST + 101 :], False),
        (lambda content: content[:5_003], False),
        (lambda content: content[:0], False),
    ],
    ids=["as it is", "longer", "longer by a byte", "shorter", "damaged", "in a header", "empty"],
)
def test_a_copy_holds_every_byte_and_is_looked_over(
    made: Path, tmp_path: Path, change: Callable[[bytes], bytes], whole: bool
) -> None:
    content = change(made.read_bytes())
    made.write_bytes(content)
    target = tmp_path / "copy"
    target.write_bytes(bytes(len(content) + 1_000_000))
    assert copied(made, target) is whole
    assert target.read_bytes() == content


def test_a_copy_is_made_where_nothing_can_be_written_past_the_cache(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past, plain = 1 << 30, os.open
    tried = []

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        tried.append(bool(flags & past))
        if flags & past:
            raise OSError(errno.EINVAL, "Invalid argument")
        return plain(path, flags, mode)

    monkeypatch.setattr(warehouse.blocks, "_PAST_CACHE", past)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        assert copied(made, tmp_path / "copy")
    assert tried == [True, False]
    assert (tmp_path / "copy").read_bytes() == made.read_bytes()


def test_blocks_that_can_be_shared_are_not_written(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def share(target: int, request: int, source: int) -> int:
        assert request == 0x40049409
        shutil.copyfile(f"/proc/self/fd/{source}", f"/proc/self/fd/{target}")
        return 0

    monkeypatch.setattr("fcntl.ioctl", share)
    monkeypatch.setattr("os.write", lambda *_: pytest.fail("something was written"))
    assert copied(made, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == made.read_bytes()
    flip(made, FIRST + 1_000)
    assert not copied(made, tmp_path / "another")


def test_a_disk_that_is_full_is_said_to_be(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(OSError, match="No space left"):
        copied(made, tmp_path / "copy")


def test_what_is_written_in_parts_is_written_as_a_whole(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr("os.write", lambda descriptor, data: write(descriptor, data[:10_007]))
    assert copied(made, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == made.read_bytes()
