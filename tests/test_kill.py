"""A run that is killed, at whatever moment, is taken up by the next one; of two runs at once the second gives way."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from flows.settings import Settings
from flows.unpublished import noted
from tests.conftest import document, query, run_corpus, write
from warehouse.compare import compare
from warehouse.paths import published_file

DOCUMENTS = 50
# As it is installed: a module that is run may end with the signal's own code, if that came while it was imported.
CORPUS = Path(sys.executable).with_name("corpus")


@pytest.fixture
def growing(published_copy: Callable[..., Settings]) -> Settings:
    """Settings with two documents published, and many more that have come since."""
    settings = published_copy({f"{number}.txt": document(number) for number in range(2)})
    for number in range(2, DOCUMENTS):
        (settings.seeds / f"{number}.txt").write_text(document(number, year=2010 + number % 12), encoding="utf-8")
    return settings


@contextmanager
def command(settings: Settings, *arguments: str, start_new_session: bool = False) -> Iterator[subprocess.Popen[str]]:
    """`corpus` in a process of its own, which is killed at the end if it still runs."""
    environment = {
        **os.environ,
        "CORPUS_SEEDS": str(settings.seeds),
        "CORPUS_WAREHOUSE": str(settings.warehouse),
        "CORPUS_ANNOTATE__MODEL": settings.annotate.model,
        "CORPUS_TOPICS__SEEDS": str(settings.topics.seeds),
        "CORPUS_TOPICS__PASSES": str(settings.topics.passes),
        "CORPUS_TOPICS__COUNT": str(settings.topics.count),
    }
    process = subprocess.Popen(
        [CORPUS, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=start_new_session,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[str], step: str) -> str:
    """Read what a run says until it has done a step, or has ended; return what it has said."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith(f"{step}:"):
            break
    return said


def test_a_run_killed_again_and_again_ends_with_the_tables_of_an_undisturbed_one(growing: Settings) -> None:
    before = published_file(growing.warehouse).resolve()
    chance = random.Random(20150704)
    # The last step that a run says it has done before it is killed, and the longest time that it is then given.
    moments = [("", 2.0), ("clean", 0.6), ("annotate", 0.8)]
    with duckdb.connect(str(before), read_only=True) as reader:
        for step, longest in moments:
            with command(growing, "run", "--inline") as process:
                if step:
                    wait_for(process, step)
                time.sleep(chance.uniform(0, longest))
                process.send_signal(signal.SIGKILL)
                process.wait()
            # Killed in time, it has published nothing; too late, everything.
            assert query(growing, "select count(*) from documents") in ([(2,)], [(DOCUMENTS,)])
            assert reader.execute("select count(*) from documents").fetchall() == [(2,)]
        with command(growing, "status", "--json") as status:
            assert json.loads(status.communicate()[0])["held_by"] is None
        with command(growing, "run", "--inline") as process:
            _, said = process.communicate()
            assert process.returncode == 0, said
        assert reader.execute("select count(*) from documents").fetchall() == [(2,)]
    undisturbed = growing.model_copy(update={"warehouse": growing.warehouse.with_name("undisturbed")})
    run_corpus(undisturbed)
    assert compare(published_file(growing.warehouse), published_file(undisturbed.warehouse))[1] == []
    statuses = [status for (status,) in query(growing, "select status from runs order by run_id")]
    assert statuses[0] == statuses[-1] == "published"
    assert "interrupted" in statuses
    assert "running" not in statuses


def test_readers_meet_a_whole_warehouse_at_every_moment_of_a_run(growing: Settings) -> None:
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            statement = "select count(*), (select count(distinct document_id) from passages) from documents"
            seen.extend(query(growing, statement))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        with command(growing, "run", "--inline") as process:
            _, said = process.communicate()
            assert process.returncode == 0, said
    finally:
        done.set()
        reader.join()
    seen += query(growing, "select count(*), (select count(distinct document_id) from passages) from documents")
    assert sorted(set(seen)) == [(2, 2), (DOCUMENTS, DOCUMENTS)]
    assert seen == sorted(seen)


def test_a_second_run_or_plan_at_once_ends_with_4_and_names_the_holder(growing: Settings) -> None:
    with command(growing, "run", "--inline") as first:
        wait_for(first, "ingest")
        first.send_signal(signal.SIGSTOP)  # so that it holds the warehouse for as long as the others take
        outcomes = []
        for arguments in (("run", "--inline"), ("plan",)):
            with command(growing, *arguments) as second:
                printed, said = second.communicate()
            outcomes.append((second.returncode, printed, said))
        with command(growing, "status", "--json") as status:
            held_by = json.loads(status.communicate()[0])["held_by"]
        first.send_signal(signal.SIGCONT)
        _, rest = first.communicate()
    (run_id,) = query(growing, "select max(run_id) from runs")[0]
    holder = f"{growing.warehouse} is held by run {run_id} (process {first.pid} on {socket.gethostname()})"
    for code, printed, said in outcomes:
        assert (code, printed, len(said.splitlines())) == (4, "", 1)
        assert holder in said
    assert holder in held_by
    assert first.returncode == 0, rest
    assert query(growing, "select count(*) from documents") == [(DOCUMENTS,)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_in_one_line_and_is_taken_up(growing: Settings, number: signal.Signals) -> None:
    with command(growing, "run", "--inline") as process:
        wait_for(process, "ingest")
        process.send_signal(number)
        _, said = process.communicate()
    assert process.returncode == 1, said
    assert [line for line in said.splitlines() if not line.endswith(" done")] == [
        "corpus: interrupted; what was finished is kept, and the next run goes on from there"
    ]
    ended = noted(growing.warehouse, is_held=False)
    assert ended is not None
    assert (ended.status, ended.error) == ("interrupted", None)
    run_corpus(growing)
    assert query(growing, "select status, error from runs order by run_id") == [
        ("published", None), ("interrupted", None), ("published", None)
    ]  # fmt: skip


def test_so_does_one_whose_processes_are_interrupted_with_it(
    growing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a keyboard: the terminal sends the interrupt to all of them."""
    write(growing.seeds, {f"{number}.txt": document(number) for number in range(DOCUMENTS, 3 * DOCUMENTS)})
    monkeypatch.setenv("CORPUS_ANNOTATE__WORKERS", "2")
    with command(growing, "run", "--inline", start_new_session=True) as process:
        said = wait_for(process, "clean")
        os.killpg(process.pid, signal.SIGINT)
        said += process.communicate()[1]
    assert process.returncode == 1, said
    assert [line for line in said.splitlines() if not line.endswith(" done")] == [
        "corpus: interrupted; what was finished is kept, and the next run goes on from there"
    ]
    assert run_corpus(growing) is not None
