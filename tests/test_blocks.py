"""A DuckDB file is whole if each of its blocks has the checksum that it was given."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse.blocks import is_whole

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


def test_one_bit_anywhere_is_noticed(made: Path) -> None:
    size = made.stat().st_size
    # In each header, and in each block its checksum, its first and its last byte.
    blocks = range(FIRST, size, BLOCK)
    places = [8, 4_200, 8_300, *blocks, *(block + 8 for block in blocks), *(block + BLOCK - 1 for block in blocks)]
    for place in places:
        flip(made, place)
        assert not is_whole(made), place
        flip(made, place)
    assert is_whole(made)


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
