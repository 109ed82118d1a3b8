"""Launch: a Prefect server that goes away, or is none, costs a run its record and nothing else."""

from __future__ import annotations

import re
import socket
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
from flows.server import PrefectServer, ServerError, _sole, configured_url
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


@pytest.mark.parametrize("url", ["foo", "http://local host/api", "http://127.0.0.1:42oo/api", "http://[::1/api"])
def test_what_is_no_address_of_a_server_is_said(url: str) -> None:
    with pytest.raises(ServerError, match=rf"^no Prefect server answers at {re.escape(url)} \(PREFECT_API_URL\): "):
        PrefectServer(url, None).wait()


def test_what_answers_in_another_protocol_is_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            caller, _ = other.accept()
            with caller:
                caller.recv(1024)
                caller.sendall(b"SSH-2.0-OpenSSH\r\n")

        Thread(target=greet, daemon=True).start()
        with pytest.raises(ServerError, match=r"no Prefect server answers at .*: SSH-2\.0-OpenSSH; "):
            PrefectServer(f"http://127.0.0.1:{other.getsockname()[1]}/api", None).wait()


def test_the_active_profile_is_looked_for_where_prefect_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"profiles.toml": 'active = "ours"\n[profiles.ours]\nPREFECT_API_URL = "http://server:4200/api"\n'})
    for variable in ("PREFECT_API_URL", "PREFECT_PROFILES_PATH", "PREFECT_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert configured_url() == "http://server:4200/api"
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(tmp_path / "none.toml"))
    assert configured_url() is None


def test_one_process_alone_keeps_a_lasting_server_in_a_folder(tmp_path: Path) -> None:
    told = pytest.raises(ServerError, match="another `corpus schedule` keeps a Prefect server in")
    with _sole(tmp_path), told, _sole(tmp_path):
        pass
    with _sole(tmp_path):
        pass
