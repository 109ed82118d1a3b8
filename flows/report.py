"""Make the HTML report of a version of the warehouse and put it beside that version."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.charts import charts_code
from flows.writing import write_whole
from tasks.errors import CorpusError
from tasks.report import Answer, Coded, Report, flips, render
from warehouse.definitions import sql, sql_names
from warehouse.errors import WarehouseError
from warehouse.paths import private_file, published_file
from warehouse.publish import version_before
from warehouse.reader import ask_file, published_version

log = logging.getLogger("corpus")

NAME = "report.html"
QUERIES = "queries/report"

_LONG = 100  # rows from which texts that repeat are given once

# Given statements by their names and the views that many of them read, tells what a warehouse answers.
Ask = Callable[[Mapping[str, str], Iterable[str]], dict[str, pa.Table]]
# By the names of the queries of the report.
Answers = dict[str, Answer]


class ReportError(CorpusError, OSError):
    """The report cannot be made or written."""


def write_page(page: str, path: Path) -> None:
    """Write a report; a reader sees the one before or the new one and never a part of it."""
    try:
        write_whole(path, page.encode())
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror}") from error


def report_published(warehouse: Path, output: Path | None) -> Path:
    """Write the report of the published version, beside it unless an `output` is named; returns where readers find it."""
    version = published_version(warehouse)
    page = make_report(version, charts_code(private_file(warehouse).parent))
    write_page(page, output or version.with_name(NAME))
    return output or published_file(warehouse).with_name(NAME)


def make_report(file: Path, charts: str, found: Answers | None = None) -> str:
    """The report of a version's file, compared with the version before; `charts` is the code of the charts.

    Of a file that is not there yet, `found` says what it will answer.
    """
    previous = version_before(file)
    found = found or every_answer(partial(ask_file, file))
    changed = []
    if previous:
        try:
            changed = flips(answers(partial(ask_file, previous), ["verdicts"])["verdicts"], found["verdicts"])
        except WarehouseError as error:  # it is damaged, or of a program that said other things
            log.warning("the report is compared with no version: %s", error)
            previous = None
    return render(Report(found, changed, previous.parent.name if previous else None), charts)


def every_answer(ask: Ask) -> Answers:
    """All that the report says of a warehouse."""
    return answers(ask, sql_names(QUERIES))


def answers(ask: Ask, names: Iterable[str]) -> Answers:
    """What a warehouse answers to queries of the report."""
    statements = {name: sql(QUERIES, name) for name in names}
    views = [re.sub(r"^\d+_", "", view) for view in sql_names("views")]
    shared = [view for view in views if sum(f"pipeline.{view}" in text for text in statements.values()) > 1]
    return {name: _answer(statements[name], table) for name, table in ask(statements, shared).items()}


def _answer(statement: str, table: pa.Table) -> Answer:
    return Answer(statement, {name: _column(table[name].combine_chunks()) for name in table.column_names})


def _column(values: pa.Array) -> Sequence[Any] | Coded:
    if pa.types.is_temporal(values.type):
        values = values.cast(pa.string())
    elif pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)  # JSON has no other numbers
    is_text = pa.types.is_string(values.type)
    if is_text and len(values) >= _LONG:
        coded = values.dictionary_encode(null_encoding="encode")
        if len(coded.dictionary) * 2 < len(values):
            return Coded(coded.dictionary.to_pylist(), coded.indices.to_numpy().tolist())
    # By way of numpy in bulk; it has no numbers that are missing.
    by_row = values.null_count and not is_text
    plain: list[Any] = values.to_pylist() if by_row else values.to_numpy(zero_copy_only=False).tolist()
    return plain
