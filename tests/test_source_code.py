"""What a module's text was found to be may be remembered; it is never taken for that of another text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import tasks.source_code
from tasks.errors import CorpusError
from tasks.source_code import helper_modules, remembered, source_digest


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A function that gives the module `tasks.one` its text, as one of a new process would find it."""
    path = tmp_path / "one.py"
    original = tasks.source_code._path
    monkeypatch.setattr(tasks.source_code, "_path", lambda module: path if module == "tasks.one" else original(module))
    monkeypatch.setattr(tasks.source_code, "_remembered", {})

    def forget() -> None:
        tasks.source_code._source.cache_clear()
        tasks.source_code.helper_modules.cache_clear()

    def change(text: str) -> None:
        path.write_text(text, encoding="utf-8")
        tasks.source_code._remembered.clear()
        forget()

    yield change
    forget()


def told() -> tuple[str, frozenset[str], set[Path]]:
    return source_digest("tasks.one"), helper_modules("tasks.one"), tasks.source_code.data_files("tasks.one")


def refuse(_: object) -> ast.AST:
    raise AssertionError("the text is parsed")


TEXT = '"""One."""\nfrom tasks.gazetteer import GAZETTEER\nNAMES = "names.csv"\n'


def test_what_is_remembered_is_not_parsed_again(
    write: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "names.csv").write_text("a\n", encoding="utf-8")
    write(TEXT)
    with remembered(tmp_path / "memory.json"):
        before = told()
    assert before[1:] == ({"tasks.one", "tasks.gazetteer"}, {tmp_path / "names.csv"} | before[2])
    write(TEXT)
    monkeypatch.setattr(ast, "parse", refuse)
    with remembered(tmp_path / "memory.json"):
        assert told() == before


def test_a_run_that_fails_remembers_too(write: Callable[[str], None], tmp_path: Path) -> None:
    write(TEXT)
    with pytest.raises(CorpusError), remembered(tmp_path / "memory.json"):
        helper_modules("tasks.one") | helper_modules("tasks.none")
    assert (tmp_path / "memory.json").exists()


def test_another_text_is_found_out_anew(write: Callable[[str], None], tmp_path: Path) -> None:
    write(TEXT)
    with remembered(tmp_path / "memory.json"):
        before = source_digest("tasks.one")
    write(TEXT + "# a comment\n")
    with remembered(tmp_path / "memory.json"):
        assert source_digest("tasks.one") == before
    write(TEXT + "SPARE = 1\n")
    with remembered(tmp_path / "memory.json"):
        assert source_digest("tasks.one") != before


@pytest.mark.parametrize("content", ["", "[", "[]", '{"key": 1}', '{"key": ["a"]}'])
def test_a_memory_that_is_none_is_made_anew(write: Callable[[str], None], tmp_path: Path, content: str) -> None:
    memory = tmp_path / "memory.json"
    write(TEXT)
    before = told()
    memory.write_text(content, encoding="utf-8")
    write(TEXT)
    with remembered(memory):
        assert told() == before
    assert memory.read_text(encoding="utf-8") != content


def test_where_it_cannot_be_kept_it_is_found_out_each_time(write: Callable[[str], None], tmp_path: Path) -> None:
    write(TEXT)
    with remembered(tmp_path / "no folder" / "memory.json"):
        assert source_digest("tasks.one") == source_digest("tasks.one")
    assert not (tmp_path / "no folder").exists()
