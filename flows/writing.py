"""Write a file in one step, so that a reader sees what was there before or the whole of what is there now."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

_MODE = 0o644


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: where that cannot be finished, all stays as it was. It keeps its permissions.

    What is no file, such as a device, is written to, and so is a file in a folder that takes no other.
    """
    path = Path(os.path.realpath(path))  # of a link, what it leads to
    if path.exists() and not (path.is_file() and os.access(path.parent, os.W_OK)):
        path.write_bytes(content)
        return
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _MODE
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
