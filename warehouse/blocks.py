"""Copy a DuckDB file and tell whether it is whole by the checksums of its blocks, at the speed of memory and disk."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
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
_BYTES_AT_ONCE = 33_554_432  # of fewer, a thread that competes for the interpreter waits too often

_SHARE_BLOCKS = 0x40049409  # Linux's request to let two files share what they hold until either is written to
_PAST_CACHE = getattr(os, "O_DIRECT", 0)


def copy_whole(source: BufferedReader, target: Path) -> bool:
    """Copy a file, of which `source` is at the beginning, onto the disk; say whether each block has DuckDB's checksum.

    True is certain, whatever DuckDB makes of the blocks later. False may also mean that a block which holds nothing was
    never written, or that the file's layout is not the one known here: then only reading the values can tell.

    Where the file system can, both share their blocks. Else the copy is written past the system's cache: to fill that with
    what few may read costs several times as much as all the rest.
    """
    copy = _create(target)
    try:
        try:
            fcntl.ioctl(copy, _SHARE_BLOCKS, source.fileno())
        except OSError:
            is_sound = _look_over(source, copy)
        else:
            is_sound = _look_over(source, None)
        os.fsync(copy)
    finally:
        os.close(copy)
    return is_sound


def _look_over(file: BufferedReader, copy: int | None) -> bool:
    """Tell whether a file's blocks are sound; write all that it holds to a copy that does not share its blocks."""
    pages = mmap.mmap(-1, _BYTES_AT_ONCE)  # what is written past the cache has to begin with a page of memory
    words = np.frombuffer(pages, "<u8")

    def advance(most: int) -> np.ndarray:
        read = file.readinto(memoryview(pages)[:most])
        if copy is not None:
            _write(copy, memoryview(pages)[:read])
        return words[: read // 8]

    headers = advance(3 * _HEADER).tobytes()
    is_sound = len(headers) == 3 * _HEADER and _are_sound(np.frombuffer(bytearray(headers), "<u8").reshape(3, -1))
    count = size = 0
    if is_sound:
        _, _, _, count, size = max(_LAYOUT.unpack_from(headers, start) for start in (_HEADER, 2 * _HEADER))
        is_sound = size in _BLOCK_SIZES
    while is_sound and count:
        asked = min(count * size, _BYTES_AT_ONCE)
        blocks = advance(asked)
        is_sound = blocks.nbytes == asked and _are_sound(blocks.reshape(-1, size // 8))
        count -= asked // size
    while copy is not None and advance(_BYTES_AT_ONCE).size:
        pass
    return is_sound


def _create(path: Path) -> int:
    """A descriptor of a new file, which is written past the cache where the file system can."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        return os.open(path, flags | _PAST_CACHE, 0o644)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return os.open(path, flags, 0o644)


def _write(descriptor: int, data: memoryview) -> None:
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except OSError as error:
            flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
            if error.errno != errno.EINVAL or not flags & _PAST_CACHE:
                raise
            # The last bytes fill no block of the disk.
            fcntl.fcntl(descriptor, fcntl.F_SETFL, flags & ~_PAST_CACHE)


def _are_sound(blocks: np.ndarray) -> bool:
    """Whether each row of 64-bit words begins with the checksum of its others; the words are used up."""
    stated = blocks[:, 0].copy()
    blocks[:, 0] = 0
    np.multiply(blocks, _FACTOR, out=blocks)
    return bool(np.array_equal(np.bitwise_xor.reduce(blocks, axis=1) ^ _START, stated))
