"""The Prefect flow: one task run for each stage, with the edges that the stages declare; and no Prefect without work."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from flows.settings import Settings
from flows.stages import STAGES, upstream
from tests.conftest import document
from warehouse.compare import compare
from warehouse.paths import published_file, published_run

STAGE_NAMES = [stage.name for stage in STAGES]


def environment(toy_model: Path, **changes: str) -> dict[str, str]:
    """An environment in which nobody has set a Prefect server up, with the rule-made model."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {
        **own,
        "PREFECT_PROFILES_PATH": str(toy_model / "no profiles.toml"),
        "CORPUS_ANNOTATE__MODEL": str(toy_model),
        "CORPUS_TOPICS": '{"seeds": 1, "passes": 1, "count": 2}',
        **changes,
    }


def corpus(folder: Path, variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The `corpus` command in a process of its own."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=300)


def recorded(folder: Path, statement: str) -> list[Any]:
    """Rows of what Prefect keeps of the runs in a folder."""
    with closing(sqlite3.connect(folder / "warehouse/data/private/prefect/prefect.db")) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def finished(
    toy_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder with three documents after `corpus run`, and what the command said."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "seeds").mkdir()
    for number in range(3):
        (folder / "seeds" / f"{number}.txt").write_text(document(number), encoding="utf-8")
    return folder, corpus(folder, environment(toy_model), "run")


@pytest.fixture
def copied(finished: tuple[Path, Any], tmp_path: Path) -> Path:
    """A copy of that folder."""
    shutil.copytree(finished[0], tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.server
def test_a_run_is_one_flow_run_with_a_task_run_for_each_stage(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, outcome = finished
    assert outcome.returncode == 0, outcome.stderr
    steps = [line.split(":")[0] for line in outcome.stderr.splitlines() if line.endswith(" done")]
    assert sorted(steps) == [
        "additions",
        "annotate",
        "clean",
        "ingest",
        "period_terms",
        "publish",
        "signatures",
        "topic_placement",
        "watchlist",
    ]
    run_id = published_run(folder / "warehouse/data")
    assert recorded(folder, "select name, state_type, state_name from flow_run") == [(run_id, "COMPLETED", "Completed")]
    tasks = recorded(folder, "select name, state_type, state_name, run_count from task_run order by start_time")
    assert tasks == [(name, "COMPLETED", "Completed", 1) for name in [*STAGE_NAMES, "publish"]]
    assert len(tasks) <= 50


@pytest.mark.server
def test_the_edges_between_task_runs_are_those_of_reads_and_writes(finished: tuple[Path, Any]) -> None:
    folder, _ = finished
    names = {UUID(key): name for key, name in recorded(folder, "select id, name from task_run")}
    edges = {
        name: {
            names[UUID(entry["id"])]
            for group in json.loads(inputs).values()
            for entry in group
            if entry["input_type"] == "task_run"
        }
        for name, inputs in recorded(folder, "select name, task_inputs from task_run")
    }
    assert edges == {**{stage.name: set(upstream(stage)) for stage in STAGES}, "publish": set(STAGE_NAMES)}


@pytest.mark.server
def test_the_tables_are_those_of_a_run_without_prefect(finished: tuple[Path, Any], toy_model: Path) -> None:
    folder, _ = finished
    inline = corpus(folder, environment(toy_model, CORPUS_WAREHOUSE="inline"), "run", "--inline")
    assert inline.returncode == 0, inline.stderr
    assert "Run without Prefect" in inline.stdout
    _, differences = compare(published_file(folder / "warehouse/data"), published_file(folder / "inline"))
    assert differences == []


@pytest.mark.server
def test_a_failing_stage_fails_the_run_with_its_message_and_publishes_nothing(copied: Path, toy_model: Path) -> None:
    warehouse = copied / "warehouse/data"
    before = published_run(warehouse)
    outcome = corpus(copied, environment(toy_model, CORPUS_ANNOTATE__MODEL="no_such_model"), "run")
    assert outcome.returncode == 1
    (error,) = [line for line in outcome.stderr.splitlines() if line.startswith("corpus: ")]
    assert error.startswith("corpus: the spaCy model 'no_such_model' (setting annotate.model) is not installed")
    assert "Traceback" not in outcome.stdout + outcome.stderr
    assert published_run(warehouse) == before
    last = "flow_run_id = (select id from flow_run order by start_time desc limit 1)"
    states = dict(recorded(copied, f"select name, state_type from task_run where {last}"))
    assert states["annotate"] == "FAILED"
    assert "COMPLETED" not in {states.get(name) for name in ("entities", "topics", "trends", "publish")}
    assert {states[name] for name in ("ingest", "clean")} == {"COMPLETED"}
    assert recorded(copied, "select state_type from flow_run order by start_time") == [("COMPLETED",), ("FAILED",)]


@pytest.mark.server
def test_a_server_that_does_not_answer_is_said(copied: Path, toy_model: Path) -> None:
    (copied / "seeds/9.txt").write_text(document(9), encoding="utf-8")
    variables = environment(toy_model, PREFECT_API_URL="http://127.0.0.1:9/api")
    outcome = corpus(copied, variables, "run")
    assert outcome.returncode == 1
    (error,) = outcome.stderr.splitlines()
    assert error.startswith("corpus: no Prefect server answers at http://127.0.0.1:9/api (PREFECT_API_URL)")


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.server
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks processes up in /proc")
def test_the_private_server_ends_with_a_run_that_is_killed(tmp_path: Path, toy_model: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/0.txt").write_text(document(0), encoding="utf-8")
    command = [sys.executable, "-m", "flows.cli", "run"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(toy_model), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while not (started := children(process.pid)) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert started
    while any(map(is_alive, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [server for server in started if is_alive(server)] == []


@pytest.mark.parametrize("arguments", [("run",), ("run", "--inline"), ("plan",)], ids=" ".join)
def test_with_nothing_to_do_neither_prefect_nor_a_model_is_imported(
    published_copy: Callable[..., Settings], toy_model: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    published_copy({"0.txt": document(0)})
    command = [sys.executable, "-X", "importtime", "-m", "flows.cli", *arguments, "--warehouse", "warehouse"]
    outcome = subprocess.run(
        command, cwd=tmp_path, env=environment(toy_model), capture_output=True, text=True, check=True
    )
    assert outcome.stdout.startswith("Noth")
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in outcome.stderr.splitlines()}
    assert "duckdb" in imported
    unwanted = {"prefect", "spacy", "thinc", "gensim", "scipy", "ftfy", "py3langid", "rich", "fastapi", "distributed"}
    assert imported & (unwanted | {"jinja2", "vl_convert"}) == set()


def test_each_stage_comes_after_the_stages_that_write_what_it_reads() -> None:
    written = {record.TABLE: stage.name for stage in STAGES for record in stage.writes}
    for position, stage in enumerate(STAGES):
        sources = {written[record.TABLE] for record in stage.reads if record.TABLE in written}
        assert set(upstream(stage)) == sources
        assert sources <= {before.name for before in STAGES[:position]}


def test_no_two_stages_write_one_table() -> None:
    written = [record.TABLE for stage in STAGES for record in stage.writes]
    assert len(set(written)) == len(written)
