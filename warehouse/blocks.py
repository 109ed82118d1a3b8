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
# Lists stand in parts of blocks, behind the checksum of the block; a part begins with where the next one of its list is.
_PARTS = 64
_NOWHERE = 2**64 - 1
_BLOCK_SIZES = [2**power for power in range(14, 19)]
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_START = np.uint64(5381)
_BYTES_AT_ONCE = 33_554_432  # of fewer, a thread that competes for the interpreter waits too often

_SHARE_BLOCKS = 0x40049409  # Linux's request to let two files share what they hold until either is written to
_PAST_CACHE = getattr(os, "O_DIRECT", 0)


def copy_whole(source: BufferedReader, target: Path) -> bool:
    """Copy a file, of which `source` is at the beginning, onto the disk; say whether each block in use has DuckDB's checksum.

    True is certain, whatever DuckDB makes of the blocks later. False may also mean that the file's layout is not the one
    known here: then only reading the values can tell.

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

    headers = advance(3 * _HEADER).copy()
    is_whole = headers.nbytes == 3 * _HEADER and bool(_are_sound(headers.copy().reshape(3, -1)).all())
    if is_whole:
        starts = (_HEADER, 2 * _HEADER)
        _, _, free, count, size = max(_LAYOUT.unpack_from(headers.tobytes(), start) for start in starts)
        is_whole = size in _BLOCK_SIZES
    if is_whole:
        # What holds nothing may never have been written, or be cut off where it is at the end of the file.
        is_sound = _are_free(file.fileno(), free, count, size)
        at_once, width = _BYTES_AT_ONCE // size, size // 8
        for start in range(0, count, at_once):
            read = advance(min(at_once, count - start) * size)
            blocks = read[: len(read) - len(read) % width].reshape(-1, width)
            is_sound[start : start + len(blocks)] |= _are_sound(blocks)
        is_whole = bool(is_sound.all())
    while copy is not None and advance(_BYTES_AT_ONCE).size:
        pass
    return is_whole


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


def _are_free(file: int, place: int, count: int, size: int) -> np.ndarray:
    """Whether each of so many blocks holds nothing, by the list that begins at a place.

    None does where that is not as known here; those in which the list stands never do.
    """
    length = (size - 8) // _PARTS // 8 * 8
    parts, own = [np.zeros(0, dtype="<u8")], []
    while place != _NOWHERE and len(parts) * length < count * 8 + 2 * length:  # which is as long as a list can be
        part, block = divmod(place, 2**56)
        held = os.pread(file, length, 3 * _HEADER + block * size + 8 + part * length) if block < count else b""
        if len(held) < length:
            break
        words = np.frombuffer(held, "<u8")
        place = int(words[0])
        parts.append(words[1:])
        own.append(block)
    number, listed = np.split(np.concatenate(parts), [1])
    is_free = np.zeros(count, dtype=bool)
    if place == _NOWHERE and number.sum() <= len(listed) and (listed[: number.sum()] < count).all():
        is_free[listed[: number.sum()]] = True
        is_free[own] = False
    return is_free


def _are_sound(blocks: np.ndarray) -> np.ndarray:
    """Whether each row of 64-bit words begins with the checksum of its others; the words are used up."""
    stated = blocks[:, 0].copy()
    blocks[:, 0] = 0
    np.multiply(blocks, _FACTOR, out=blocks)
    result: np.ndarray = np.bitwise_xor.reduce(blocks, axis=1) ^ _START == stated
    return result
