"""Read one file of the seeds folder, whatever has become of it since it was looked at."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tasks.files import on_disk, open_file, patiently
from tasks.readers import Reading, Unreadable, read


def read_file(folder: Path, path: str, content_sha256: str, *, largest_file: int, largest_content: int) -> Reading:
    """Read the file at `path` below `folder`. Raises `Unreadable`, also where its content is not the one expected.

    Limits are in bytes: of the file, and of what it may unfold to.
    """

    def content_now() -> bytes:
        with open_file(on_disk(folder, path)) as file:
            return file.read(largest_file + 1)

    try:
        content = patiently(content_now)
    except OSError as error:
        raise Unreadable("unreadable", f"the file cannot be opened: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != content_sha256:
        raise Unreadable("unstable", "the file changed while it was read; the next run takes it")
    return read(content, path, largest=largest_content)
