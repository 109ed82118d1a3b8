"""Tell whether a DuckDB file is whole by the checksums of its blocks, at the speed of memory."""

from __future__ import annotations

import struct
from io import BufferedReader
from pathlib import Path

import numpy as np

_HEADER = 4_096  # one for the file, and two of which the one with the greater count holds
# A header's checksum is followed by its count, by where two lists begin, and by the number and the size of blocks.
_LAYOUT = struct.Struct("<8x5Q")
_BLOCK_SIZES = [2**power for power in range(14, 19)]
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_START = np.uint64(5381)
_BYTES_AT_ONCE = 4_194_304


def is_whole(path: Path) -> bool:
    """Whether every block of a closed file has the checksum that DuckDB gave it.

    True is certain, whatever DuckDB makes of the blocks later. False may also mean that a block which holds nothing was
    never written, or that the file's layout is not the one known here: then only reading the values can tell.
    """
    with path.open("rb") as file:
        headers = file.read(3 * _HEADER)
        if len(headers) < 3 * _HEADER or not _are_sound(np.frombuffer(bytearray(headers), "<u8").reshape(3, -1)):
            return False
        _, _, _, count, size = max(_LAYOUT.unpack_from(headers, start) for start in (_HEADER, 2 * _HEADER))
        return size in _BLOCK_SIZES and _blocks_are_sound(file, count, size)


def _blocks_are_sound(file: BufferedReader, count: int, size: int) -> bool:
    buffer = np.empty((_BYTES_AT_ONCE // size, size // 8), "<u8")
    while count:
        blocks = buffer[:count]
        if file.readinto(blocks.data) != blocks.nbytes or not _are_sound(blocks):
            return False
        count -= len(blocks)
    return True


def _are_sound(blocks: np.ndarray) -> bool:
    """Whether each row of 64-bit words begins with the checksum of its others; the words are used up."""
    stated = blocks[:, 0].copy()
    blocks[:, 0] = 0
    np.multiply(blocks, _FACTOR, out=blocks)
    return bool(np.array_equal(np.bitwise_xor.reduce(blocks, axis=1) ^ _START, stated))
