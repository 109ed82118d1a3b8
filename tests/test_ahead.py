"""The last stages, which are done beside those that come before them.

What processes do ahead of their turn stands in `test_refresh` and `test_breakdowns`, the checks in `test_examination`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import flows.ahead
from flows.execution import execute, in_order
from flows.intake import Options
from flows.run import open_run
from flows.settings import Settings
from flows.stages import STAGES
from tasks.term_totals import term_totals
from tasks.trends import trends
from tasks.watchlist import watchlist
from tests.conftest import document, query, run_corpus, write
from tests.test_examination import does
from tests.test_refresh import differing

TEXTS = {f"{number}.txt": document(number, year=2016 + number) for number in range(4)}


@pytest.fixture
def settings(make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings for four documents on a machine of two cores."""
    monkeypatch.setattr(flows.ahead, "available_cores", lambda: 2)
    settings = make_settings(trends={"fewest_periods": 3, "fewest_documents": 1})
    write(settings.seeds, TEXTS)
    return settings


@pytest.mark.parametrize(
    ("cores", "too_many", "is_beside"),
    [(2, 4, True), (1, 4, False), (2, 3, False)],
    ids=["two cores", "one core", "too much to do"],
)
def test_they_are_done_before_a_stage_that_comes_first_if_there_is_room_for_both(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, cores: int, too_many: int, is_beside: bool
) -> None:
    monkeypatch.setattr(flows.ahead, "available_cores", lambda: cores)
    monkeypatch.setattr(flows.ahead, "_TOO_MANY", too_many)
    is_done = threading.Event()
    found: list[bool] = []

    def tell(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        yield from function(*inputs)
        is_done.set()

    def wait(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        found.append(is_done.wait(30 if is_beside else 0.2))
        yield from function(*inputs)

    does(monkeypatch, {trends: tell, watchlist: wait})
    run_corpus(settings)
    assert found == [is_beside]
    assert query(settings, "select stage from stage_runs where processed > 0 order by all") == [
        (name,) for name in sorted(stage.name for stage in STAGES)
    ]


def test_one_that_fails_there_is_done_again_at_its_turn(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def fail_once(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        tries.append(threading.current_thread().name)
        yield from function(*inputs)
        if len(tries) == 1:
            raise OSError("the disk was full for a moment")

    does(monkeypatch, {term_totals: fail_once})
    threads = threading.active_count()
    run_corpus(settings)
    assert (len(tries), tries[1]) == (2, threading.main_thread().name)
    assert threading.active_count() == threads
    assert query(settings, "select status from runs") == [("published",)]
    usual = settings.model_copy(update={"warehouse": settings.warehouse.with_name("usual")})
    run_corpus(usual)
    assert differing(settings.warehouse, usual.warehouse) == []


def test_what_it_has_done_counts_although_a_document_is_set_aside_after_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_done = threading.Event()

    def tell(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        yield from function(*inputs)
        is_done.set()

    def break_down(function: Callable[..., Iterator[Any]], own: list[Any], *others: Any) -> Iterator[Any]:
        assert is_done.wait(30)
        if any("poison" in passage.text for passage in own):
            raise RuntimeError("poisoned")
        yield from function(own, *others)

    write(settings.seeds, {"bad.txt": document(9, year=2018, extra="and poison")})
    does(monkeypatch, {trends: tell, watchlist: break_down})
    run_corpus(settings)
    assert query(settings, "select path, stage from rejections") == [("bad.txt", "watchlist")]
    # One with each document, and one without that which was set aside.
    assert query(settings, "select processed from stage_runs where stage = 'trends'") == [(2,)]


def test_an_interrupt_that_leaves_a_transaction_open_does_not_wait_for_what_waits_for_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at_it, is_open = threading.Event(), threading.Event()

    def write_then(function: Callable[..., Iterator[Any]], *inputs: Any) -> Iterator[Any]:
        is_at_it.set()
        assert is_open.wait(30)
        yield from function(*inputs)

    with open_run(settings, Options()) as run:

        def interrupt(*_: Any) -> Iterator[Any]:
            assert is_at_it.wait(30)
            opened = run.store.transaction()
            opened.__enter__()
            is_open.set()
            raise KeyboardInterrupt  # as if it came at the end of what opens one
            yield

        does(monkeypatch, {trends: write_then, watchlist: interrupt})
        with pytest.raises(KeyboardInterrupt):
            execute(run, in_order, lambda *_: None)
    monkeypatch.undo()
    run_corpus(settings)
    assert query(settings, "select status from runs order by run_id") == [("interrupted",), ("published",)]
