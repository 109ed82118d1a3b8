"""What the tests share: a small rule-made language model, folders of documents, and runs on them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

import warehouse.store
from flows.intake import Options
from flows.run import Summary, execute, in_order, open_run
from flows.settings import Settings, load_settings
from warehouse.publish import published_file

PARAGRAPHS = (
    "The National Data Bureau said on Monday that data centres in Guizhou would share computing power with Shanghai.",
    "Xi Jinping told the State Council that the digital economy and the real economy should grow together.",
    "Platform companies must follow the Cybersecurity Law, and regulators in Beijing will check algorithms and prices.",
    "Factories in Chongqing joined the industrial internet, and their software suppliers opened training centres.",
    "Trade in digital services grew, and the Ministry of Commerce asked the World Trade Organization for new rules.",
)


def document(number: int, *, year: int | None = 2021, extra: str = "") -> str:
    """The text of a small document: no two numbers give the same one."""
    date = f"January {number % 27 + 1}, {year}\n\n" if year else ""
    body = "\n\n".join(PARAGRAPHS[(number + offset) % len(PARAGRAPHS)] for offset in range(3))
    return f"Report number {number} on the digital economy\n\n{date}{body}\n\nNote {number} on broadband {extra} closes it.\n"


@pytest.fixture(scope="session", autouse=True)
def _no_report() -> Iterator[None]:
    """Runs make no report unless a test asks for it: it takes seconds the first time, and few tests look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORPUS_REPORT__ON_RUN", "false")
        yield


@pytest.fixture(scope="session")
def toy_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spaCy pipeline made of rules: every word that is no stop word is a noun, or a name if it starts with a capital."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    names = nlp.add_pipe("entity_ruler")
    names.add_patterns([{"label": "GPE", "pattern": "Guizhou"}, {"label": "DATE", "pattern": "Monday"}])
    tags = nlp.add_pipe("attribute_ruler")
    tags.add([[{"IS_ALPHA": True}]], {"POS": "NOUN", "TAG": "NN"})
    tags.add([[{"IS_ALPHA": True, "IS_TITLE": True}]], {"POS": "PROPN", "TAG": "NNP"})
    folder = tmp_path_factory.mktemp("models") / "toy"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def make_settings(tmp_path: Path, toy_model: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings for folders below `tmp_path`, with the rule-made model and few, short fits; arguments change branches."""
    monkeypatch.chdir(tmp_path)

    def make(**branches: Mapping[str, Any] | Path) -> Settings:
        seeds = branches.pop("seeds", tmp_path / "seeds")
        folder = branches.pop("warehouse", tmp_path / "warehouse")
        assert isinstance(seeds, Path)
        seeds.mkdir(exist_ok=True)
        given = quick(toy_model)
        for name, values in branches.items():
            assert isinstance(values, Mapping)
            given[name] = {**given.get(name, {}), **values}
        return load_settings(seeds=seeds, warehouse=folder, **given)

    return make


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    """The settings of `make_settings` without changes."""
    return make_settings()


def run_corpus(settings: Settings, **options: bool) -> Summary | None:
    """Bring the warehouse up to date without Prefect; None if there was nothing to do."""
    with open_run(settings, Options(**options)) as run:
        return execute(run, in_order, lambda *_: None) if run.has_work else None


@pytest.fixture
def publish(settings: Settings) -> Callable[[Mapping[str, str]], Settings]:
    """A function that writes files, by name, into the seeds folder and brings the warehouse up to date."""

    def write_and_run(texts: Mapping[str, str]) -> Settings:
        for name, text in texts.items():
            (settings.seeds / name).write_text(text, encoding="utf-8")
        run_corpus(settings)
        return settings

    return write_and_run


def publish_folder(root: Path, toy_model: Path) -> None:
    """Publish `root/seeds` to `root/warehouse` with the settings of `make_settings`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        run_corpus(load_settings(seeds=root / "seeds", warehouse=root / "warehouse", **quick(toy_model)))


def quick(toy_model: Path) -> dict[str, Any]:
    """Settings for the rule-made model and few, short fits."""
    return {"annotate": {"model": str(toy_model)}, "topics": {"seeds": 1, "passes": 1, "count": 2}}


@pytest.fixture
def statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's SQL files that the program reads in place of its own."""
    copy = tmp_path / "sql"
    shutil.copytree(warehouse.store.SQL, copy, ignore=shutil.ignore_patterns("*.py", "data", "__pycache__"))
    monkeypatch.setattr(warehouse.store, "SQL", copy)
    return copy


def edit(path: Path, old: str, new: str) -> None:
    """Replace a part of a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def query(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement on the published warehouse."""
    with duckdb.connect(str(published_file(settings.warehouse)), read_only=True) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def documents(settings: Settings) -> Path:
    """A seeds folder with six small documents, `0.txt` to `5.txt`."""
    for number in range(6):
        (settings.seeds / f"{number}.txt").write_text(document(number, year=2016 + number), encoding="utf-8")
    return settings.seeds
