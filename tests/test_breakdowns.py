"""What disk, signals, clock and workers can do to a run: what it comes to, and that the next run makes up for it.

Runs that are killed stand in `test_kill`, locks in `test_lock`, damaged files in `test_recovery`, a publication that is cut
off in `test_publish`, a model that is missing and a server that does not answer in `test_pipeline`, workers of a cluster in
`test_cluster`, documents that break a model in `test_transform`.
"""

from __future__ import annotations

import dataclasses
import errno
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import flows.ahead
import flows.execution
import flows.run
from flows.execution import execute, in_order
from flows.intake import Options
from flows.run import new_run_id, open_run
from flows.settings import Settings
from flows.stages import STAGES
from flows.transform import Processes
from tests.conftest import document, query, run_corpus, write
from warehouse.compare import compare
from warehouse.lock import holder
from warehouse.paths import private_file, published_file

KEPT = "what was finished is kept, and the next run goes on from there"


def texts(*numbers: int) -> dict[str, str]:
    return {f"{number}.txt": document(number, year=2010 + number % 12) for number in numbers}


def add(settings: Settings, *numbers: int) -> None:
    write(settings.seeds, texts(*numbers))


@pytest.fixture
def published(published_copy: Callable[..., Settings]) -> Settings:
    """Settings on two documents that are published."""
    return published_copy(texts(0, 1))


def alone(settings: Settings) -> Settings:
    """The settings, for one process that does all by itself."""
    return settings.model_copy(update={"annotate": settings.annotate.model_copy(update={"workers": 1})})


def assert_as_if_nothing_had_happened(settings: Settings) -> None:
    """The next run publishes what a warehouse has to which nothing ever happened."""
    settings = alone(settings)
    run_corpus(settings)
    undisturbed = settings.model_copy(update={"warehouse": settings.warehouse.with_name("undisturbed")})
    run_corpus(undisturbed)
    assert compare(published_file(settings.warehouse), published_file(undisturbed.warehouse))[1] == []
    assert run_corpus(settings) is None


SPARING = "import warehouse.store as store; store._LEAST_MEMORY = 9_000_000; from flows.cli import main; main()"


def corpus(
    settings: Settings,
    *arguments: str,
    largest_file: int | None = None,
    program: tuple[str, str] = ("-m", "flows.cli"),
) -> subprocess.CompletedProcess[str]:
    """`corpus` in a process of its own, which may write no file larger than so many kB."""
    limit = f"ulimit -f {largest_file}; " if largest_file else ""
    command = ["bash", "-c", f'{limit}exec "$@"', "bash", sys.executable, *program, *arguments]
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",  # what the interpreter has no room for it keeps in part, and reads the next time
        "CORPUS_SEEDS": str(settings.seeds),
        "CORPUS_WAREHOUSE": str(settings.warehouse),
        "CORPUS_ANNOTATE__MODEL": settings.annotate.model,
        "CORPUS_TOPICS": '{"seeds": 1, "passes": 1, "count": 2}',
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def errors(outcome: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in outcome.stderr.splitlines() if not line.endswith(" done")]


# -- disk -------------------------------------------------------------------------------------------------------------


def test_a_disk_that_is_full_ends_the_run_with_one_line_and_readers_keep_what_they_have(published: Settings) -> None:
    before = published_file(published.warehouse).resolve()
    add(published, *range(2, 40))
    room = private_file(published.warehouse).stat().st_size // 1024 + 256
    outcome = corpus(published, "run", "--inline", largest_file=room)
    assert outcome.returncode == 1
    assert errors(outcome)[-1].startswith("corpus: ")
    assert errors(outcome)[-1].endswith(KEPT)
    assert "Traceback" not in outcome.stderr
    assert published_file(published.warehouse).resolve() == before
    assert_as_if_nothing_had_happened(published)


def test_what_cannot_be_put_aside_for_a_while_ends_the_run_with_one_line(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that is full: DuckDB may hold next to nothing in memory, and a file is in the place of what it puts aside."""
    before = published_file(published.warehouse).resolve()
    add(published, *range(2, 40))
    aside = Path(f"{private_file(published.warehouse)}.tmp")
    aside.write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("CORPUS_ANNOTATE__WORKERS", "1")
    outcome = corpus(published, "run", "--inline", program=("-c", SPARING))
    assert outcome.returncode == 1
    assert errors(outcome)[-1].startswith("corpus: IO Error: ")
    assert errors(outcome)[-1].endswith(KEPT)
    assert "Traceback" not in outcome.stderr
    assert published_file(published.warehouse).resolve() == before
    aside.unlink()
    assert_as_if_nothing_had_happened(published)


def test_an_export_that_the_disk_has_no_room_for_is_said_and_leaves_nothing(published: Settings) -> None:
    folder = published.warehouse.with_name("exported")
    beside = sorted(published.warehouse.parent.iterdir())
    outcome = corpus(published, "export", str(folder), largest_file=1)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    (error,) = errors(outcome)
    assert "could not be exported (IO Error: " in error
    assert error.endswith("nothing is left of the attempt")
    assert sorted(published.warehouse.parent.iterdir()) == beside


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that cannot be written to, by root neither."""
    if os.geteuid():
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    bound = subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False)
    if bound.returncode:
        pytest.skip("root may write everywhere, and may not mount here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_warehouse_that_cannot_be_written_to_is_said_and_can_still_be_read(published: Settings) -> None:
    add(published, 2)
    with read_only(published.warehouse / "private"):
        outcome = corpus(published, "run", "--inline")
        assert query(published, "select count(*) from documents") == [(2,)]
    assert outcome.returncode == 1
    (error,) = errors(outcome)
    assert "private cannot be written to: " in error
    assert error.endswith("choose another --warehouse")
    assert_as_if_nothing_had_happened(published)


def test_documents_that_cannot_be_written_to_are_read_all_the_same(settings: Settings) -> None:
    add(settings, 0, 1)
    with read_only(settings.seeds):
        assert corpus(settings, "run", "--inline").returncode == 0
    assert query(settings, "select count(*) from documents") == [(2,)]


@pytest.mark.parametrize(
    ("number", "failures", "is_read"),
    [
        pytest.param(errno.EIO, 2, True, id="a share that is away for a moment"),
        pytest.param(errno.ESTALE, 3, False, id="a share that stays away"),
        pytest.param(errno.EACCES, 1, False, id="a file that may not be read is not asked for again"),
    ],
)
def test_reading_is_tried_again_where_that_can_help(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, failures: int, is_read: bool
) -> None:
    monkeypatch.setattr("tasks.files._PAUSES", (0.01, 0.01))
    add(settings, 0, 1)
    really_open, left = os.open, [failures]

    def fail_at_first(path: Any, *arguments: Any, **named: Any) -> int:
        if str(path).endswith("1.txt") and left[0]:
            left[0] -= 1
            raise OSError(number, os.strerror(number), str(path))
        return really_open(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", fail_at_first)
        run_corpus(settings)
    assert left == [0]
    assert query(settings, "select count(*) from documents") == [(1 + is_read,)]
    if not is_read:
        assert query(settings, "select path, reason from rejections") == [("1.txt", "unreadable")]
        run_corpus(settings)
        assert query(settings, "select count(*) from documents") == [(2,)]


# -- workers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.execution, "STAGES", tuple(dataclasses.replace(stage, batch_size=1) for stage in STAGES))


def test_a_worker_that_is_killed_ends_the_run_and_costs_no_finished_batch(
    make_settings: Callable[..., Settings], small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.transform._AHEAD", 1)
    settings = make_settings(annotate={"workers": 2})
    add(settings, *range(8))

    def kill_a_worker(step: str, done: int, total: int) -> None:
        if step == "annotate" and done == 1:
            multiprocessing.active_children()[0].kill()

    with pytest.raises(BrokenProcessPool), open_run(settings) as run:
        execute(run, in_order, kill_a_worker)
    with open_run(alone(settings)) as run:
        summary = execute(run, in_order, lambda *_: None)
    (annotated,) = [stage.processed for stage in summary.stages if stage.stage == "annotate"]
    assert 0 < annotated < 8
    assert query(settings, "select status from runs order by run_id") == [("failed",), ("published",)]
    assert_as_if_nothing_had_happened(settings)


def test_workers_clean_until_they_can_annotate_and_what_becomes_of_them_costs_one_try(
    make_settings: Callable[..., Settings], small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(annotate={"workers": 2})
    add(settings, *range(8))
    tries: list[str] = []
    asked: list[Any] = []

    class Killed:
        workers = 2

        def __init__(self, *_: Any) -> None:
            monkeypatch.setattr(flows.ahead, "Processes", Processes)

        def submit(self, *task: Any) -> Future[Any]:
            asked.append(task)
            raise BrokenProcessPool("a worker was killed")

        def close(self) -> None:
            asked.append("the end")

    def try_twice(_: Any, do_stage: Callable[[Any], Any], do_publish: Callable[[], Path]) -> None:
        for stage in flows.execution.STAGES:
            tries.append(stage.name)
            try:
                do_stage(stage)
            except BrokenProcessPool:
                tries.append(stage.name)
                do_stage(stage)
        do_publish()

    monkeypatch.setattr(flows.ahead, "Processes", Killed)
    with open_run(settings) as run:
        execute(run, try_twice, lambda *_: None)
    assert [name for name in tries if tries.count(name) > 1] == ["clean", "clean"]
    assert (len(asked), asked[-1]) == (2, "the end")
    assert_as_if_nothing_had_happened(settings)


def test_a_failure_while_workers_are_at_a_later_stage_ends_them(
    make_settings: Callable[..., Settings], small_batches: None
) -> None:
    settings = make_settings(annotate={"workers": 2})
    add(settings, *range(8))
    children = []

    def fail_at_similarity(_: Any, do_stage: Callable[[Any], Any], __: Any) -> None:
        for stage in flows.execution.STAGES:
            if stage.name == "similarity":
                children.extend(multiprocessing.active_children())
                raise OSError(errno.EIO, "the share is away")
            do_stage(stage)

    with pytest.raises(OSError, match="away"), open_run(settings) as run:
        execute(run, fail_at_similarity, lambda *_: None)
    assert len(children) == 2
    assert not any(child.is_alive() for child in children)
    assert_as_if_nothing_had_happened(settings)


# -- clock ------------------------------------------------------------------------------------------------------------


def test_a_clock_that_goes_backwards_changes_neither_the_order_of_runs_nor_what_is_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(settings, 0)
    monkeypatch.setattr(flows.run, "new_run_id", lambda: "20990101T000000.000000Z")
    run_corpus(settings)
    monkeypatch.setattr(flows.run, "new_run_id", new_run_id)
    add(settings, 1)
    with open_run(settings, Options()) as run:
        assert f"run {run.run_id} " in str(holder(settings.warehouse))
        execute(run, in_order, lambda *_: None)
    assert query(settings, "select run_id, status from runs order by run_id") == [
        ("20990101T000000.000000Z", "published"),
        ("20990101T000000.000001Z", "published"),
    ]
    assert query(settings, "select count(*) from documents") == [(2,)]
    assert_as_if_nothing_had_happened(settings)
