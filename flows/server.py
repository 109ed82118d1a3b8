"""A private Prefect server for one run, where the user has none: started beside our own imports, gone with the run."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tasks.errors import CorpusError

_START_SECONDS = 120
_PORT = 4200  # where people look for Prefect's pages
_DRAIN_SECONDS = 0.2
_CLOSED, _FAULT_OF_SERVER = (401, 403), 500  # HTTP status codes

# What holds for every process that imports Prefect here. No telemetry: both switches are needed.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the server has the log; the console has our own progress
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "corpus",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}


class ServerError(CorpusError, ConnectionError):
    """No Prefect server answers, or it does not do what it is asked."""


def configured_url() -> str | None:
    """The API of the user's own Prefect server: from the environment, or from the active Prefect profile."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    home = os.environ.get("PREFECT_HOME") or Path.home() / ".prefect"
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH") or Path(home, "profiles.toml"))
    try:
        loaded = tomllib.loads(profiles.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return None
    name = os.environ.get("PREFECT_PROFILE") or loaded.get("active")
    profile = loaded.get("profiles", {}).get(name, {})
    return profile.get("PREFECT_API_URL") if isinstance(profile, dict) else None


def be_quiet(environment: Mapping[str, str] = QUIET) -> None:
    """Set what Prefect reads when it is first imported, where the user has not set it."""
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    # These two are promises and not preferences.
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"


@contextmanager
def server(home: Path, *, is_lasting: bool = False) -> Iterator[PrefectServer]:
    """The server of this process: the user's own, or a private one that keeps its records under `home`.

    One that is lasting has Prefect's pages, schedules and automations.
    """
    be_quiet()
    if url := configured_url():
        yield PrefectServer(url, None)
        return
    os.environ["PREFECT_HOME"] = str(home.resolve())
    os.environ["PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW"] = "ignore"
    os.environ.setdefault("PREFECT_CLIENT_MAX_RETRIES", "1")  # a server of our own that has ended does not come back
    home.mkdir(parents=True, exist_ok=True)
    with _sole(home) if is_lasting else nullcontext():
        private = _start(home, is_lasting=is_lasting)
        os.environ["PREFECT_API_URL"] = private.url
        try:
            yield private
        finally:
            del os.environ["PREFECT_API_URL"]
            private.stop()


@contextmanager
def _sole(home: Path) -> Iterator[None]:
    """Keep others from starting a server on the same records, which would end or repeat each other's runs."""
    with (home / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ServerError(
                f"another `corpus schedule` keeps a Prefect server in {home}; stop it, or give both one with PREFECT_API_URL"
            ) from error
        yield


class PrefectServer:
    """A Prefect server; one that is ours is a process."""

    def __init__(self, url: str, process: subprocess.Popen[bytes] | None, log: Path | None = None) -> None:
        self.url = url
        self._process = process
        self._log = log

    def wait(self) -> None:
        """Wait until it answers. Raises `ServerError` if it ends or does not answer in time."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=10) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                if error.code in _CLOSED:
                    return  # whether it lets us in, the run will tell
                if error.code < _FAULT_OF_SERVER:
                    raise ServerError(f"what answers at {self.url} is no Prefect API: {error}") from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                if self._process is None:
                    raise ServerError(
                        f"no Prefect server answers at {self.url} (PREFECT_API_URL): {str(error).strip()}; "
                        "start it, or use --inline"
                    ) from error
            self.check()
            if time.monotonic() > deadline:
                raise ServerError(
                    f"the Prefect server at {self.url} did not answer within {_START_SECONDS} seconds; --inline does without"
                )
            time.sleep(0.05)

    @property
    def is_own(self) -> bool:
        """Whether it was started by this process, and ends with it."""
        return self._process is not None

    def check(self) -> None:
        """Raise `ServerError` if the server is ours and has ended."""
        if self._process is not None and self._process.poll() is not None:
            raise ServerError(
                f"the private Prefect server ended with code {self._process.returncode}; {self._log} says why; "
                "`corpus run --inline` does without"
            )

    def stop(self) -> None:
        """End a private server, after a moment in which it writes down what it has been told."""
        if self._process is None or self._process.poll() is not None:
            return
        time.sleep(_DRAIN_SECONDS)
        # Killed, not asked: nothing more is to come, its database survives that, and asking takes it a second to answer.
        self._process.kill()
        self._process.communicate()


def _free_port(first: int) -> int:
    for port in (first, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError("no port is free on the loopback interface")


def _start(home: Path, *, is_lasting: bool) -> PrefectServer:
    port = _free_port(_PORT if is_lasting else 0)
    log = home / "server.log"
    environment = {**os.environ, "PREFECT_LOGGING_SERVER_LEVEL": "WARNING"}
    if is_lasting:
        environment["PREFECT_UI_API_URL"] = f"http://127.0.0.1:{port}/api"
        environment["PREFECT_UI_STATIC_DIRECTORY"] = str(home / "pages")
        # How often it looks for what is due; by default a schedule may take a minute to come into force.
        environment.setdefault("PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS", "10")
    else:
        environment |= {
            "PREFECT_UI_ENABLED": "false",
            "PREFECT__SERVER_EPHEMERAL": "1",  # as Prefect's own temporary server: no services that only a lasting one needs
            "PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED": "false",
        }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.private_server", str(port)],
            stdin=subprocess.PIPE,  # held open as long as this process lives
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # an interrupt from the keyboard is for us, who still have something to tell it
        )
    return PrefectServer(f"http://127.0.0.1:{port}/api", process, log)
