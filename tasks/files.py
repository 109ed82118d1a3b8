"""Files of the seeds folder: opened so that no link is followed and nothing hangs, and named whatever their bytes."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

Content = TypeVar("Content")

# A file changed within this time of being looked at may change again without its time stamp showing it ("racy git").
RACY_NANOSECONDS = 2_000_000_000

_MAY_PASS = {
    errno.EIO,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.EAGAIN,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
}
_PAUSES = (0.2, 1.0)
_ESCAPE = re.compile(r"\\x[89a-f][0-9a-f]")
_ESCAPED = re.compile(r"\\(?:\\|x([89a-f][0-9a-f]))")


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises `OSError` for anything else, such as a link or a pipe."""
    # O_NONBLOCK: should the name have become a pipe since it was looked at, opening it does not hang.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def patiently(read: Callable[[], Content]) -> Content:
    """What `read` returns. Where a network share fails for a moment it is asked again, twice; no other error passes by itself."""
    for pause in _PAUSES:
        try:
            return read()
        except OSError as error:
            if error.errno not in _MAY_PASS:
                raise
        time.sleep(pause)
    return read()


def printable(path: str) -> str:
    """A path as text, no two paths the same; bytes of its name that are not UTF-8 become escapes such as `\\xe9`.

    In a path with such bytes, or with what looks like an escape of one, a backslash is doubled.
    """
    raw = path.encode("utf-8", "surrogateescape")
    shown = raw.decode("utf-8", "backslashreplace")
    return raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace") if _ESCAPE.search(shown) else path


def on_disk(folder: Path, path: str) -> Path:
    """The file of a printable path, whose name may hold bytes that are not UTF-8."""
    if _ESCAPE.search(path):
        path = _ESCAPED.sub(lambda match: chr(0xDC00 + int(match[1], 16)) if match[1] else "\\", path)
    return folder / path
