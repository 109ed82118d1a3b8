"""What the commands print for people: tables and progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from flows.intake import Changes
    from flows.plan import Plan, StagePlan
    from flows.run import Summary

PrintJson = Callable[[object], None] | None

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNPRINTABLE_IN_JSON = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MOST_LISTED = 20
_BARS = "▁▂▃▄▅▆▇█"


def printable(value: object) -> str:
    """A value as text that cannot take a terminal over: no control characters, no change of direction, nothing undecoded."""
    if value is None:
        return ""
    match value:
        case float():
            text = _decimals(value)
        case bool() | dict():
            text = json_text(value, indent=None)
        case list():
            text = str(plain(value))
        case _:
            text = str(value)
    return _UNPRINTABLE.sub("\ufffd", text.replace("\n", " ").replace("\t", " "))


def _decimals(value: float) -> str:
    """A number with at most six decimals or, below 1, six digits: of a small p-value decimals would leave nothing."""
    return repr(round(value, 6)).removesuffix(".0") if abs(value) >= 1 else f"{value:.6g}"


def json_text(value: object, *, indent: int | None = 2) -> str:
    """A value as JSON that cannot take a terminal over either."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=indent, default=str)
    return _UNPRINTABLE_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(value: object) -> object:
    """A value with the numbers that JSON has: DuckDB's sums are decimals, and NaN and infinity are missing."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case dict():
            return {name: plain(part) for name, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case _:
            return value


def stated_date(row: Mapping[str, Any]) -> str:
    """The date of a row as far as its document states it: 2021-10-18, 2021-10 or 2021."""
    if row["date"] is None:
        return "undated"
    return str(row["date"])[: {"day": 10, "month": 7, "year": 4}[row["date_precision"]]]


def counted(number: int, one: str) -> str:
    """So many of a thing, with a plural in -s: `1 document`, `2,000 documents`."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def say(text: str = "", file: TextIO | None = None) -> None:
    """Print a line, at once; to standard output, unless a `file` is given."""
    print(printable(text), file=file, flush=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table: with lines and colour on a terminal, else tab-separated with a header line."""
    if not sys.stdout.isatty():
        if title:
            say(title)
        print("\t".join(map(printable, columns)))
        for row in rows:
            print("\t".join(map(printable, row)))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    rows = [list(row) for row in rows]
    for position, column in enumerate(columns):
        is_number = any(
            isinstance(row[position], int | float | Decimal) and not isinstance(row[position], bool) for row in rows
        )
        shown.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(shown)


def sparkline(values: Sequence[float | None]) -> str:
    """Numbers as a line of small bars, the largest in full height; what is missing is left blank."""
    largest = max((value for value in values if value is not None), default=0)
    return "".join(
        " " if value is None else _BARS[max(0, math.ceil(len(_BARS) * value / largest) - 1) if largest > 0 else 0]
        for value in values
    )


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A function to report (step, done, total) to: bars on a terminal, a line at the end of each step elsewhere."""
    if quiet:
        yield lambda _step, _done, _total: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        with Progress(
            TextColumn("{task.description:<11}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        ) as bars:
            known: dict[str, Any] = {}

            def show(step: str, done: int, total: int) -> None:
                if total:
                    if step not in known:
                        known[step] = bars.add_task(step, total=total)
                    bars.update(known[step], completed=done, total=total)

            yield show
    else:

        def write(step: str, done: int, total: int) -> None:
            if done == total and total:
                print(f"{step}: {total:,} done", file=sys.stderr, flush=True)

        yield write


def changes(found: Changes) -> None:
    """Print how the seeds folder has changed, by name as long as there are not too many."""
    renamed = tuple(f"{old} -> {new}" for old, new in found.renamed)
    for word, paths in (
        ("added", found.added),
        ("changed", found.changed),
        ("renamed", renamed),
        ("removed", found.removed),
    ):
        if paths:
            listed = "" if len(paths) > _MOST_LISTED else ": " + ", ".join(paths)
            say(f"{len(paths):,} {word}{listed}")


def plan(found: Plan) -> None:
    """Print what a run would do."""
    notes(found.notices)
    changes(found.changes)
    work = [stage for stage in found.stages if stage.documents or stage.vanished or stage.at_most]
    if not work:
        say(
            "No stage has anything to do, and a new version would be published: something else that readers see is another."
            if found.publishes
            else "Nothing to do: every table is up to date."
        )
        return
    table(
        ("stage", "would do", "why"),
        [(stage.stage, _amount(stage), "; ".join(stage.reasons)) for stage in work],
    )


def _amount(stage: StagePlan) -> str:
    if stage.at_most:
        return (
            f"{stage.documents:,}, at most {stage.documents + stage.at_most:,}"
            if stage.documents
            else f"at most {stage.at_most:,}"
        )
    return f"{stage.documents:,}"


def notes(notices: Sequence[str]) -> None:
    """Print what is wrong in the analyst's files to standard error."""
    for notice in notices:
        print(f"note: {printable(notice)}", file=sys.stderr)


def summary(done: Summary) -> None:
    """Print what a run did."""
    changes(done.changes)
    if done.quarantined:
        say(f"{len(done.quarantined):,} quarantined:")
        for path, _, detail in done.quarantined[:_MOST_LISTED]:
            say(f"  {path}: {detail}")
        if more := done.quarantined[_MOST_LISTED:]:
            say(f"  and {len(more):,} more: `corpus status` lists them all")
    table(
        ("stage", "processed", "removed", "rows", "seconds"),
        [(stage.stage, stage.processed, stage.removed, stage.rows, f"{stage.seconds:.2f}") for stage in done.stages],
    )
    say(f"{counted(done.documents, 'document')}, {counted(len(done.checks), 'check')} passed, {done.seconds:.1f} s")
    say(f"published {done.published}")
    if done.lake:
        say(f"lake {done.lake}")
    if done.report:
        say(f"report {done.report}")
