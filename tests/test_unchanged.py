"""A run that would find nothing to do is told from what it would look at, and anything else is looked into."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import flows.run
from flows import unchanged
from flows.cli import main
from flows.folders import Folders
from flows.settings import Settings
from flows.unchanged import Sight, forget, is_as_noted, look, note
from tests.conftest import document, query
from warehouse.lock import lock

LONG_AGO = time.time() - 3600


def age(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Seeds and warehouse that have not changed for an hour, code and libraries of their own, and a note of them."""
    monkeypatch.chdir(tmp_path)
    seeds, private, version = tmp_path / "seeds", tmp_path / "data" / "private", tmp_path / "data" / "versions" / "1"
    library, code = tmp_path / "library", tmp_path / "code" / "tasks"
    for folder in (seeds / "2021", private, version, library, code):
        folder.mkdir(parents=True)
    for file in (private / "corpus.duckdb", version / "corpus.duckdb", code / "clean.py", tmp_path / "pyproject.toml"):
        file.touch()
    for file in (seeds / "a.txt", seeds / "2021" / "b.txt", seeds / "_stopwords.csv"):
        file.write_text("one", encoding="utf-8")
        age(file)
    age(seeds / "2021", seeds)
    (tmp_path / "data" / "current").symlink_to(Path("versions") / "1")
    monkeypatch.setattr(unchanged, "_ROOT", tmp_path / "code")
    monkeypatch.setattr(unchanged, "_USUAL_WAREHOUSE", str(tmp_path / "code" / "warehouse" / "data"))
    monkeypatch.setattr("sys.path", [str(library)])
    found = Folders(seeds=seeds, warehouse=tmp_path / "data")
    note(found, look(found))
    return found


def test_what_is_as_it_was_is_known_again(folders: Folders) -> None:
    assert is_as_noted(folders, look(folders))


CHANGES: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "a new document": lambda _: Path("seeds/c.txt").write_text("new", encoding="utf-8"),
    "a document in a folder that is gone": lambda _: Path("seeds/2021/b.txt").unlink(),
    "a document of another size": lambda _: Path("seeds/a.txt").write_text("other", encoding="utf-8"),
    "a document of the same size written later": lambda _: Path("seeds/a.txt").write_text("two", encoding="utf-8"),
    "a document under another name": lambda _: Path("seeds/a.txt").rename("seeds/z.txt"),
    "a document that may not be read": lambda _: Path("seeds/a.txt").chmod(0),
    "a list of the analyst": lambda _: Path("seeds/_stopwords.csv").write_text("two", encoding="utf-8"),
    "a setting in the environment": lambda patch: patch.setenv("CORPUS_TOPICS__COUNT", "7"),
    "a setting in pyproject.toml": lambda _: Path("pyproject.toml").write_text("[tool.corpus]", encoding="utf-8"),
    "another day": lambda patch: patch.setattr("time.strftime", lambda *_: "2031-01-01"),
    "the code": lambda _: Path("code/tasks/clean.py").write_text("pass", encoding="utf-8"),
    "the libraries": lambda _: Path("library/spacy-9.dist-info").mkdir(),
    "the pipeline's file": lambda _: Path("data/private/corpus.duckdb").write_text("x", encoding="utf-8"),
    "a log beside the pipeline's file": lambda _: Path("data/private/corpus.duckdb.wal").touch(),
    "the published file is gone": lambda _: Path("data/versions/1/corpus.duckdb").unlink(),
    "another file is published": lambda _: (Path("data/current").unlink(), Path("data/current").symlink_to("versions")),
    "nothing is published": lambda _: Path("data/current").unlink(),
    "a run has begun": lambda _: forget(Path("data")),
    "a damaged note": lambda _: Path("data/private/unchanged.json").write_text("{", encoding="utf-8"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_looked_into(folders: Folders, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    CHANGES[change](monkeypatch)
    assert not is_as_noted(folders, look(folders))


def test_bytecode_is_no_change_of_the_code(folders: Folders) -> None:
    Path("code/tasks/__pycache__").mkdir()
    assert is_as_noted(folders, look(folders))


def test_a_warehouse_among_the_code_is_no_part_of_it(folders: Folders) -> None:
    usual = Path("code/warehouse/data")
    usual.mkdir(parents=True)
    seen = look(folders)
    (usual / "lock").touch()
    assert look(folders) == seen


def test_a_document_written_a_moment_ago_is_not_relied_on(folders: Folders) -> None:
    Path("seeds/a.txt").write_text("two", encoding="utf-8")
    seen = look(folders)
    note(folders, seen)
    assert not is_as_noted(folders, seen)


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        pytest.param({}, 1, id="nothing in the way"),
        pytest.param({"publish": {"lake": "ducklake:catalogue.ducklake"}}, 0, id="a lake, which may change"),
        pytest.param({"annotate": {"model": "."}}, 0, id="a model's folder"),
        pytest.param({"notices": ["a date is not believed"]}, 0, id="a notice"),
        pytest.param({"unread": ["unreadable"]}, 0, id="a file that could not be read"),
    ],
)
def test_a_run_puts_down_what_a_glance_can_tell(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], notes: int
) -> None:
    notices, unread = change.pop("notices", []), change.pop("unread", [])
    store = SimpleNamespace(close=lambda: None, rows=lambda _: [(reason,) for reason in unread])
    intake = SimpleNamespace(settings=Settings(**change), notices=notices)
    run = flows.run.Run("id", intake, store, has_work=False, started=0.0, sight=Sight("seen", is_settled=True))  # type: ignore[arg-type]
    noted: list[object] = []
    monkeypatch.setattr(unchanged, "note", lambda *given: noted.append(given))
    run.settle(None)
    assert len(noted) == notes


@pytest.mark.model
@pytest.mark.parametrize("seeds", ["seeds", "."])
def test_a_second_run_does_not_open_the_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: str) -> None:
    """Nor where it lies among the documents: its own files are none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_TOPICS", '{"seeds": 1, "passes": 1, "count": 2}')
    folder = tmp_path / seeds
    folder.mkdir(exist_ok=True)
    for number in range(3):
        path = folder / f"{number}.txt"
        path.write_text(document(number), encoding="utf-8")
        age(path)
    if folder != tmp_path:
        age(folder)

    def run(*options: str) -> tuple[int, str]:
        outcome = CliRunner().invoke(main, ["run", "--inline", "--json", "--seeds", seeds, *options])
        return outcome.exit_code, outcome.stdout

    assert run()[0] == 0
    if folder == tmp_path:
        (tmp_path / "warehouse" / "data" / "note.txt").write_text(document(5), encoding="utf-8")
        age(tmp_path / "warehouse")
        age(tmp_path)
        assert run() == (0, '{\n  "status": "nothing to do"\n}\n')
    opened: list[object] = []
    monkeypatch.setattr("flows.run.private_store", lambda *given, **_: opened.append(given))
    assert run() == (0, '{\n  "status": "nothing to do"\n}\n')
    assert opened == []
    (folder / "0.txt").write_text(document(9), encoding="utf-8")
    with pytest.raises(TypeError):
        CliRunner().invoke(main, ["run", "--inline", "--seeds", seeds], catch_exceptions=False)
    assert len(opened) == 1


@pytest.mark.model
def test_a_document_that_came_while_a_run_waited_and_went_after_it_is_gone_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_TOPICS", '{"seeds": 1, "passes": 1, "count": 2}')
    Path("seeds").mkdir()
    Path("seeds/0.txt").write_text(document(0), encoding="utf-8")
    age(Path("seeds/0.txt"), Path("seeds"))
    late = Path("seeds/late.txt")

    @contextmanager
    def after_a_while(*given: Any) -> Iterator[Any]:
        late.write_text(document(1), encoding="utf-8")
        age(late, Path("seeds"))
        with lock(*given) as rename:
            yield rename

    def documents() -> int:
        assert CliRunner().invoke(main, ["run", "--inline"], catch_exceptions=False).exit_code == 0
        ((number,),) = query(Settings(warehouse=Path("warehouse/data")), "select count(*) from documents")
        return int(number)

    with monkeypatch.context() as patch:
        patch.setattr(flows.run, "lock", after_a_while)
        assert documents() == 2
    late.unlink()
    age(Path("seeds"))
    assert documents() == 1
