"""What a flow run's page shows is of no consequence to the run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from flows import artifacts
from tests.conftest import document
from warehouse.paths import published_run


def _refused(*_: object, **__: object) -> None:
    raise httpx.ConnectError("all connection attempts failed")


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for create in ("create_progress_artifact", "create_table_artifact"):
        monkeypatch.setattr(artifacts, create, _refused)


def test_a_server_that_is_away_fails_no_published_run(
    published_once: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = published_once({f"{number}.txt": document(number) for number in range(2)}) / "warehouse"
    run_id = published_run(warehouse)
    assert run_id is not None
    with caplog.at_level(logging.WARNING, "corpus"):
        artifacts.show_outcome(warehouse, run_id)
    assert caplog.messages == ["the flow run's page is not complete: all connection attempts failed"]


def test_nor_does_it_end_a_step_and_it_is_asked_no_more_often_than_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = iter((0.0, 3.0, 4.0, 6.0))
    monkeypatch.setattr(artifacts.time, "monotonic", lambda: next(now))
    told: list[int] = []
    report = artifacts.with_artifacts(lambda _step, done, _total: told.append(done))
    with caplog.at_level(logging.WARNING, "corpus"):
        for done in range(4):
            report("ingest", done, 9)
    assert (told, len(caplog.messages)) == ([0, 1, 2, 3], 2)
