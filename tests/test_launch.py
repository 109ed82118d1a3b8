"""Launch: a Prefect server that goes away, or is none, costs a run its record and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

import flows.launch
import flows.pipeline
from flows.execution import in_order
from flows.launch import orchestrator
from flows.outage import is_of_server, telling_of
from flows.run import Run, open_run
from flows.server import PrefectServer, ServerError, _sole
from flows.settings import Settings
from tests.conftest import document, query, write
from warehouse.paths import published_run

GONE = httpx.ConnectError("[Errno 111] Connection refused")


class _Away(PrefectServer):
    """A server that is there at first."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9/api", None)

    def wait(self) -> None:
        pass


@pytest.fixture
def begun(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of a folder with a document, and a server that will go away."""

    @contextmanager
    def server(_: Path) -> Iterator[PrefectServer]:
        yield _Away()

    monkeypatch.setattr(flows.launch, "server", server)
    write(settings.seeds, {"0.txt": document(0)})
    level = flows.launch.log.level
    yield settings
    flows.launch.log.setLevel(level)


def run_while(monkeypatch: pytest.MonkeyPatch, settings: Settings, orchestrate: Callable[..., None]) -> str:
    """The status of a run that is orchestrated so."""
    monkeypatch.setattr(flows.pipeline, "orchestrate", orchestrate)
    with orchestrator(settings, inline=False) as execute, open_run(settings) as run:
        return execute(run, lambda *_: None).status


def test_a_server_that_goes_away_behind_the_publication_is_a_note(
    begun: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def orchestrate(run: Run, do_stage: Callable[..., None], do_publish: Callable[[], Path]) -> None:
        in_order(run, do_stage, do_publish)  # type: ignore[arg-type]
        raise GONE

    assert run_while(monkeypatch, begun, orchestrate) == "published"
    assert query(begun, "select run_id, status from runs") == [(published_run(begun.warehouse), "published")]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("note: the run is published, and Prefect's record of it has no end: the Prefect server at ")
    assert line.endswith("does not do what it is asked: [Errno 111] Connection refused")


def test_a_server_that_goes_away_before_it_fails_the_run(begun: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def orchestrate(*_: object) -> None:
        raise GONE

    with pytest.raises(ServerError, match=r"does not do what it is asked: \[Errno 111\] Connection refused$"):
        run_while(monkeypatch, begun, orchestrate)
    assert published_run(begun.warehouse) is None


def caused(error: Exception, by: Exception) -> Exception:
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "is_its"),
    [
        pytest.param(GONE, True, id="no answer"),
        pytest.param(caused(RuntimeError("Failed to reach API"), GONE), True, id="what Prefect makes of it"),
        pytest.param(ExceptionGroup("several", [GONE, GONE]), True, id="several at once"),
        pytest.param(ExceptionGroup("several", [GONE, ValueError()]), False, id="another beside it"),
        pytest.param(caused(ValueError("a stage"), GONE), False, id="another because of it"),
        pytest.param(RuntimeError("a stage"), False, id="another"),
    ],
)
def test_what_a_server_does_not_do_is_told_from_other_errors(error: Exception, is_its: bool) -> None:
    assert is_of_server(error) is is_its
    with pytest.raises(ServerError if is_its else type(error)), telling_of(_Away()):
        raise error


@pytest.mark.parametrize(
    ("code", "is_let_in"), [(200, True), (401, True), (403, True), (404, False), (302, False)], ids=str
)
def test_what_is_no_prefect_api_is_said_at_once(code: int, is_let_in: bool) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        server = PrefectServer(f"http://127.0.0.1:{other.server_port}/api", None)
        try:
            if is_let_in:
                server.wait()
                return
            with pytest.raises(ServerError, match=f"is no Prefect API: HTTP Error {code}"):
                server.wait()
        finally:
            other.shutdown()


def test_one_process_alone_keeps_a_lasting_server_in_a_folder(tmp_path: Path) -> None:
    told = pytest.raises(ServerError, match="another `corpus schedule` keeps a Prefect server in")
    with _sole(tmp_path), told, _sole(tmp_path):
        pass
    with _sole(tmp_path):
        pass
