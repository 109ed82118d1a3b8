"""What the tests share: a small rule-made language model, folders of documents, and runs on them."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

import duckdb
import pytest

import warehouse.definitions
import warehouse.store
from flows.execution import execute, in_order
from flows.intake import Options
from flows.run import Summary, open_run
from flows.settings import Settings, load_settings
from warehouse.definitions import SQL
from warehouse.paths import published_file
from warehouse.store import Store

PARAGRAPHS = (
    "The National Data Bureau said on Monday that data centres in Guizhou would share computing power with Shanghai.",
    "Xi Jinping told the State Council that the digital economy and the real economy should grow together.",
    "Platform companies must follow the Cybersecurity Law, and regulators in Beijing will check algorithms and prices.",
    "Factories in Chongqing joined the industrial internet, and their software suppliers opened training centres.",
    "Trade in digital services grew, and the Ministry of Commerce asked the World Trade Organization for new rules.",
)

LONG_AGO = 1_400_000_000

# The files whose tests take the longest, the longest first.
LONGEST = (
    "test_refresh.py",
    "test_transform.py",
    "test_run.py",
    "test_report_page.py",
    "test_schedule.py",
    "test_cluster.py",
    "test_equivalence.py",
    "test_kill.py",
    "test_breakdowns.py",
    "test_pipeline.py",
    "test_lake.py",
    "test_topic_runs.py",
    "test_hostile_folder.py",
    "test_trends.py",
    "test_publish.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes the longest first: of several processes that share the files, none is then left with it at the end."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def document(number: int, *, year: int | None = 2021, extra: str = "") -> str:
    """The text of a small document: no two numbers give the same one."""
    date = f"January {number % 27 + 1}, {year}\n\n" if year else ""
    body = "\n\n".join(PARAGRAPHS[(number + offset) % len(PARAGRAPHS)] for offset in range(3))
    return f"Report number {number} on the digital economy\n\n{date}{body}\n\nNote {number} on broadband {extra} closes it.\n"


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """What runs in the background of a shell script ignores SIGINT, and so would what the tests start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_report() -> Iterator[None]:
    """Runs make no report unless a test asks for it: it takes seconds the first time, and few tests look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORPUS_REPORT__ON_RUN", "false")
        yield


class _NoPandas:
    """Says at once of pandas that it is not there."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.fixture(scope="session", autouse=True)
def _cheap_statements() -> Iterator[None]:
    """DuckDB takes one thread for these few rows, and does not search all of the path for pandas at each statement.

    Both are a third of what a run takes. Commands in processes of their own have as many threads as the machine, and so does
    `test_equivalence`, where threads could change a row.
    """
    sys.meta_path.insert(0, _NoPandas)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(warehouse.store.OFFLINE, "threads", 1)
        yield
    sys.meta_path.remove(_NoPandas)


@pytest.fixture(scope="session", autouse=True)
def _ready_made_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Callable[..., None]]]:
    """A new store begins as a copy of an empty one, since to define its tables takes longer than most that tests do with it.

    It says of itself what a new one does. `test_store` looks at stores that are made from nothing, as commands make them.
    """
    folder = tmp_path_factory.mktemp("stores")
    empty, number = folder / "empty.duckdb", count()
    with Store(empty) as store:
        new = {"upkeep": store.upkeep}
        store.checkpoint()
    usual = {"__init__": Store.__init__, "keep_schema": Store.keep_schema}
    unasked = WeakSet[Store]()

    def begin(store: Store, path: Path | None, *, keep_schema: bool = True) -> None:
        if is_new := warehouse.definitions.SQL == SQL and (path is None or not path.exists()):
            path = path or folder / f"memory{next(number)}.duckdb"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(empty, path)
        usual["__init__"](store, path, keep_schema=keep_schema)
        if is_new and keep_schema:
            vars(store).update(new)
        elif is_new:
            unasked.add(store)

    def keep(store: Store, cursor: duckdb.DuckDBPyConnection) -> None:
        usual["keep_schema"](store, cursor)
        if store in unasked:
            unasked.remove(store)
            vars(store).update(new)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "__init__", begin)
        patch.setattr(Store, "keep_schema", keep)
        yield usual


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
        return load_settings(seeds=seeds, warehouse=folder, **quick(toy_model, **branches))  # type: ignore[arg-type]

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
        write(settings.seeds, texts)
        run_corpus(settings)
        return settings

    return write_and_run


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files by their names."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def published_once(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A function that gives a folder whose `seeds` holds files and whose `warehouse` is up to date with them, made once.

    The files were written long ago; arguments change branches of the settings of `make_settings`. Ask for it before the
    program is patched: others get the same folder.
    """
    made: dict[str, Path] = {}

    def make(texts: Mapping[str, str], **branches: Mapping[str, Any]) -> Path:
        key = repr((texts, branches))
        if key not in made:
            root = tmp_path_factory.mktemp("published")
            (root / "seeds").mkdir()
            write(root / "seeds", texts)
            for name in texts:
                os.utime(root / "seeds" / name, (LONG_AGO, LONG_AGO))
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(root)
                given = quick(toy_model, **branches)
                run_corpus(load_settings(seeds=root / "seeds", warehouse=root / "warehouse", **given))
            made[key] = root
        return made[key]

    return make


@pytest.fixture
def published_copy(
    published_once: Callable[..., Path], make_settings: Callable[..., Settings], tmp_path: Path
) -> Callable[..., Settings]:
    """A function with the arguments of `published_once` that gives settings on a copy, which a test may change."""

    def copy(texts: Mapping[str, str], **branches: Mapping[str, Any]) -> Settings:
        shutil.copytree(published_once(texts, **branches), tmp_path, symlinks=True, dirs_exist_ok=True)
        return make_settings(**branches)

    return copy


def quick(toy_model: Path, **branches: Mapping[str, Any]) -> dict[str, Any]:
    """Settings for the rule-made model and few, short fits; arguments change branches."""
    given: dict[str, Any] = {"annotate": {"model": str(toy_model)}, "topics": {"seeds": 1, "passes": 1, "count": 2}}
    return given | {name: {**given.get(name, {}), **values} for name, values in branches.items()}


@pytest.fixture
def statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's SQL files that the program reads in place of its own."""
    copy = tmp_path / "sql"
    shutil.copytree(warehouse.definitions.SQL, copy, ignore=shutil.ignore_patterns("*.py", "data", "__pycache__"))
    monkeypatch.setattr(warehouse.definitions, "SQL", copy)
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


def packed(page: str, name: str) -> dict[str, Any]:
    """The answers that a page holds."""
    (text,) = re.findall(rf'<script type="text/plain" id="{name}">([^<]*)</script>', page)
    unpacked: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text)))
    return unpacked


def memory_limit(connection: duckdb.DuckDBPyConnection) -> int:
    """How many bytes DuckDB may hold in memory."""
    with connection.cursor() as cursor:  # another thread may be asking something of the connection itself
        ((limit,),) = cursor.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchall()
    return int(limit)


@pytest.fixture
def documents(settings: Settings) -> Path:
    """A seeds folder with six small documents, `0.txt` to `5.txt`."""
    for number in range(6):
        (settings.seeds / f"{number}.txt").write_text(document(number, year=2016 + number), encoding="utf-8")
    return settings.seeds
