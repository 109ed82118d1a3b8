"""Examination: what is asked of a warehouse beside the last stages is what would be asked of it at the end."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import vl_convert

import flows.ahead
import flows.examination
import flows.execution
from flows.publication import ChecksFailedError
from flows.report import QUERIES
from flows.settings import Settings
from flows.stages import STAGES
from tasks.period_terms import period_terms
from tasks.stage import Stage
from tests.conftest import document, memory_limit, packed, query, run_corpus, write
from warehouse.checking import FOLDERS
from warehouse.definitions import places_read, sql, sql_names
from warehouse.paths import published_file
from warehouse.store import Store

TEXTS = {f"{number}.txt": document(number, year=2016 + number) for number in range(8)}
FIRST, LAST = period_terms, STAGES[-1]  # of the last stages


@pytest.fixture
def early(make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings for eight documents, as many as it takes to begin early, and for a report."""
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda _: "window.vegaEmbed = () => Promise.resolve();")
    monkeypatch.setattr(flows.ahead, "_MANY", len(TEXTS))
    settings = make_settings(report={"on_run": True}, trends={"fewest_periods": 3, "fewest_documents": 1})
    write(settings.seeds, TEXTS)
    return settings


def does(monkeypatch: pytest.MonkeyPatch, functions: Mapping[Stage, Callable[..., Iterator[Any]]]) -> None:
    """Put other functions into stages, each of which is given that stage's own and what this takes."""

    def replaced(stage: Stage) -> Stage:
        if (function := functions.get(stage)) is None:
            return stage

        def instead(*inputs: Any, **told: Any) -> Iterator[Any]:
            yield from function(partial(stage.function, **told), *inputs)

        return dataclasses.replace(stage, function=instead)

    monkeypatch.setattr(flows.execution, "STAGES", tuple(map(replaced, STAGES)))


def places_named(statement: str) -> set[str]:
    """The tables and views that a statement names, as DuckDB reads it."""
    with duckdb.connect() as connection:
        (read,) = connection.execute("select json_serialize_sql(?)", [statement]).fetchone() or ("",)
    places: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                places.add(node["table_name"])
            node = list(node.values())
        for each in node if isinstance(node, list) else ():
            look(each)

    look(json.loads(read))
    return places


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder in (*FOLDERS, QUERIES) for name in sql_names(folder)]
)
def test_it_knows_all_that_a_statement_reads(folder: str, name: str) -> None:
    named = places_named(sql(folder, name))
    assert named
    assert named <= places_read(sql(folder, name))


def test_a_view_reads_what_its_own_views_read() -> None:
    assert {"keyword_trends", "term_verdicts", "term_totals"} <= places_read("from keyword_trends")
    assert "term_verdicts" not in places_read("select 'said' -- from keyword_trends")


def test_what_is_asked_beside_the_last_stages_comes_to_the_same(
    early: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run_corpus(early)
    monkeypatch.setattr(flows.ahead, "_MANY", len(TEXTS) + 1)
    late = early.model_copy(update={"warehouse": tmp_path / "late"})
    run_corpus(late)
    checks = "select check_name, violations, example, documents from check_results order by check_name"
    assert query(early, checks) == query(late, checks)
    assert len(query(early, checks)) == sum(len(sql_names(folder)) for folder in FOLDERS)
    of_early, of_late = (
        packed(published_file(settings.warehouse).with_name("report.html").read_text(encoding="utf-8"), "data")
        for settings in (early, late)
    )
    assert of_early.keys() == of_late.keys() >= {"run", "trends", "documents"}
    assert {name for name in of_early if of_early[name] != of_late[name]} == {"run"}


def test_questions_that_come_while_others_are_being_answered_wait_their_turn(
    early: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, ask_all = flows.examination.Examination.go_on, flows.examination.ask_all
    every_one_asked = threading.Event()
    running: list[str] = []
    together: list[int] = []

    def tell(examination: flows.examination.Examination, to_come: Sequence[Stage] = ()) -> None:
        go_on(examination, to_come)
        if not to_come:
            every_one_asked.set()

    def answer(*given: Any) -> Any:
        running.append("")
        together.append(len(running))
        if len(together) == 1:
            assert every_one_asked.wait(30)
            time.sleep(0.2)  # in which the others would begin
        try:
            return ask_all(*given)
        finally:
            running.pop()

    monkeypatch.setattr(flows.examination.Examination, "go_on", tell)
    monkeypatch.setattr(flows.examination, "ask_all", answer)
    summary = run_corpus(early)
    assert summary is not None
    assert (together, summary.report_error) == ([1, 1], None)


def test_each_check_runs_once_and_as_soon_as_what_it_reads_is_written(
    early: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    run_checks = flows.examination.run_checks
    parts: list[list[str]] = []

    def look(store: Store, due: Any, names: list[str]) -> Any:
        parts.append(names)
        found = run_checks(store, due, names)
        asked.set()
        return found

    def wait(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        assert asked.wait(30)
        yield from function(*inputs)

    monkeypatch.setattr(flows.examination, "run_checks", look)
    does(monkeypatch, {FIRST: wait})
    run_corpus(early)
    assert query(early, "select status from runs") == [("published",)]
    assert sorted(name for part in parts for name in part) == sorted(
        name for folder in FOLDERS for name in sql_names(folder)
    )
    assert parts[1:] == [
        ["keyword_counts_are_shares"],  # they read what the first of the last stages writes
        ["keyword_counts_add_up"],
        ["period_keyness_is_ranked", "keyword_trends_have_evidence", "period_keyness_is_counted"],
    ]


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder in (*FOLDERS, QUERIES) for name in sql_names(folder)]
)
def test_nothing_is_asked_that_is_known_at_the_end_of_the_run_alone(folder: str, name: str) -> None:
    statement = sql(folder, name)
    assert not {"stage_runs", "check_results"} & places_read(statement)
    if "runs" in places_named(statement):
        assert not re.search(r"\b(status|error|finished_at)\b|[*]", statement.replace("count(*)", ""))


def test_what_the_last_stage_writes_is_checked(early: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        yield from (output for output in function(*inputs) if "TermVerdict" not in repr(output))

    does(monkeypatch, {LAST: forget})
    with pytest.raises(ChecksFailedError, match="keyword_trends_have_evidence"):
        run_corpus(early)
    assert is_unpublished(early)


def test_what_is_wrong_before_the_last_stages_is_found_too(early: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = flows.ahead.Examination

    def corrupt(run: Any) -> Any:
        run.store.rows("update sentences set text = text || '!'")
        return usual(run)

    monkeypatch.setattr(flows.ahead, "Examination", corrupt)
    with pytest.raises(ChecksFailedError, match="sentences_quote_their_passage"):
        run_corpus(early)
    assert is_unpublished(early)


def is_unpublished(settings: Settings) -> bool:
    """Whether nothing has been published."""
    return not published_file(settings.warehouse).exists()


@pytest.mark.parametrize("stage", [FIRST, LAST], ids=lambda stage: stage.name)
def test_a_last_stage_that_fails_leaves_nothing_behind(
    early: Settings, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    def fail(*_: Any) -> Iterator[Any]:
        raise ZeroDivisionError("no trend")
        yield

    threads = threading.active_count()
    with monkeypatch.context() as patch:
        does(patch, {stage: fail})
        with pytest.raises(ZeroDivisionError, match="no trend"):
            run_corpus(early)
    assert threading.active_count() == threads
    run_corpus(early)
    assert query(early, "select status, error from runs order by run_id") == [
        ("failed", "no trend"),
        ("published", None),
    ]


@pytest.mark.parametrize(
    ("many", "too_many", "is_early"),
    [(8, 8, True), (9, 8, False), (8, 7, False)],
    ids=["as many as it takes", "too few", "too much to do"],
)
def test_it_begins_early_with_many_documents_if_not_too_many_are_worked_on(
    early: Settings, monkeypatch: pytest.MonkeyPatch, many: int, too_many: int, is_early: bool
) -> None:
    monkeypatch.setattr(flows.ahead, "_MANY", many)
    monkeypatch.setattr(flows.ahead, "_TOO_MANY", too_many)
    usual = flows.examination.Examination.go_on
    waves: list[int] = []

    def go_on(examination: flows.examination.Examination, to_come: Sequence[Stage] = ()) -> None:
        waves.append(len(to_come))
        usual(examination, to_come)

    monkeypatch.setattr(flows.examination.Examination, "go_on", go_on)
    run_corpus(early)
    assert waves == ([3, 2, 1, 0] if is_early else [0])


@pytest.mark.parametrize("many", [1, 1_000], ids=["beside the last stages", "at the end"])
@pytest.mark.parametrize("name", ["run_checks", "ask_all"])
def test_what_needs_more_memory_than_the_file_is_large_gets_it(
    early: Settings, monkeypatch: pytest.MonkeyPatch, name: str, many: int
) -> None:
    monkeypatch.setattr(flows.ahead, "_MANY", many)
    tries: list[bool] = []
    function = getattr(flows.examination, name)

    def starving(asked: Store | duckdb.DuckDBPyConnection, *given: Any) -> Any:
        connection = asked if isinstance(asked, duckdb.DuckDBPyConnection) else asked._connection
        tries.append(is_bounded := memory_limit(connection) < 401_000_000)
        if is_bounded:
            raise duckdb.OutOfMemoryException("could not allocate block")
        return function(asked, *given)

    monkeypatch.setattr(flows.examination, name, starving)
    summary = run_corpus(early)
    assert summary is not None
    assert (summary.status, summary.report_error) == ("published", None)
    assert (tries[0], tries[-1]) == (True, False)
    assert published_file(early.warehouse).with_name("report.html").read_text(encoding="utf-8").startswith("<!")
