"""The analyst's own files in `seeds/`: plain CSV with a header line, comments with `#`, names that start with `_`."""

from __future__ import annotations

import csv
import os
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from tasks.dates import parse_date
from tasks.files import patiently, printable
from tasks.language import language_code
from tasks.name_labels import NameLabel
from tasks.readers import Unreadable
from tasks.readers.text import decode, normalise

DOCUMENTS = "_documents.csv"
BOILERPLATE = "_boilerplate.csv"
STOPWORDS = "_stopwords.csv"
ENTITIES = "_entities.csv"
WATCHLIST = "_watchlist.csv"
TOPICS = "_topics.csv"

DATES = ("publication_date", "event_date")
_COLUMNS = {
    DOCUMENTS: ("path", "title", "publisher", "author", "speaker", "language", *DATES),
    BOILERPLATE: ("pattern", "note"),
    STOPWORDS: ("term", "note"),
    WATCHLIST: ("concept", "variants", "note"),
    ENTITIES: ("name", "label", "aliases", "action", "note"),
    TOPICS: ("topic_id", "label", "note"),
}
_ALIKE = 0.9  # of names of files, by difflib: "stop_words.csv" is meant for "_stopwords.csv"
_ACTIONS = ("add", "merge", "reject")
LABELS: tuple[NameLabel, ...] = get_args(NameLabel)


@dataclass(frozen=True, slots=True)
class AnalystFile:
    """The usable lines of one file, each keyed by its first column, what is wrong with the others, and each line's number."""

    rows: dict[str, dict[str, str]]
    notices: tuple[str, ...]
    lines: dict[str, int] = field(default_factory=dict, compare=False)


def misnamed_files(folder: Path) -> list[str]:
    """What to say of files whose names are misspelt ones of the analyst's."""
    missing = [name for name in _COLUMNS if not (folder / name).exists()]
    with os.scandir(folder) as entries:
        names = sorted(
            printable(entry.name)
            for entry in entries
            if entry.name.casefold().endswith(".csv") and not entry.name.startswith((".", "~")) and entry.is_file()
        )
    meant = ((name, get_close_matches(name.casefold(), missing, n=1, cutoff=_ALIKE)) for name in names)
    return [f"{name}: the file is not used; it must be called {found[0]}" for name, found in meant if found]


def misplaced_files(paths: Iterable[str]) -> list[str]:
    """What to say of files of the analyst's names that stand in a folder within the seeds folder."""
    names = {name.casefold() for name in _COLUMNS}
    return [
        f"{path}: the file is not used; it is only read in the seeds folder itself"
        for path in paths
        if "/" in path and posixpath.basename(path).casefold() in names
    ]


def read_analyst_file(folder: Path, name: str) -> AnalystFile:
    """Read one of the analyst's files; a missing one is empty, a wrong line becomes a notice and the rest is used."""
    path = folder / name
    if path.is_symlink():
        return AnalystFile({}, (f"{name}: symbolic links are not followed; the file is not used",))
    if not path.exists():
        return AnalystFile({}, ())
    columns = _COLUMNS[name]
    try:
        content = patiently(path.read_bytes)
        text, _ = decode(content if content.strip() else b"#")
    except OSError as error:
        return AnalystFile({}, (f"{name}: the file cannot be opened: {error.strerror}; it is not used",))
    except Unreadable as verdict:
        return AnalystFile({}, (f"{name}: {verdict.detail}; the file is not used",))
    notices: list[str] = []
    lines = _records(normalise(text), name, notices)
    _, header = next(lines, (1, []))
    header = [cell.strip() for cell in header]
    if columns[0] not in header:
        return AnalystFile(
            {}, (*notices, f"{name}: the header line must name the column {columns[0]!r}; the file is not used")
        )
    notices += [f"{name}: unknown column {cell!r} is not used" for cell in header if cell not in columns]
    rows: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    for number, cells in lines:
        row = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key in columns and cell.strip()}
        key = row.pop(columns[0], "")
        if name == DOCUMENTS and key:
            key = posixpath.normpath(key)  # ./a.txt is a.txt
        if problem := _problem(header, cells, key, rows, columns[0]) or (
            _decision_problem(row) if name == ENTITIES else ""
        ):
            notices.append(f"{name}:{number}: {problem}; the line is not used")
            continue
        notices += [
            f"{name}:{number}: {row.pop(field)!r} is no date for {field} (write 2021-10-18, 2021-10 or 2021)"
            for field in DATES
            if field in row and parse_date(row[field]) is None
        ]
        if "language" in row and language_code(row["language"]) is None:
            notices.append(f"{name}:{number}: {row.pop('language')!r} is no language (write en or English)")
        rows[key], numbers[key] = row, number
    return AnalystFile(rows, tuple(notices), numbers)


def _problem(header: list[str], cells: list[str], key: str, rows: dict[str, dict[str, str]], first: str) -> str:
    checks = (
        (len(cells) > len(header), f"{len(cells)} cells under {len(header)} columns"),
        (not key, f"no {first}"),
        (key in rows, f"a second line for {key!r}"),
    )
    return next((text for failed, text in checks if failed), "")


def _decision_problem(row: dict[str, str]) -> str:
    """What is wrong with a line of `_entities.csv`, if anything."""
    action, label = row.get("action", ""), row.get("label")
    checks = (
        (action not in _ACTIONS, f"action must be one of {', '.join(_ACTIONS)}, not {action!r}"),
        (label is not None and label not in LABELS, f"label must be one of {', '.join(LABELS)}, not {label!r}"),
        (action == "add" and label is None, "a name to add needs a label"),
        (action == "merge" and not names_in(row.get("aliases", "")), "a merge needs the aliases that are to be merged"),
    )
    return next((text for failed, text in checks if failed), "")


def names_in(cell: str) -> tuple[str, ...]:
    """The names in a cell that holds several, separated by `|`."""
    return tuple(name for part in cell.split("|") if (name := " ".join(part.split())))


def _records(text: str, name: str, notices: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The CSV records that are neither blank nor comments, each with the number of its last line."""
    number, begins = 0, True

    def lines() -> Iterator[str]:
        nonlocal begins
        for line in text.split("\n"):
            # What a comment holds is not CSV; a quoted "#1 speech.txt" is none, and neither is what goes on with a cell.
            is_comment, begins = begins and line.lstrip().startswith("#"), False
            yield "\n" if is_comment else f"{line}\n"

    reader = csv.reader(lines(), strict=True)
    try:
        for cells in reader:
            number, begins = reader.line_num, True
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        notices.append(f"{name}:{number + 1}: {error}; this line and those below are not used")
