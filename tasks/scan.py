"""Walk the seeds folder: which files there are, which are to be read, and which have changed since they were last read."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tasks.files import RACY_NANOSECONDS, open_file, patiently, printable
from tasks.readers import SUFFIXES

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """One file of the seeds folder: what it was when last looked at, and whether it is to be read."""

    TABLE: ClassVar[str] = "files"

    path: str
    size: int
    modified_ns: int
    scanned_ns: int
    content_sha256: str | None
    status: str
    reason: str | None
    detail: str | None
    overrides: str | None


# By the reason for skipping them: the names that have it, and the sentence.
_SKIPPED = {
    "analyst_file": (r"_.*", "names that start with _ are the analyst's own files"),
    "hidden": (r"\.(?!#).*", "a hidden file"),
    "system_file": (r"(?i:Thumbs\.db|desktop\.ini|Icon\r?)", "a file of the operating system"),
    "lock_file": (r"~\$.*|.*(?i:\.lock)|\.#.*", "a lock file of an editor"),
    "editor_backup": (r".*~|.*\.(?i:bak|orig|swp|swo|tmp)|#.*#", "a backup or working copy of an editor"),
    "unfinished_download": (r".*\.(?i:part|crdownload|download|partial|filepart)", "a download that has not finished"),
    "archive": (r".*\.(?i:zip|gz|bz2|xz|7z|rar|tar|tgz|zst)", "archives are not unpacked"),
    "readme": (r"(?i:readme)(?:\.[^.]*)?", "a folder's README describes the folder"),
}
_SKIPPED_NAME = re.compile("|".join(f"(?P<{reason}>{names})" for reason, (names, _) in _SKIPPED.items()), re.DOTALL)


def scan(
    folder: Path,
    known: Mapping[str, File],
    *,
    now_ns: int,
    largest: int,
    rehash: bool,
    overrides: Mapping[str, Mapping[str, str]],
    left_out: str | None = None,
) -> Iterator[File]:
    """Yield every file below `folder`, by path, but for the folder that is `left_out`.

    A file whose size and time of change are those in `known` keeps its digest without being read, unless it changed so
    shortly before it was scanned that its time stamp proves nothing, or `rehash` is set. `largest` is in bytes.
    """
    for entry, path in _walk(folder, left_out):
        override = overrides.get(unicodedata.normalize("NFC", printable(path)))  # as the analyst's files are read
        text = json.dumps(override, ensure_ascii=False, sort_keys=True) if override else None
        try:
            yield _examine(entry, path, known.get(printable(path)), now_ns, largest, rehash, text)
        except FileNotFoundError:
            continue  # gone since the folder was listed
        except OSError as error:
            detail = f"the file cannot be looked at: {error.strerror}"
            yield File(printable(path), 0, 0, 0, None, "quarantined", "unreadable", detail, text)


def _walk(folder: Path, left_out: str | None) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Yield what a folder holds, by name, and what the folders in it hold; however deep, by a list of what is left."""
    waiting = _listed(folder, "")
    while waiting:
        entry, path = waiting.pop()
        if path == left_out:
            continue
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "_")):
            try:
                waiting += _listed(entry.path, f"{path}/")
                continue
            except OSError:
                pass  # `_examine` says that it cannot be opened
        yield entry, path


def _listed(folder: Path | str, above: str) -> list[tuple[os.DirEntry[str], str]]:
    """The entries of a folder with their paths, the first by name at the end."""
    with os.scandir(folder) as entries:
        return [(entry, above + entry.name) for entry in sorted(entries, key=lambda entry: entry.name, reverse=True)]


def _examine(
    entry: os.DirEntry[str],
    path: str,
    known: File | None,
    now_ns: int,
    largest: int,
    rehash: bool,
    overrides: str | None,
) -> File:
    status = entry.stat(follow_symlinks=False)

    def outcome(kind: str, reason: str | None = None, detail: str | None = None, sha256: str | None = None) -> File:
        looked_at = now_ns if sha256 else 0  # what is not read is not looked into, and its record need not change
        return File(
            printable(path), status.st_size, status.st_mtime_ns, looked_at, sha256, kind, reason, detail, overrides
        )

    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "_")):
        return outcome("quarantined", "unreadable", "the folder cannot be opened")
    if refusal := _refusal(entry, status):
        return outcome("skipped", *refusal)
    if status.st_size > largest:
        return outcome("quarantined", "too_large", f"{status.st_size:,} bytes; ingest.largest_file allows {largest:,}")
    if (
        known is not None
        and known.content_sha256 is not None
        and not rehash
        and (known.size, known.modified_ns) == (status.st_size, status.st_mtime_ns)
        and known.modified_ns < known.scanned_ns - RACY_NANOSECONDS
    ):
        return File(
            known.path,
            known.size,
            known.modified_ns,
            known.scanned_ns,
            known.content_sha256,
            "read",
            None,
            None,
            overrides,
        )
    try:
        sha256 = patiently(lambda: _digest(entry.path))
        if _state(os.lstat(entry.path)) != _state(status):
            return outcome("quarantined", "unstable", "the file changed while it was looked at; the next run takes it")
        return outcome("read", sha256=sha256)
    except OSError as error:
        return outcome("quarantined", "unreadable", f"the file cannot be opened: {error.strerror}")


def _refusal(entry: os.DirEntry[str], status: os.stat_result) -> tuple[str, str] | None:
    if entry.is_symlink():
        return "symlink", "symbolic links are not followed"
    if entry.is_dir(follow_symlinks=False):
        return "hidden", "a hidden folder, or one of the analyst's own"
    if not stat.S_ISREG(status.st_mode):
        return "not_a_file", "a pipe, a socket or a device"
    if (skipped := _SKIPPED_NAME.fullmatch(entry.name)) and (reason := skipped.lastgroup):
        return reason, _SKIPPED[reason][1]
    suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - for every file of a large folder
    if suffix not in SUFFIXES:
        return (
            "unsupported_type",
            f"no reader for {suffix or 'a file without a suffix'}; readers take {' '.join(sorted(SUFFIXES))}",
        )
    return None


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open_file(Path(path)) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
