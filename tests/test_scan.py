"""Scan: what becomes of each name in the seeds folder, and which files are read again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tasks.scan import File, scan

SECOND = 1_000_000_000
CHANGED = 1_600_000_000 * SECOND  # when the files of these tests were changed
NOW = CHANGED + 3600 * SECOND


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seeds"
    made.mkdir()
    return made


def put(folder: Path, name: str, content: bytes = b"text", *, changed: int = CHANGED) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(changed, changed))
    return path


def look(
    folder: Path,
    known: Mapping[str, File] | None = None,
    *,
    now: int = NOW,
    largest: int = 1000,
    rehash: bool = False,
    overrides: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, File]:
    files = list(scan(folder, known or {}, now_ns=now, largest=largest, rehash=rehash, overrides=overrides or {}))
    assert len({file.path for file in files}) == len(files)
    return {file.path: file for file in files}


def outcomes(folder: Path, *, largest: int = 1000) -> dict[str, tuple[str, str | None]]:
    return {path: (file.status, file.reason) for path, file in look(folder, largest=largest).items()}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# -- what is read and what is not -------------------------------------------------------------------------------------


def test_a_file_to_be_read_has_its_size_time_and_digest(folder: Path) -> None:
    put(folder, "notes/a.txt", b"some text")
    assert look(folder) == {
        "notes/a.txt": File("notes/a.txt", 9, CHANGED, NOW, sha256(b"some text"), "read", None, None, None)
    }


@pytest.mark.parametrize(
    "name", ["a.txt", "a.text", "a.md", "a.markdown", "A.TXT", "b.Md", "数字经济.txt", "two words.txt", "v1.2.txt"]
)
def test_a_name_with_a_known_suffix_is_read(folder: Path, name: str) -> None:
    put(folder, name)
    assert outcomes(folder) == {name: ("read", None)}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("_documents.csv", "analyst_file"),
        ("_notes.txt", "analyst_file"),
        (".hidden.txt", "hidden"),
        (".DS_Store", "hidden"),
        ("Thumbs.db", "system_file"),
        ("desktop.ini", "system_file"),
        ("~$report.txt", "lock_file"),
        ("report.txt.lock", "lock_file"),
        ("report.txt~", "editor_backup"),
        ("report.bak", "editor_backup"),
        ("report.txt.swp", "editor_backup"),
        ("report.tmp", "editor_backup"),
        ("#report.txt#", "editor_backup"),
        ("report.txt.part", "unfinished_download"),
        ("report.txt.crdownload", "unfinished_download"),
        ("reports.zip", "archive"),
        ("reports.tar.gz", "archive"),
        ("README.md", "readme"),
        ("readme.txt", "readme"),
        ("README", "readme"),
        ("report.xlsx", "unsupported_type"),
        ("report", "unsupported_type"),
        ("report.txt.exe", "unsupported_type"),
    ],
)
@pytest.mark.parametrize("parent", ["", "deep/down/"], ids=["at the top", "further down"])
def test_a_name_that_is_not_for_reading_is_skipped_with_its_reason(
    folder: Path, parent: str, name: str, reason: str
) -> None:
    put(folder, parent + name)
    (file,) = look(folder).values()
    assert (file.path, file.status, file.reason, file.content_sha256) == (parent + name, "skipped", reason, None)
    assert file.detail


def test_an_unsupported_suffix_is_named_with_those_that_are_supported(folder: Path) -> None:
    put(folder, "a.XLSX")
    assert look(folder)["a.XLSX"].detail == (
        "no reader for .xlsx; readers take .docx .htm .html .markdown .md .odt .pdf .rtf .text .txt .xhtml"
    )


@pytest.mark.parametrize("name", [".git", "_drafts"])
def test_a_hidden_folder_is_one_entry_and_not_walked(folder: Path, name: str) -> None:
    put(folder, f"{name}/a.txt")
    assert outcomes(folder) == {name: ("skipped", "hidden")}


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/a.txt")
    (folder / "file.txt").symlink_to(outside)
    (folder / "folder").symlink_to(outside.parent, target_is_directory=True)
    (folder / "nowhere.txt").symlink_to(tmp_path / "missing")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert outcomes(folder) == dict.fromkeys(("file.txt", "folder", "loop", "nowhere.txt"), ("skipped", "symlink"))


def test_pipes_and_sockets_are_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.txt")
        assert outcomes(folder) == dict.fromkeys(("pipe.txt", "socket.txt"), ("skipped", "not_a_file"))


def test_a_file_above_the_limit_is_quarantined_and_one_at_the_limit_is_read(folder: Path) -> None:
    put(folder, "at.txt", b"x" * 1000)
    put(folder, "above.txt", b"x" * 1001)
    files = look(folder, largest=1000)
    assert files["at.txt"].status == "read"
    assert files["above.txt"] == File(
        "above.txt",
        1001,
        CHANGED,
        0,
        None,
        "quarantined",
        "too_large",
        "1,001 bytes; ingest.largest_file allows 1,000",
        None,
    )


def test_a_name_that_is_not_utf8_is_read_and_printable(folder: Path) -> None:
    raw = os.fsencode(folder)
    try:
        with open(raw + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123 - a path of bytes
            file.write(b"text")
        os.mkdir(raw + b"/\xff")  # noqa: PTH102
        with open(raw + b"/\xff/a.txt", "wb") as file:  # noqa: PTH123
            file.write(b"text")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert outcomes(folder) == dict.fromkeys((r"caf\xe9.txt", r"\xff/a.txt"), ("read", None))


def test_a_file_that_cannot_be_opened_is_quarantined_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.txt")
    put(folder, "b.txt")
    really_open = os.open

    def refuse(path: Path, *arguments: int) -> int:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    assert outcomes(folder) == {"a.txt": ("quarantined", "unreadable"), "b.txt": ("read", None)}
    assert look(folder)["a.txt"].detail == "the file cannot be opened: Permission denied"


def test_a_folder_that_cannot_be_opened_stops_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.txt")
    put(folder, "locked/b.txt")
    really_scan = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return really_scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = outcomes(folder)
    assert found["a.txt"] == ("read", None)
    assert found["locked"] == ("quarantined", "unreadable")


def test_a_file_that_goes_away_during_the_scan_stops_nothing(folder: Path) -> None:
    put(folder, "a.txt")
    doomed = put(folder, "b.txt")
    put(folder, "c.txt")
    files = scan(folder, {}, now_ns=NOW, largest=1000, rehash=False, overrides={})
    assert next(files).path == "a.txt"
    doomed.unlink()
    assert {file.path: file.status for file in files}["c.txt"] == "read"


def test_files_of_a_folder_come_by_name(folder: Path) -> None:
    for name in ("b.txt", "a/2.txt", "c/1.txt", "a/10.txt", "B.txt"):
        put(folder, name)
    assert list(look(folder)) == ["B.txt", "a/10.txt", "a/2.txt", "b.txt", "c/1.txt"]


def test_an_empty_folder_holds_nothing(folder: Path) -> None:
    (folder / "empty" / "too").mkdir(parents=True)
    assert look(folder) == {}


# -- what is read again -----------------------------------------------------------------------------------------------

WRONG = "0" * 64  # a digest that no reading of the file can yield


def remembered(folder: Path, name: str = "a.txt", **changes: object) -> dict[str, File]:
    """The folder as an earlier scan knew it, with a digest that shows whether the file was read again."""
    file = look(folder, now=NOW)[name]
    return {name: dataclasses.replace(file, content_sha256=WRONG, **changes)}


def test_an_unchanged_file_is_not_read_again_and_keeps_what_is_known(folder: Path) -> None:
    put(folder, "a.txt")
    known = remembered(folder)
    assert look(folder, known, now=NOW + 60 * SECOND) == known


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"size": 3}, id="another size"),
        pytest.param({"modified_ns": CHANGED - 1}, id="changed later"),
        pytest.param({"modified_ns": CHANGED + 1}, id="changed earlier"),
        pytest.param({"scanned_ns": CHANGED}, id="scanned when it was changed"),
        pytest.param({"scanned_ns": CHANGED + 2 * SECOND}, id="scanned two seconds after it was changed"),
        pytest.param({"scanned_ns": CHANGED - 5 * SECOND}, id="a time stamp from the future"),
    ],
)
def test_a_file_that_may_have_changed_is_read_again(folder: Path, changes: dict[str, int]) -> None:
    put(folder, "a.txt")
    known = remembered(folder, **changes)
    assert look(folder, known) == {"a.txt": File("a.txt", 4, CHANGED, NOW, sha256(b"text"), "read", None, None, None)}


def test_a_file_scanned_more_than_two_seconds_after_its_change_is_trusted(folder: Path) -> None:
    put(folder, "a.txt")
    known = remembered(folder, scanned_ns=CHANGED + 2 * SECOND + 1)
    assert look(folder, known) == known


def test_a_change_within_the_same_time_stamp_is_seen(folder: Path) -> None:
    put(folder, "a.txt", b"old!")
    first = look(folder, now=CHANGED + SECOND)
    put(folder, "a.txt", b"new!")
    assert look(folder, first)["a.txt"].content_sha256 == sha256(b"new!")


def test_rehash_reads_every_file_again(folder: Path) -> None:
    put(folder, "a.txt")
    found = look(folder, remembered(folder), rehash=True)
    assert found["a.txt"].content_sha256 == sha256(b"text")


def test_a_file_without_a_known_digest_is_read(folder: Path) -> None:
    put(folder, "a.txt")
    known = {"a.txt": dataclasses.replace(look(folder)["a.txt"], content_sha256=None, status="quarantined")}
    assert look(folder, known)["a.txt"].content_sha256 == sha256(b"text")


def test_a_known_file_that_is_now_too_large_is_quarantined(folder: Path) -> None:
    put(folder, "a.txt")
    file = look(folder, remembered(folder), largest=3)["a.txt"]
    assert (file.status, file.reason, file.content_sha256) == ("quarantined", "too_large", None)


def test_files_of_the_same_bytes_have_the_same_digest(folder: Path) -> None:
    put(folder, "a.txt", b"same")
    put(folder, "b.md", b"same", changed=CHANGED + SECOND)
    assert {file.content_sha256 for file in look(folder).values()} == {sha256(b"same")}


def test_a_large_file_is_digested_whole(folder: Path) -> None:
    content = b"0123456789abcdef" * 70_000  # more than one chunk
    put(folder, "a.txt", content)
    assert look(folder, largest=10_000_000)["a.txt"].content_sha256 == sha256(content)


# -- the analyst's word -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_known", [False, True], ids=["new file", "unchanged file"])
def test_overrides_go_with_the_file_of_their_path(folder: Path, is_known: bool) -> None:
    put(folder, "notes/a.txt")
    put(folder, "b.txt")
    known = look(folder) if is_known else {}
    given = {"notes/a.txt": {"title": "Über Häfen", "author": "Li Min"}, "missing.txt": {"title": "X"}}
    found = look(folder, known, overrides=given)
    assert {path: file.overrides for path, file in found.items()} == {
        "b.txt": None,
        "notes/a.txt": '{"author": "Li Min", "title": "Über Häfen"}',
    }
    assert json.loads(found["notes/a.txt"].overrides or "") == given["notes/a.txt"]


def test_overrides_that_were_taken_back_are_gone(folder: Path) -> None:
    put(folder, "a.txt")
    known = look(folder, overrides={"a.txt": {"title": "A"}})
    assert look(folder, known)["a.txt"].overrides is None


def test_an_override_is_found_whatever_the_unicode_form_of_the_files_name(folder: Path) -> None:
    put(folder, "re\u0301sume\u0301.txt")
    (file,) = look(folder, overrides={"r\u00e9sum\u00e9.txt": {"title": "Summary"}}).values()
    assert file.overrides == '{"title": "Summary"}'
