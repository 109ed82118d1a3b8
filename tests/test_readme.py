"""The README's questions have the answers that it prints: its SQL is run on the sample documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.documentation import README
from flows.execution import execute, in_order
from flows.run import open_run
from flows.settings import load_settings
from warehouse.paths import published_file

pytestmark = pytest.mark.model

QUESTIONS = re.findall(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", README.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published warehouse of the sample documents."""
    settings = load_settings(seeds=README.parent / "seeds", warehouse=tmp_path_factory.mktemp("readme"))
    with open_run(settings) as run:
        execute(run, in_order, lambda *_: None)
    return published_file(settings.warehouse)


def as_markdown(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    lines = [columns, ["---"] * len(columns), *([cell(value) for value in row] for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) >= 5


@pytest.mark.parametrize(("statement", "answer"), QUESTIONS, ids=range(len(QUESTIONS)))
def test_the_readme_prints_what_the_warehouse_answers(answers: Path, statement: str, answer: str) -> None:
    with duckdb.connect(str(answers), read_only=True) as connection:
        result = connection.execute(statement)
        found = as_markdown([column[0] for column in result.description], result.fetchall())
    if "topics" in statement:  # a fit may differ in its last digits, and so in its labels, on another kind of processor
        found, answer = found.splitlines()[0], answer.splitlines()[0]
    assert found == answer
