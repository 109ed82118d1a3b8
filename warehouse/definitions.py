"""The SQL files of this package: their texts, what each of them means for the rows, and where the tables stand.

Texts are read once and again when their file has changed, since a run asks for the same ones hundreds of times.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SQL = Path(__file__).parent
_READ = re.compile(r"\b(?:from|join) (?:\w+\.)?(\w+)")


def sql(folder: str, name: str) -> str:
    """The text of a `.sql` file of this package, such as `sql("queries", "periods")`."""
    path = f"{SQL}/{folder}/{name}.sql"
    state = os.stat(path)  # noqa: PTH116 - a path object takes longer than all the rest
    return _text(path, state.st_mtime_ns, state.st_size)


@cache
def _text(path: str, modified: int, size: int) -> str:
    del modified, size  # what tells that the file is as it was
    return Path(path).read_text(encoding="utf-8")


def sql_names(folder: str) -> list[str]:
    """The names of a folder's `.sql` files in the order in which they are applied."""
    return sorted(name.removesuffix(".sql") for name in os.listdir(f"{SQL}/{folder}") if name.endswith(".sql"))  # noqa: PTH208


@cache
def meaning(text: str) -> str:
    """SQL without what does not change its meaning for the rows: comments, `comment on` statements and layout."""
    text = re.sub(r"('(?:[^']|'')*')|--[^\n]*", lambda match: match[1] or "", text)
    text = re.sub(r"comment on .*?;\s*(?=\n|\Z)", "", text, flags=re.DOTALL | re.IGNORECASE)
    return " ".join(text.split())


def digest(text: str) -> str:
    """A short digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def query_digest(name: str) -> str:
    """A digest of a query's meaning and of every view that it reads, however indirectly."""
    text, views = meaning(sql("queries", name)), _views()
    return digest("\n".join((text, *(views[view] for view in sorted(_places(text, views) & views.keys())))))


def places_read(text: str) -> set[str]:
    """The tables and views that a statement reads, however indirectly; among them is what it gives a name itself."""
    return _places(meaning(text), _views())


def _places(text: str, views: Mapping[str, str]) -> set[str]:
    places: set[str] = set()
    queue = [text]
    while queue:
        read = set(_READ.findall(queue.pop())) - places
        places |= read
        queue += [views[view] for view in read & views.keys()]
    return places


def _views() -> dict[str, str]:
    """What each view means."""
    return {re.sub(r"^\d+_", "", view): meaning(sql("views", view)) for view in sql_names("views")}


def is_kept(table: str) -> bool:
    """Whether a table is history, which numbered files change and no rebuild empties."""
    return not os.path.exists(f"{SQL}/schema/{table}.sql")  # noqa: PTH110


def table_digest(name: str) -> str:
    """A digest of what a schema file creates; a table of history is never made anew."""
    return "kept" if is_kept(name) else digest(meaning(sql("schema", name)))


def definitions_digest() -> str:
    """A digest of everything that defines what readers see: tables with their comments, views and macros."""
    folders = ("schema", "schema/history", "views", "macros")
    return digest("\n".join(sql(folder, name) for folder in folders for name in sql_names(folder)))


def created_table(text: str) -> str:
    """The table that a schema file creates."""
    match = re.search(r"create table if not exists ([\w.]+)", text)
    assert match is not None, "every schema file creates one table"
    return match.group(1)


def qualified(table: str) -> str:
    """Where a table or view of the pipeline stands: in `main` for readers, else in `pipeline`."""
    if not is_kept(table):
        return created_table(sql("schema", table))
    history = "\n".join(sql("schema/history", name) for name in sql_names("schema/history"))
    return table if f"create table {table} (" in history else f"pipeline.{table}"
