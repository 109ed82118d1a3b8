"""What a flow run's page shows is of no consequence to the run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from flows import artifacts
from flows.settings import Settings
from tests.conftest import document, run_corpus, write
from warehouse.paths import published_file, published_run


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


def test_an_earlier_version_that_is_damaged_is_not_compared_with(
    published_copy: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = published_copy({f"{number}.txt": document(number) for number in range(2)})
    earlier = published_file(settings.warehouse).resolve()
    write(settings.seeds, {"2.txt": document(2)})
    summary = run_corpus(settings)
    assert summary is not None
    earlier.chmod(0o644)
    earlier.write_bytes(b"no DuckDB file" * 1000)
    earlier.chmod(0o444)  # as a complete version has it
    shown: dict[str, str] = {}
    monkeypatch.setattr(
        artifacts, "create_table_artifact", lambda _, key, description: shown.update({key: description})
    )
    artifacts.show_outcome(settings.warehouse, summary.run_id)
    assert shown["changed-trends"].startswith(f"There is nothing to compare with: {earlier} and ")


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
