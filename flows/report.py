"""Make the HTML report of a version of the warehouse and put it beside that version."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tasks.errors import CorpusError
from tasks.report import Answer, Report, flips, render
from warehouse.publish import private_file, published_file, version_before
from warehouse.reader import ask_all, published_version
from warehouse.store import sql, sql_names

NAME = "report.html"
QUERIES = "queries/report"

# What the library leaves under `window`.
_CHARTS = "window.vegaEmbed = vegaEmbed;"


class ReportError(CorpusError, OSError):
    """The report cannot be made or written."""


def write_report(file: Path, private: Path, output: Path | None = None) -> Path:
    """Write the report of a version's file, beside it unless an `output` is named; `private` keeps the charts' code.

    A reader sees the report before or the new one and never a part of it.
    """
    page = make_report(file, _charts(private))
    path = output or file.with_name(NAME)
    try:
        _write(path, page)
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror}") from error
    return path


def report_published(warehouse: Path, output: Path | None) -> Path:
    """Write the report of the published version, under the name by which readers know it if no `output` is named."""
    version = published_version(warehouse)
    path = write_report(version, private_file(warehouse).parent, output)
    return output or published_file(warehouse).with_name(path.name)


def make_report(file: Path, charts: str) -> str:
    """The report of a version's file, compared with the version before."""
    previous = version_before(file)
    found = answers(file, sql_names(QUERIES))
    changed = flips(answers(previous, ["verdicts"])["verdicts"], found["verdicts"]) if previous else []
    return render(Report(found, changed, previous.parent.name if previous else None), charts)


def answers(file: Path, names: Iterable[str]) -> dict[str, Answer]:
    """What a version answers to queries of the report."""
    statements = {name: sql(QUERIES, name) for name in names}
    views = [re.sub(r"^\d+_", "", view) for view in sql_names("views")]
    read = [view for view in views if any(f"pipeline.{view}" in statement for statement in statements.values())]
    return {name: _answer(statements[name], table) for name, table in ask_all(file, statements, read).items()}


def _answer(statement: str, table: pa.Table) -> Answer:
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_temporal(column.type):
            column = column.cast(pa.string())
        elif pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_finite(column), column, None)  # JSON has no other numbers
        is_number = not pa.types.is_string(column.type)
        # By way of numpy in bulk; it has no numbers that are missing.
        columns[name] = column.to_pylist() if is_number and column.null_count else column.to_numpy().tolist()
    return Answer(statement, columns)


def _charts(private: Path) -> str:
    """The charting library as one script. To bundle it takes seconds, so it is kept for as long as its version lasts."""
    version = hashlib.sha256(f"{metadata.version('vl-convert-python')} {_CHARTS}".encode()).hexdigest()[:16]
    path = private / f"charts-{version}.js"
    if path.exists():
        return path.read_text(encoding="utf-8")
    import vl_convert

    charts = vl_convert.javascript_bundle(_CHARTS)
    with suppress(OSError):  # who may only read the warehouse makes it anew each time
        for outdated in private.glob("charts-*.js"):
            outdated.unlink()
        _write(path, charts)
    return charts


def _write(path: Path, text: str) -> None:
    """Write a file in one step: what cannot be finished leaves nothing."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
