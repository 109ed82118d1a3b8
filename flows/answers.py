"""Print what the published warehouse answers, in the form that is asked for."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows import display
from flows.display import PrintJson
from flows.writing import write_whole
from tasks.errors import CorpusError, UsageError
from warehouse.paths import is_own
from warehouse.reader import Ask


class OutputError(CorpusError, ValueError):
    """The answer cannot be written where it should go."""


class WordsError(UsageError, ValueError):
    """There is nothing to look for."""


class PlaceError(UsageError, ValueError):
    """An answer is not to be written where it was asked for."""


def check_output(warehouse: Path, output: Path | None) -> None:
    """Raise `PlaceError` where a file to be written is one of the warehouse's own."""
    if output is not None and is_own(warehouse, output):
        raise PlaceError(f"{output} belongs to the warehouse; name another file with --output")


def write_answer(answer: pa.Table, form: str, output: Path | None, *, sparklines: bool = False) -> None:
    """Write an Arrow table as table, csv, json or parquet to a file or to standard output.

    With `sparklines`, a table shows lists of numbers as small bars.
    """
    try:
        if form == "parquet":
            _write_parquet(answer, output)
            return
        if output is None:
            _print_answer(answer, form, sparklines)
            return
        with redirect_stdout(StringIO(newline="")) as text:  # whole, before the file loses what it holds
            _print_answer(answer, form, sparklines)
        write_whole(output, text.getvalue().encode())
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(f"{output or 'standard output'} cannot be written: {error.strerror}") from error


def _print_answer(answer: pa.Table, form: str, sparklines: bool) -> None:
    try:
        rows = rows_of(answer)
    except (OverflowError, ValueError) as error:
        raise OutputError(f"the answer cannot be printed ({error}): cast its dates and times to varchar") from error
    if form == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.column_names)
        writer.writerows(map(_csv_cell, row) for row in rows)
    elif form == "json":
        names = list(_told_apart(answer.column_names))
        records = [dict(zip(names, row, strict=True)) for row in rows]
        print(display.json_text(records))
    else:
        display.table(answer.column_names, [[_drawn(cell) for cell in row] for row in rows] if sparklines else rows)


def _told_apart(names: Iterable[str]) -> Iterator[str]:
    """Names of columns, with a number behind those that another before them has."""
    seen: Counter[str] = Counter()
    for name in names:
        yield f"{name}_{seen[name]}" if seen[name] else name
        seen[name] += 1


def _drawn(cell: object) -> object:
    series = display.plain(cell)
    if isinstance(series, list) and series and all(value is None or isinstance(value, int | float) for value in series):
        return display.sparkline(series)
    return cell


def _csv_cell(cell: object) -> object:
    """A value as CSV writes it; a terminal gets no control characters, a file gets the text as it is."""
    if isinstance(cell, list | dict | bool):
        return display.json_text(cell, indent=None)
    return display.printable(cell) if isinstance(cell, str) and sys.stdout.isatty() else cell


def rows_of(answer: pa.Table) -> list[list[Any]]:
    """The rows of an answer, whose columns may share a name."""
    return [list(row) for row in zip(*(column.to_pylist() for column in answer.columns), strict=True)]


def _write_parquet(answer: pa.Table, output: Path | None) -> None:
    import pyarrow.parquet as pq

    if output is None and sys.stdout.isatty():
        raise PlaceError("parquet is not for a terminal: name a file with --output")
    sink = pa.BufferOutputStream()  # given a file that it may not write to, pyarrow takes it away
    try:
        pq.write_table(answer, sink)
    except pa.ArrowNotImplementedError as error:
        raise OutputError(f"the answer cannot be written as parquet ({error}): cast that column to varchar") from error
    if output is not None:
        write_whole(output, sink.getvalue())
    else:
        sys.stdout.buffer.write(sink.getvalue())


def show_kwic(ask: Ask, pattern: str, width: int, limit: int | None, *, print_json: PrintJson) -> None:
    """Print a concordance: the occurrences under one another, with where each one stands."""
    _check_words(pattern, "PATTERN")
    answer = ask(
        "select * from kwic($pattern, width := $width) limit $limit",
        {"pattern": pattern, "width": width, "limit": limit if limit is not None else 2**62},
    ).to_pylist()
    if print_json is not None:
        print_json(answer)
        return
    for hit in answer:
        left, keyword, right = (display.printable(hit[name]) for name in ("left_context", "keyword", "right_context"))
        date = display.stated_date(hit)
        where = f"{hit['path']}  {hit['passage_id']}:{hit['start_char']}-{hit['end_char']}"
        display.say(f"{left:>{width}} [{keyword}] {right:<{width}}  {date:<10}  {where}")
    documents = len({hit["document_id"] for hit in answer})
    found = f"{display.counted(len(answer), 'occurrence')} in {display.counted(documents, 'document')}"
    display.say(found + _cut_off(answer, limit))


def show_search(ask: Ask, query: str, limit: int, *, print_json: PrintJson) -> None:
    """Print the passages that have the words of a query, the best first."""
    _check_words(query, "QUERY")
    answer = ask("select * from search($query, most := $limit)", {"query": query, "limit": limit}).to_pylist()
    if print_json is not None:
        print_json(answer)
        return
    for hit in answer:
        date = display.stated_date(hit)
        display.say(f"{hit['score']:.2f}  {date}  {hit['path']}  {hit['passage_id']}")
        display.say(f"    {hit['text']}")
    display.say(display.counted(len(answer), "passage") + _cut_off(answer, limit))


def _cut_off(answer: list[Any], limit: int | None) -> str:
    """What to say of an answer that may have been longer."""
    return f"; --limit {limit} shows no more" if len(answer) == limit else ""


def _check_words(sought: str, name: str) -> None:
    if not sought.strip():
        raise WordsError(f"{name} is empty: give a word to look for")
