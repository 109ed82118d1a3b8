"""The `corpus` command."""

from __future__ import annotations

import functools
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.endings import CHECKS_FAILED, FAILED, Commands

if TYPE_CHECKING:
    from flows.display import PrintJson
    from warehouse.reader import Ask


_LIMIT = click.IntRange(1, 2**63 - 1)  # what DuckDB and Arrow count with


class _Seconds(click.FloatRange):
    """So many seconds as can be waited for; "nan" and "inf" are none."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if not seconds <= threading.TIMEOUT_MAX:
            self.fail(f"{value} is no time that can be waited for.", param, ctx)
        return seconds


def _warehouse(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--warehouse", metavar="DIR", help="Folder of the warehouse (default: warehouse/data).")(
        command
    )


def _folders(command: Callable[..., Any]) -> Callable[..., Any]:
    seeds = click.option("--seeds", metavar="DIR", help="Folder of documents (default: seeds).")
    return seeds(_warehouse(command))


def _json(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def _print_json(value: object) -> None:
    from flows.display import json_text

    print(json_text(value))


def _reader(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that asks the published warehouse: it is given the `folder`, and `print_json` if JSON is wanted."""

    @functools.wraps(command)
    def asks(*, warehouse: str | None, as_json: bool, **options: Any) -> Any:
        from flows.settings import load_settings

        folder = load_settings(warehouse=warehouse).warehouse
        return command(folder=folder, print_json=_print_json if as_json else None, **options)

    return _warehouse(_json(asks))


def _asker(command: Callable[..., Any]) -> Callable[..., Any]:
    """A reader that may `ask` several times, which is given the answers of one version."""

    @functools.wraps(command)
    def asks(*, folder: Path, **options: Any) -> Any:
        from warehouse.reader import asking

        with asking(folder) as ask:
            return command(ask=ask, **options)

    return _reader(asks)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-corpus", prog_name="corpus")
def main() -> None:
    """Keep a DuckDB warehouse up to date with a folder of documents: entities, topics and keyword trends.

    Settings come from the options, the environment (CORPUS_TOPICS__COUNT=12) and [tool.corpus] in pyproject.toml.
    """


@main.command()
@_folders
@click.option("--rebuild", is_flag=True, help="Make every table anew; the history of runs is kept.")
@click.option("--rehash", is_flag=True, help="Read every file again, whatever its size and time say.")
@click.option("--refit-topics", is_flag=True, help="Fit the topics anew, even if nothing has changed.")
@click.option("--accept-loss", is_flag=True, help="Go on even if most or all documents are gone or quarantined.")
@click.option("--workers", type=click.IntRange(1), help="Processes for the language pass.")
@click.option("--runner", type=click.Choice(["local", "dask"]), help="Where the language pass works (default: local).")
@click.option("--address", metavar="URL", help="Scheduler of the Dask cluster, such as tcp://10.0.0.5:8786.")
@click.option("--wait", is_flag=True, help="Wait while another run holds the warehouse, in place of exit code 4.")
@click.option("--inline", is_flag=True, help="Run without Prefect, which then holds no record of the run.")
@_json
def run(
    seeds: str | None,
    warehouse: str | None,
    rebuild: bool,
    rehash: bool,
    refit_topics: bool,
    accept_loss: bool,
    workers: int | None,
    runner: str | None,
    address: str | None,
    wait: bool,
    inline: bool,
    as_json: bool,
) -> None:
    """Bring every table up to date with the documents and publish.

    Example: corpus run --seeds seeds --warehouse warehouse/data
    """
    from flows import unchanged
    from flows.folders import Folders, read

    folders = read(Folders, {"seeds": seeds, "warehouse": warehouse})
    if not (rebuild or rehash or refit_topics) and unchanged.is_as_noted(folders, unchanged.look(folders)):
        _say_nothing_new(as_json)
        return
    from flows import display
    from flows.intake import Options
    from flows.interruption import ending_at
    from flows.launch import orchestrator
    from flows.run import open_run
    from flows.settings import load_settings

    options = Options(rebuild=rebuild, rehash=rehash, refit_topics=refit_topics, accept_loss=accept_loss)
    how = {"runner": runner, "address": address, "when_held": "wait" if wait else None}
    settings = load_settings(
        seeds=seeds,
        warehouse=warehouse,
        annotate={"workers": workers} if workers else None,
        run={name: value for name, value in how.items() if value} or None,
    )
    with (
        orchestrator(settings, inline=inline) as execute,
        open_run(settings, options) as opened,
    ):
        display.notes(opened.intake.notices)
        done = None
        if opened.has_work:
            asked = (signal.SIGINT, signal.SIGTERM)
            with (
                display.progress(quiet=as_json) as shown,
                ending_at(asked, shown, lambda _: KeyboardInterrupt()) as progress,
            ):
                done = execute(opened, progress)
        opened.settle(done)
    if done is None:
        _say_nothing_new(as_json)
    elif as_json:
        _print_json(done.as_json())
    else:
        display.summary(done)
        if inline:
            display.say("Run without Prefect: it holds no record of this run.")
    if done is not None and done.report_error:
        reason = display.printable(done.report_error)
        print(
            f"corpus: the warehouse is published, but its report could not be made ({reason}); try `corpus report`",
            file=sys.stderr,
        )
        sys.exit(CHECKS_FAILED)


def _say_nothing_new(as_json: bool) -> None:
    if as_json:
        _print_json({"status": "nothing to do"})
    else:
        print("Nothing new: every table is up to date with the documents.")


@main.command()
@_folders
@click.option("--cron", metavar="LINE", help='Start runs at the times of a cron line, such as "0 6 * * *".')
@click.option("--interval", type=_Seconds(min=1), metavar="SECONDS", help="Start a run every so often.")
@click.option("--watch", is_flag=True, help="Start a run when files have landed in the folder and stopped growing.")
@click.option("--work-pool", metavar="NAME", help="Hand the deployment over to the workers of a pool, and end.")
def schedule(
    seeds: str | None,
    warehouse: str | None,
    cron: str | None,
    interval: float | None,
    watch: bool,
    work_pool: str | None,
) -> None:
    """Serve the pipeline as a Prefect deployment that starts runs by itself, until it is stopped.

    Example: corpus schedule --cron "0 6 * * *" --watch
    """
    from flows import display
    from flows.launch import schedule as serve
    from flows.settings import load_settings

    if not (cron or interval or watch) or (cron and interval):
        raise click.UsageError("give --cron or --interval, or --watch, or one of the former and --watch")
    if work_pool and watch:
        raise click.UsageError("a work pool keeps to a schedule; --watch needs somebody who looks")
    settings = load_settings(seeds=seeds, warehouse=warehouse)
    serve(settings, cron=cron, interval=interval, watch=watch, work_pool=work_pool, say=display.say)


@main.command()
@_folders
@click.option("--rebuild", is_flag=True, help="As if for `run --rebuild`.")
@click.option("--rehash", is_flag=True, help="As if for `run --rehash`.")
@_json
def plan(seeds: str | None, warehouse: str | None, rebuild: bool, rehash: bool, as_json: bool) -> None:
    """Say what `run` would do and why; change nothing.

    Example: corpus plan --seeds seeds
    """
    from dataclasses import asdict

    from flows import display
    from flows.intake import Options
    from flows.plan import plan as make_plan
    from flows.settings import load_settings

    settings = load_settings(seeds=seeds, warehouse=warehouse)
    found = make_plan(settings, Options(rebuild=rebuild, rehash=rehash))
    if as_json:
        _print_json(asdict(found))
    else:
        display.plan(found)


@main.command()
@_reader
def status(folder: Path, print_json: PrintJson) -> None:
    """Show the last runs, the rows of each table, and what is quarantined and why.

    Example: corpus status --json
    """
    from flows.status import show_status

    show_status(folder, print_json=print_json)


@main.command()
@click.argument("statement")
@_warehouse
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of $NAME in the statement; may be repeated.",
)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), default="table", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path), help="File to write to; needed for parquet on a terminal.")
@click.option("--timeout", type=_Seconds(min=0, min_open=True), default=60.0, show_default=True, help="Seconds.")
@click.option("--sparklines", is_flag=True, help="Draw lists of numbers in a table as small bars.")
@_json
def sql(
    statement: str,
    warehouse: str | None,
    parameters: tuple[str, ...],
    form: str,
    output: Path | None,
    timeout: float,
    sparklines: bool,
    as_json: bool,
) -> None:
    """Answer a read-only SQL statement from the published warehouse.

    Example: corpus sql "select name, mention_count from entities where label = \\$label limit 5" --param label=PERSON
    """
    from flows.answers import check_output, write_answer
    from flows.settings import load_settings
    from warehouse.reader import ask

    values = {}
    for parameter in parameters:
        name, separator, value = parameter.partition("=")
        if not separator or not name.isidentifier():
            raise click.BadParameter(f"{parameter!r} is not NAME=VALUE", param_hint="--param")
        values[name] = value
    form = "json" if as_json else form
    if sparklines and form != "table":
        raise click.UsageError(f"--sparklines draws in tables and not in {form}: leave one of the two out")
    folder = load_settings(warehouse=warehouse).warehouse
    check_output(folder, output)
    write_answer(ask(folder, statement, values, timeout), form, output, sparklines=sparklines)


@main.command()
@click.argument("pattern")
@_asker
@click.option(
    "--width", type=click.IntRange(5, 500), default=50, show_default=True, help="Characters of context on each side."
)
@click.option("--limit", type=_LIMIT, help="Occurrences to show at most.")
def kwic(pattern: str, ask: Ask, width: int, limit: int | None, print_json: PrintJson) -> None:
    """Show every occurrence of a word, phrase or regular expression in its context, with document, date and offsets.

    Looked through is the body of counted documents: no title, heading or boilerplate, nothing that repeats another document.

    Example: corpus kwic "digital econom(y|ies)" --width 40
    """
    from flows.answers import show_kwic

    show_kwic(ask, pattern, width, limit, print_json=print_json)


@main.command()
@click.argument("query")
@_asker
@click.option("--limit", type=_LIMIT, default=10, show_default=True, help="Passages to show at most.")
def search(query: str, ask: Ask, limit: int, print_json: PrintJson) -> None:
    """Find the passages that have the words of a query, the best first (BM25), with the words marked.

    Looked through is the body of counted documents: no title, heading or boilerplate, nothing that repeats another document.

    Example: corpus search "cross-border data transfers"
    """
    from flows.answers import show_search

    show_search(ask, query, limit, print_json=print_json)


@main.command()
@click.option("--where", required=True, help="Condition on the table documents that names the set to describe.")
@click.option("--against", help="Condition that names the set to compare with; all other documents if left out.")
@_asker
@click.option("--limit", type=_LIMIT, default=20, show_default=True, help="Terms to show at most.")
def keyness(where: str, against: str | None, ask: Ask, limit: int, print_json: PrintJson) -> None:
    """Show the terms that set some documents apart from others, the most distinctive first.

    Example: corpus keyness --where "publisher = 'Xinhua'" --against "publisher = 'Caixin'"
    """
    from flows.keyness import show_keyness

    show_keyness(ask, where, against, limit, print_json=print_json)


@main.group()
def explain() -> None:
    """Show the sentences behind a number; they add up to it.

    Example: corpus explain trend "digital economy" --period 2023
    """


@explain.command("entity")
@click.argument("name")
@_asker
def explain_entity(name: str, ask: Ask, print_json: PrintJson) -> None:
    """Show the sentences that name an entity.

    Example: corpus explain entity "State Council"
    """
    from flows import explain

    explain.explain_entity(ask, name, print_json=print_json)


@explain.command("trend")
@click.argument("term")
@click.option("--period", metavar="PERIOD", help="Such as 2023, 2023-Q2 or 2023-05; all dated documents if left out.")
@_asker
def explain_trend(term: str, period: str | None, ask: Ask, print_json: PrintJson) -> None:
    """Show the sentences in which a term stands.

    Example: corpus explain trend "digital economy" --period 2023
    """
    from flows import explain

    explain.explain_trend(ask, term, period, print_json=print_json)


@explain.command("keyness")
@click.argument("term")
@click.option("--period", metavar="PERIOD", required=True, help="Such as 2023, 2023-Q2 or 2023-05.")
@_asker
def explain_keyness(term: str, period: str, ask: Ask, print_json: PrintJson) -> None:
    """Show the sentences by which a term sets a period apart from all others.

    Example: corpus explain keyness "data element" --period 2023
    """
    from flows import explain

    explain.explain_keyness(ask, term, period, print_json=print_json)


@explain.command("concept")
@click.argument("name")
@click.option("--period", metavar="PERIOD", help="Such as 2023, 2023-Q2 or 2023-05; all dated documents if left out.")
@_asker
def explain_concept(name: str, period: str | None, ask: Ask, print_json: PrintJson) -> None:
    """Show the sentences with a concept of the watchlist, in any of its wordings.

    Example: corpus explain concept "digital economy" --period 2023
    """
    from flows import explain

    explain.explain_concept(ask, name, period, print_json=print_json)


@explain.command("topic")
@click.argument("topic")
@_asker
def explain_topic(topic: str, ask: Ask, print_json: PrintJson) -> None:
    """Show the passages that carry a topic, named by its id or its label; their shares add up to its own.

    Example: corpus explain topic "data element, market"
    """
    from flows import explain

    explain.explain_topic(ask, topic, print_json=print_json)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_warehouse
@click.option("--format", "form", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--overwrite", is_flag=True, help="Replace an earlier export.")
@_json
def export(folder: Path, warehouse: str | None, form: str, overwrite: bool, as_json: bool) -> None:
    """Write all public tables and views into a folder, one file each, the data dictionary among them.

    The folder must be new, empty, or an earlier export that --overwrite replaces; it has all files or none. Rows are
    sorted. In CSV, dates are ISO 8601, lists are JSON, and nothing between two commas is a missing value where "" is an
    empty text.

    Example: corpus export exports/today --format csv --overwrite
    """
    from dataclasses import asdict

    from flows import display
    from flows.export import export as write
    from flows.settings import load_settings

    with display.progress(quiet=as_json) as progress:
        done = write(load_settings(warehouse=warehouse).warehouse, folder, form, overwrite=overwrite, progress=progress)
    if as_json:
        _print_json(asdict(done))
    else:
        display.table(("table", "rows"), list(done.tables.items()))
        display.say(f"exported version {done.version} to {done.folder}")


@main.command()
@_reader
@click.option("--output", type=click.Path(path_type=Path), help="File to write to (default: beside the warehouse).")
@click.option("--open", "is_opened", is_flag=True, help="Show it in the browser.")
def report(folder: Path, output: Path | None, is_opened: bool, print_json: PrintJson) -> None:
    """Write the published warehouse as one HTML page that needs nothing else: trends, entities, topics, documents.

    Example: corpus report --open
    """
    from flows import display
    from flows.answers import check_output
    from flows.report import report_published

    check_output(folder, output)
    path = report_published(folder, output)
    if print_json is not None:
        print_json({"report": str(path), "bytes": path.stat().st_size})
    else:
        display.say(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
    if is_opened and click.launch(path.resolve().as_uri()) != 0:
        print(f"corpus: no browser could be started; open {display.printable(path)} yourself", file=sys.stderr)
        sys.exit(FAILED)


@main.command()
@_folders
@_json
def verify(seeds: str | None, warehouse: str | None, as_json: bool) -> None:
    """Build the warehouse anew in a scratch folder and compare it, table by table, with the published one.

    Example: corpus verify
    """
    from dataclasses import asdict

    from flows import display
    from flows.settings import load_settings
    from flows.verify import verify as rebuild_and_compare

    with display.progress(quiet=as_json) as progress:
        outcome = rebuild_and_compare(load_settings(seeds=seeds, warehouse=warehouse), progress)
    if as_json:
        _print_json(asdict(outcome))
    elif not outcome.differences:
        given = (
            f", given the topic model {outcome.given_model} that places new documents" if outcome.given_model else ""
        )
        display.say(f"{outcome.tables} tables are what a rebuild gives{given}.")
    else:
        display.table(
            ("table", "published only", "rebuilt only", "example"),
            [(d.table, d.only_first, d.only_second, d.example) for d in outcome.differences],
        )
        display.say(
            "The published warehouse differs from a rebuild: start `corpus run` if documents have changed, "
            "else `corpus run --rebuild`."
        )
    if outcome.differences:
        sys.exit(CHECKS_FAILED)


if __name__ == "__main__":
    main()
