"""The language pass on a Dask cluster gives the rows of a run without one, whatever becomes of a worker."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import flows.execution
from flows.cluster import ClusterError
from flows.execution import execute, in_order
from flows.folders import SettingsError
from flows.run import open_run
from flows.settings import Settings, load_settings
from flows.stages import STAGES
from tests.conftest import document, quick, run_corpus
from warehouse.compare import compare
from warehouse.paths import published_file

pytestmark = pytest.mark.cluster

DOCUMENTS = 12


@dataclasses.dataclass(frozen=True)
class Cluster:
    """A Dask scheduler and two workers, each a process of its own."""

    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    workers = []
    try:
        address = said(scheduler, "Scheduler at:").split()[-1]
        limits = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        workers = [start("worker", address, *limits) for _ in range(2)]
        for worker in workers:
            said(worker, "Registered to:")
        yield Cluster(address, scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.communicate()


def said(process: subprocess.Popen[str], words: str) -> str:
    """The first line of a process that has some words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.execution, "STAGES", tuple(dataclasses.replace(stage, batch_size=1) for stage in STAGES))


def test_a_worker_that_is_killed_in_mid_run_changes_no_row(
    make_settings: Callable[..., Settings], cluster: Cluster, small_batches: None
) -> None:
    settings = make_settings(run={"runner": "dask", "address": cluster.address})
    for number in range(DOCUMENTS):
        (settings.seeds / f"{number:02d}.txt").write_text(document(number), encoding="utf-8")
    killed_at: list[int] = []

    def kill_a_worker(step: str, done: int, total: int) -> None:
        if step == "annotate" and 0 < done < total and not killed_at:
            cluster.workers[0].send_signal(signal.SIGKILL)
            killed_at.append(done)

    with open_run(settings) as run:
        summary = execute(run, in_order, kill_a_worker)
    assert killed_at == [1]
    assert cluster.workers[0].wait(timeout=30) == -signal.SIGKILL
    (annotated,) = [stage.processed for stage in summary.stages if stage.stage == "annotate"]
    assert annotated == DOCUMENTS
    local = make_settings(warehouse=settings.warehouse.with_name("local"))
    run_corpus(local)
    assert compare(published_file(settings.warehouse), published_file(local.warehouse))[1] == []


def test_a_worker_with_another_version_is_refused_and_named(
    make_settings: Callable[..., Settings], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(run={"runner": "dask", "address": cluster.address})
    (settings.seeds / "0.txt").write_text(document(0), encoding="utf-8")
    monkeypatch.setattr("tasks.stage.source_digest", lambda _: "edited here and not there")
    with pytest.raises(ClusterError, match=r"the worker on .* differs in code tasks\.annotate, .*install the same"):
        run_corpus(settings)


def test_a_scheduler_that_is_killed_in_mid_run_is_said(
    make_settings: Callable[..., Settings], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of the tests that need the cluster."""
    from distributed import wait

    settings = make_settings(run={"runner": "dask", "address": cluster.address})
    (settings.seeds / "0.txt").write_text(document(0), encoding="utf-8")
    cluster.workers[1].send_signal(signal.SIGSTOP)  # so that the batch is out when the scheduler dies

    def kill_and_wait(*given: Any, **options: Any) -> object:
        cluster.scheduler.kill()
        return wait(*given, **options)

    monkeypatch.setattr("distributed.wait", kill_and_wait)
    with pytest.raises(
        ClusterError, match=r"^the scheduler at tcp://127\.0\.0\.1:\d+ has gone; what was finished is kept$"
    ):
        run_corpus(settings)


def test_a_cluster_that_does_not_answer_is_said(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cluster._CONNECT_SECONDS", 1)
    settings = make_settings(run={"runner": "dask", "address": "tcp://127.0.0.1:9"})
    (settings.seeds / "0.txt").write_text(document(0), encoding="utf-8")
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 \(run\.address\)"):
        run_corpus(settings)


@pytest.mark.parametrize(
    "address",
    ["foo:bar", "foo", "tcp://foo", "foo:", ":8786", "tcp://foo:99999", "::1:8786", "tcp://foo:8786/", "a b:8786"],
)
def test_what_is_no_address_is_said_before_anything_is_done(address: str) -> None:
    with pytest.raises(SettingsError, match=r"setting run\.address: a scheduler has a host and a port .*, not '"):
        load_settings(run={"runner": "dask", "address": address})


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "tls://[fe80::1%eth0]:8786", "scheduler.example.org:8786"])
def test_an_address_may_be_a_name_or_a_number(address: str) -> None:
    assert load_settings(run={"address": address}).run.address == address


def test_a_cluster_needs_an_address(toy_model: Path) -> None:
    given: dict[str, Any] = quick(toy_model)
    with pytest.raises(SettingsError, match="runner dask needs the address of a scheduler"):
        load_settings(run={"runner": "dask"}, **given)
