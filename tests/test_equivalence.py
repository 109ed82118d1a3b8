"""Incremental equals rebuild: whatever has happened to the seeds folder, and in whichever runs it was taken in."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from flows.settings import Settings
from flows.verify import verify
from tests.conftest import document, run_corpus
from warehouse.compare import Difference, compare
from warehouse.errors import WarehouseError
from warehouse.paths import published_file, version_file
from warehouse.store import OFFLINE

# Taken out of the environment, where the program would take it for a setting of its own.
EXAMPLES = os.environ.pop("CORPUS_EXAMPLES", None)

NAMES = ("a.txt", "b.txt", "c.md", "below/d.txt", "2019-05-04 e.txt", "f.md")
TEXTS = (
    document(0, year=2018),
    document(1, year=2019),
    document(2, year=None),
    document(3, year=2021, extra="Guizhou Guizhou"),
    document(1, year=2020).replace("Report number 1 on", "Another report on"),  # the same body under another title
    "Too short.\n",
    "---\ntitle: Front matter\ndate: 2020-03\nlanguage: de\n---\n\n" + document(4, year=None),
    "Share this on WeChat\n\nAll rights reserved.\n\nSubscribe to our newsletter\n",
    "",
)
LINES = (
    "",
    "path,publication_date\na.txt,2017\nb.txt,2018-02-03\n",
    "path,title,language\nc.md,Named by the analyst,en\n2019-05-04 e.txt,Elsewhere,de\n",
    "path,publication_date,colour\nbelow/d.txt,soon,red\nf.md,2015-06-07,blue\nmissing.txt,2020,\n",
)

Change = Callable[["Folder", int, int], None]


class Folder:
    """A seeds folder in which every write has a time of change of its own, long past."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.removed: dict[str, bytes] = {}
        self._clock = count(1_500_000_000)

    def write(self, name: str, content: bytes) -> None:
        (self.path / name).parent.mkdir(exist_ok=True)
        (self.path / name).write_bytes(content)
        self.touch(name)

    def touch(self, name: str) -> None:
        moment = next(self._clock)
        os.utime(self.path / name, (moment, moment))

    def documents(self) -> list[str]:
        return [name for name in NAMES if (self.path / name).exists()]


def add(folder: Folder, place: int, text: int) -> None:
    if (name := NAMES[place % len(NAMES)]) not in folder.documents():
        folder.write(name, TEXTS[text % len(TEXTS)].encode())


def change(folder: Folder, place: int, text: int) -> None:
    if names := folder.documents():
        folder.write(names[place % len(names)], TEXTS[text % len(TEXTS)].encode())


def rename(folder: Folder, place: int, to: int) -> None:
    names, free = folder.documents(), [name for name in NAMES if not (folder.path / name).exists()]
    if names and free:
        (folder.path / "below").mkdir(exist_ok=True)
        (folder.path / names[place % len(names)]).rename(folder.path / free[to % len(free)])


def remove(folder: Folder, place: int, _: int) -> None:
    if names := folder.documents():
        name = names[place % len(names)]
        folder.removed[name] = (folder.path / name).read_bytes()
        (folder.path / name).unlink()


def touch(folder: Folder, place: int, _: int) -> None:
    if names := folder.documents():
        folder.touch(names[place % len(names)])


def restore(folder: Folder, place: int, _: int) -> None:
    if folder.removed:
        name = sorted(folder.removed)[place % len(folder.removed)]
        folder.write(name, folder.removed.pop(name))


def duplicate(folder: Folder, place: int, to: int) -> None:
    names = folder.documents()
    if names and (name := NAMES[to % len(NAMES)]) not in names:
        folder.write(name, (folder.path / names[place % len(names)]).read_bytes())


def edit_documents_csv(folder: Folder, _: int, lines: int) -> None:
    folder.write("_documents.csv", LINES[lines % len(LINES)].encode())


CHANGES: tuple[Change, ...] = (add, add, add, change, rename, remove, touch, restore, duplicate, edit_documents_csv)
STEP = st.tuples(st.sampled_from(CHANGES), st.integers(0, 8), st.integers(0, 8))
RUNS = st.lists(st.lists(STEP, min_size=1, max_size=5), min_size=2, max_size=4)

EVERYTHING = [
    [(add, 0, 0), (add, 1, 1), (add, 2, 6), (add, 3, 3)],
    [(rename, 1, 0), (duplicate, 0, 5), (edit_documents_csv, 0, 2), (add, 4, 4)],
    [(remove, 0, 0), (touch, 1, 0), (change, 2, 2), (edit_documents_csv, 0, 3)],
    [(restore, 0, 0), (remove, 4, 0), (change, 0, 5)],
    [(remove, 0, 0), (remove, 0, 0), (remove, 0, 0), (remove, 0, 0), (remove, 0, 0), (edit_documents_csv, 0, 0)],
]


@profile(
    max_examples=int(EXAMPLES or 1),
    phases=list(Phase)
    if EXAMPLES
    else [Phase.explicit],  # a random history takes as long as all that is known to matter
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(EVERYTHING)
@given(RUNS)
def test_every_table_after_every_run_is_what_a_rebuild_gives(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, runs: list[list[tuple[Change, int, int]]]
) -> None:
    monkeypatch.delitem(OFFLINE, "threads", raising=False)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        settings = make_settings(seeds=root / "seeds", warehouse=root / "warehouse")
        folder = Folder(settings.seeds)
        for number, steps in enumerate(runs):
            for step, place, other in steps:
                step(folder, place, other)
            run_corpus(settings, accept_loss=True)
            anew = settings.model_copy(update={"warehouse": root / f"anew{number}"})
            run_corpus(anew)
            _, differences = compare(published_file(settings.warehouse), published_file(anew.warehouse))
            assert differences == [], f"after run {number + 1} of {len(runs)}"
            shutil.rmtree(anew.warehouse)


@pytest.mark.parametrize("text", [pytest.param(0, id="one document"), pytest.param(8, id="an empty file")])
def test_comparing_notices_a_row_that_is_missing(make_settings: Callable[..., Settings], text: int) -> None:
    settings = make_settings()
    folder = Folder(settings.seeds)
    folder.write("a.txt", TEXTS[text].encode())
    run_corpus(settings, accept_loss=True)
    folder.write("b.txt", TEXTS[1].encode())
    anew = settings.model_copy(update={"warehouse": settings.warehouse.with_name("anew")})
    run_corpus(anew)
    _, differences = compare(published_file(settings.warehouse), published_file(anew.warehouse))
    assert {"documents", "passages", "sentences", "terms"} <= {difference.table for difference in differences}


def test_a_warehouse_among_the_documents_is_none_of_them_when_it_is_verified(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = make_settings(warehouse=tmp_path / "seeds" / "warehouse")
    Folder(settings.seeds).write("a.txt", TEXTS[0].encode())
    run_corpus(settings)
    published_file(settings.warehouse).with_name("report.html").write_text(f"<p>{TEXTS[1]}</p>", encoding="utf-8")
    assert verify(settings, lambda *_: None).differences == []


def test_a_version_with_other_topics_is_said_to_be_old(settings: Settings) -> None:
    old = version_file(settings.warehouse, "old")
    old.parent.mkdir(parents=True)
    with duckdb.connect(str(old)) as connection:
        connection.execute("create schema pipeline")
        connection.execute("create table pipeline.topic_states as select 'm' as model_id")
    (settings.warehouse / "current").symlink_to(old.parent)
    with pytest.raises(
        WarehouseError, match=r"holds no topics that can be gone on from .*`corpus run` brings it up to date"
    ):
        verify(settings, lambda *_: None)


def test_comparing_counts_rows_as_often_as_they_stand_and_tells_columns_apart(tmp_path: Path) -> None:
    for name, rows, columns in (
        ("first", "('a', 1), ('a', 1), ('b', null), ('c', 0)", "select 1 as kept, 2 as gone"),
        ("other", "('a', 1), ('b', null), ('d', 0), ('d', 0), ('c', 0)", "select 1 as kept"),
    ):
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute(f"create table counted as from (values {rows}) as counted(name, number)")
            connection.execute(f"create view shaped as {columns}")
            connection.execute("create table same as select [1, 2] as listed, null as nothing")
    assert compare(tmp_path / "first", tmp_path / "other") == (
        3,
        [Difference("counted", 1, 2, "(a, 1)"), Difference("shaped", 2, 1, "its columns")],
    )
