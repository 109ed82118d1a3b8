"""The deployment, served for real: a Prefect server, runs that it starts, what they leave there, and how it is stopped."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock
from uuid import UUID

import duckdb
import pytest

from flows.documentation import README
from flows.folders import SettingsError
from flows.run import Summary
from flows.settings import Settings
from tasks.errors import CorpusError
from tests.conftest import document, query
from tests.test_pipeline import environment
from warehouse.errors import WarehouseError
from warehouse.lock import lock
from warehouse.paths import published_run

pytestmark = pytest.mark.server


def test_a_schedule_that_is_none_is_refused(settings: Settings) -> None:
    from flows.schedule import deployment

    with pytest.raises(SettingsError, match="--cron 'every day' is no schedule: Invalid cron string"):
        deployment(settings, cron="every day", interval=None, work_pool=None)


def test_a_deployment_names_its_folders_and_its_time_zone(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    from flows.schedule import deployment

    settings = make_settings(schedule={"timezone": "Asia/Shanghai", "name": "nightly"})
    made = deployment(settings, cron="0 6 * * *", interval=None, work_pool="pool")
    assert made.full_name == "policy-corpus/nightly"
    assert made.parameters == {"seeds": str(tmp_path / "seeds"), "warehouse": str(tmp_path / "warehouse")}
    assert made.work_pool_name == "pool"
    assert made.entrypoint == "flows.schedule.policy_corpus"
    ((schedule, is_active),) = [(listed.schedule, listed.active) for listed in made.schedules or ()]
    assert (schedule.cron, schedule.timezone, is_active) == ("0 6 * * *", "Asia/Shanghai", True)


@pytest.mark.parametrize("error", [None, "ValueError: no page"])
def test_a_report_that_could_not_be_made_is_told(monkeypatch: pytest.MonkeyPatch, error: str | None) -> None:
    import flows.schedule

    done = Summary("r1", "published", 1.25, documents=1, report_error=error)
    monkeypatch.setattr(flows.schedule, "get_client", MagicMock())
    monkeypatch.setattr(flows.schedule, "flow_run", SimpleNamespace(get_id=lambda: str(UUID(int=0))))
    monkeypatch.setattr(flows.schedule, "execute", lambda *_: done)
    run: Any = SimpleNamespace(run_id="r1", has_work=True, intake=SimpleNamespace(notices=[]))
    said = "run r1: 1 document published in 1.2 s"
    beside = f", but its report could not be made ({error})" if error else ""
    assert flows.schedule._carry_out(run).message == said + beside


def test_a_folder_that_is_away_is_waited_for(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.schedule

    settings = make_settings(schedule={"poll_seconds": 0.1})
    (settings.seeds / "0.txt").write_text(document(0), encoding="utf-8")
    away = settings.seeds.rename(settings.seeds.with_name("away"))
    started: list[list[str]] = []
    said: list[str] = []

    async def start(_: Any) -> Any:
        started.append(sorted(path.name for path in settings.seeds.iterdir()))
        return SimpleNamespace(state=SimpleNamespace(name="Completed"))

    monkeypatch.setattr(flows.schedule, "_started_run", start)

    async def watch() -> None:
        watching = asyncio.create_task(flows.schedule._watch(settings, "policy-corpus/scheduled", said.append))
        await asyncio.sleep(0.5)
        assert (started, watching.done()) == ([], False)
        away.rename(settings.seeds)
        while not started:
            await asyncio.sleep(0.05)
        (settings.seeds / "1.txt").write_text(document(1), encoding="utf-8")
        while len(started) < 2:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        watching.cancel()

    asyncio.run(asyncio.wait_for(watch(), 60))
    assert started == [["0.txt"], ["0.txt", "1.txt"]]  # each state of the folder once
    assert said
    assert all(line.startswith("trying again in 0.1 seconds: ") and str(settings.seeds) in line for line in said)


def test_what_could_not_be_read_is_tried_again_after_a_while(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.schedule

    settings = make_settings(schedule={"poll_seconds": 0.1})
    (settings.seeds / "0.txt").write_text(document(0), encoding="utf-8")
    outcomes = iter([flows.schedule.INCOMPLETE, flows.schedule.INCOMPLETE, "Completed"])
    started: list[float] = []

    async def start(_: Any) -> Any:
        started.append(time.monotonic())
        return SimpleNamespace(state=SimpleNamespace(name=next(outcomes)))

    monkeypatch.setattr(flows.schedule, "_started_run", start)
    monkeypatch.setattr(flows.schedule, "_AGAIN_SECONDS", 0.3)

    async def watch() -> None:
        watching = asyncio.create_task(flows.schedule._watch(settings, "policy-corpus/scheduled", lambda _: None))
        while len(started) < 3:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # the last one has read all there is
        watching.cancel()

    asyncio.run(asyncio.wait_for(watch(), 60))
    first, second, third = started
    assert second - first >= 0.3
    assert third - second >= 0.3


def test_a_download_that_goes_on_holds_up_no_other_file(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.schedule

    settings = make_settings(schedule={"poll_seconds": 0.1})
    (settings.seeds / "0.txt").write_text(document(0), encoding="utf-8")
    download = settings.seeds / "report.pdf.crdownload"
    started: list[int] = []

    async def start(_: Any) -> Any:
        started.append(download.stat().st_size)
        return SimpleNamespace(state=SimpleNamespace(name="Completed"))

    monkeypatch.setattr(flows.schedule, "_started_run", start)
    really_look = flows.schedule._look

    def grow_and_look(*arguments: Any) -> Any:
        with download.open("a") as file:
            file.write("more")
        return really_look(*arguments)

    monkeypatch.setattr(flows.schedule, "_look", grow_and_look)

    async def watch() -> None:
        watching = asyncio.create_task(flows.schedule._watch(settings, "policy-corpus/scheduled", lambda _: None))
        while not started:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        watching.cancel()

    asyncio.run(asyncio.wait_for(watch(), 60))
    assert len(started) == 1


@pytest.mark.parametrize("waits", [False, True])
def test_a_run_that_could_not_read_a_file_is_incomplete(monkeypatch: pytest.MonkeyPatch, waits: bool) -> None:
    import flows.schedule

    run: Any = SimpleNamespace(has_work=False, waits=waits, intake=SimpleNamespace(notices=[]))
    state = flows.schedule._carry_out(run)
    assert (state.name, state.is_completed()) == (flows.schedule.INCOMPLETE if waits else "Completed", True)


def test_of_the_runs_that_were_missed_the_last_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    import flows.schedule

    cancelled: list[int] = []

    class Client:
        async def __aenter__(self) -> Client:
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

        async def read_flow_runs(self, **_: object) -> list[SimpleNamespace]:
            """Runs that are due, the last first; one of them was asked for by somebody."""
            return [SimpleNamespace(id=number, auto_scheduled=number != 7) for number in (9, 8, 7, 6)]

        async def set_flow_run_state(self, number: int, state: Any, **_: object) -> None:
            assert state.is_cancelled()
            cancelled.append(number)

    monkeypatch.setattr(flows.schedule, "get_client", Client)
    asyncio.run(flows.schedule._pass_over_missed(UUID(int=0)))
    assert cancelled == [8, 6]


@pytest.mark.parametrize(
    ("error", "is_worth_it"),
    [
        (OSError(28, "No space left on device"), True),
        (duckdb.IOException("Could not write file: No space left on device"), True),
        (BrokenProcessPool("a worker was killed"), True),
        (duckdb.IOException("Corrupt database file: computed checksum 1 does not match stored checksum 2"), False),
        (CorpusError("the model is not installed"), False),
        (WarehouseError("the warehouse cannot be opened"), False),
        (ValueError("a bug"), False),
    ],
    ids=repr,
)
def test_only_what_may_pass_by_itself_is_tried_again(error: Exception, is_worth_it: bool) -> None:
    from prefect.states import Failed

    from flows.pipeline import _is_worth_another_try

    failed: Any = Failed(data=error)
    run: Any = None
    assert _is_worth_another_try(None, run, failed) is is_worth_it


@dataclass
class Served:
    """`corpus schedule --watch` on a folder, and the notifications that Prefect has sent."""

    folder: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse/data"

    def put(self, name: str, text: str) -> None:
        (self.folder / "seeds" / name).write_text(text, encoding="utf-8")

    def recorded(self, statement: str) -> list[Any]:
        """Rows of what the Prefect server keeps."""
        with closing(sqlite3.connect(self.warehouse / "private/schedule/prefect.db")) as connection:
            return connection.execute(statement).fetchall()


def wait_until(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def served(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "seeds").mkdir()
    for number in range(3):
        (folder / "seeds" / f"{number}.txt").write_text(document(number), encoding="utf-8")
    variables = environment(toy_model, CORPUS_SCHEDULE__POLL_SECONDS="0.5")
    command = [sys.executable, "-m", "flows.cli", "schedule", "--watch", "--interval", "86400"]
    process = subprocess.Popen(
        command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    it = Served(folder, process)
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: it.lines.extend(iter(process.stdout.readline, "")))  # type: ignore[union-attr]

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            it.notified.append(json.loads(self.rfile.read(int(self.headers["content-length"])))["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    reader_of_requests = threading.Thread(target=listener.serve_forever)
    try:
        reader.start()
        reader_of_requests.start()
        wait_until(lambda: it.lines or process.poll() is not None)
        assert it.lines[0].startswith("serving policy-corpus/scheduled of seeds; Prefect answers at http://127.0.0.1:")
        api = it.lines[0].split()[-1]
        ask_to_be_told(folder, {**variables, "PREFECT_API_URL": api}, f"http://127.0.0.1:{listener.server_port}")
        yield it
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()
        listener.shutdown()
        listener.server_close()
        reader_of_requests.join()


def ask_to_be_told(folder: Path, variables: dict[str, str], url: str) -> None:
    """Make the automations that the README proposes, and have them call `url`."""
    (script,) = re.findall(r"```python\n(from datetime.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert "https://hooks.example.org/corpus" in script
    (folder / "alerts.py").write_text(script.replace("https://hooks.example.org/corpus", url), encoding="utf-8")
    subprocess.run([sys.executable, "alerts.py"], cwd=folder, env=variables, check=True, capture_output=True)


RUNS = "select state_name, name, parameters, tags from flow_run where not auto_scheduled order by created"


def states(served: Served) -> list[str]:
    return [state for state, *_ in served.recorded(RUNS)]


def test_the_first_look_starts_a_run_that_prefect_shows(served: Served) -> None:
    wait_until(lambda: states(served)[-1:] == ["Completed"])
    ((_, name, parameters, tags),) = served.recorded(RUNS)
    assert name == published_run(served.warehouse)
    folders = {"seeds": str(served.folder / "seeds"), "warehouse": str(served.warehouse)}
    assert json.loads(parameters) == folders
    assert json.loads(tags) == ["corpus"]
    artifacts = dict(served.recorded("select key, data from artifact where type = 'table'"))
    assert sorted(artifacts) == ["changed-trends", "quarantined", "summary"]
    summary = json.loads(json.loads(artifacts["summary"]))
    assert ("annotate", 3) in [(row["stage"], row["processed"]) for row in summary]
    assert 10 < served.recorded("select count(*) from task_run")[0][0] <= 50


def test_runs_are_scheduled(served: Served) -> None:
    statement = "select state_name, expected_start_time from flow_run where auto_scheduled order by expected_start_time"
    wait_until(lambda: len(served.recorded(statement)) >= 3, seconds=60)
    (state, first), (_, second), *_ = served.recorded(statement)
    assert state == "Scheduled"
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) == timedelta(days=1)


def test_a_file_is_taken_when_it_has_stopped_growing_and_a_run_that_found_the_warehouse_held_is_made_up_for(
    served: Served,
) -> None:
    wait_until(lambda: states(served)[-1:] == ["Completed"])
    with lock(served.warehouse, "from-elsewhere"):
        for piece in range(8):
            served.put("growing.txt", document(7, extra="and more of it " * (piece + 1)))
            time.sleep(0.3)
        assert len(states(served)) == 1
        wait_until(lambda: "Skipped" in states(served))
    ((message,),) = served.recorded("select message from flow_run_state where name = 'Skipped' limit 1")
    assert "is held by run from-elsewhere" in message
    wait_until(lambda: states(served)[-1:] == ["Completed"])
    growing = Settings(warehouse=served.warehouse)
    assert query(growing, "select count(*) from documents") == [(4,)]
    assert query(growing, "select count(*) from stage_runs where stage = 'annotate' and processed = 1") == [(1,)]


def test_failure_and_recovery_are_told(served: Served) -> None:
    wait_until(lambda: states(served)[-1:] == ["Completed"])
    (served.folder / "pyproject.toml").write_text("[tool.corpus]\nsedes = 1\n", encoding="utf-8")
    served.put("8.txt", document(8))
    wait_until(lambda: states(served)[-1:] == ["Failed"])
    (served.folder / "pyproject.toml").unlink()
    served.put("9.txt", document(9))
    wait_until(lambda: len(served.notified) == 2)
    failed, recovered = served.notified
    assert failed.startswith("policy-corpus failed: ")
    assert "unknown setting sedes" in failed
    assert recovered == f"policy-corpus recovered: {published_run(served.warehouse)}"
    wait_until(lambda: f"run {published_run(served.warehouse)}: 6 documents published" in served.lines[-1])
    assert any(": Failed: unknown setting sedes" in line for line in served.lines)
    assert any(": Skipped: " in line for line in served.lines)


def test_it_stops_at_once_in_mid_run_and_what_was_finished_is_kept(served: Served, toy_model: Path) -> None:
    wait_until(lambda: states(served)[-1:] == ["Completed"])
    before = published_run(served.warehouse)
    for number in range(10, 90):
        served.put(f"{number}.txt", document(number))
    running = "select count(*) from task_run where state_type = 'RUNNING' and name not like 'publish%'"
    wait_until(lambda: states(served)[-1:] == ["Running"] and served.recorded(running) > [(0,)])
    started = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0
    assert time.monotonic() - started < 40
    assert served.lines[-1] == "stopped\n"
    assert states(served)[-1] == "Cancelled"
    assert published_run(served.warehouse) == before
    publish_again(served.folder, toy_model)
    statement = "select status from runs order by run_id desc limit 2"
    settings = Settings(warehouse=served.warehouse)
    assert query(settings, statement) == [("published",), ("interrupted",)]
    assert query(settings, "select count(*) from documents") == [(86,)]


def publish_again(folder: Path, toy_model: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", "--inline"],
        cwd=folder,
        env=environment(toy_model),
        check=False,
        capture_output=True,
        text=True,
    )
    assert outcome.returncode == 0, outcome.stderr
