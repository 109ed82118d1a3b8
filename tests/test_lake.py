"""The lake: what is published stands in it too, a snapshot a publication, and neither readers see without the other.

The extra `lake`, a part of `dev`, brings what is needed; without it, only what is said then is tried. With `TEST_POSTGRES` (such
as `dbname=test host=127.0.0.1 user=test`, an empty database) the catalogue is tried in Postgres too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

import warehouse.lake
from flows.folders import SettingsError
from flows.intake import Changes
from flows.settings import Settings, load_settings
from flows.verify import verify
from tests.conftest import document, edit, query, run_corpus
from warehouse.errors import WarehouseError
from warehouse.lake import Lake, attached
from warehouse.paths import private_file, published_file, published_run
from warehouse.publish import complete_versions
from warehouse.store import OFFLINE


def catalogues() -> Iterator[Any]:
    yield pytest.param("ducklake:catalogue.ducklake", id="file")
    postgres = os.environ.get("TEST_POSTGRES")
    yield pytest.param(
        f"ducklake:postgres:{postgres}",
        id="postgres",
        marks=pytest.mark.skipif(postgres is None, reason="needs a Postgres in TEST_POSTGRES"),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that uses the lake."""
    with attached(Lake(str(settings.publish.lake), settings.warehouse / "lake")) as connection:
        connection.execute("use lake")
        yield connection


def in_lake(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with opened(settings) as connection:
        return connection.execute(statement).fetchall()


def commit_as_another(settings: Settings, *statements: str) -> list[int]:
    """The snapshots of somebody else's statements, one each."""
    newest = "select max(snapshot_id) from lake.snapshots()"
    with opened(settings) as connection:
        return [connection.execute(each).execute(newest).fetchall()[0][0] for each in statements]


def remove(settings: Settings) -> None:
    """Take the lake away, if it is there."""
    shutil.rmtree(settings.warehouse / "lake", ignore_errors=True)
    place = str(settings.publish.lake).removeprefix("ducklake:")
    if not place.startswith("postgres:"):
        Path(place).unlink(missing_ok=True)
        return
    with duckdb.connect(config=OFFLINE) as connection:
        warehouse.lake._load(connection, "postgres_scanner")
        connection.execute(f"attach '{place.removeprefix('postgres:')}' as server (type postgres)")
        connection.execute("call postgres_execute('server', 'drop schema public cascade; create schema public')")


def add(settings: Settings, *numbers: int) -> None:
    for number in numbers:
        (settings.seeds / f"{number}.txt").write_text(document(number, year=2016 + number), encoding="utf-8")


@pytest.fixture(params=catalogues())
def settings(request: pytest.FixtureRequest, make_settings: Callable[..., Settings], tmp_path: Path) -> Settings:
    """Settings that name an empty lake, and two documents."""
    pytest.importorskip("duckdb_extension_ducklake", reason="needs the extra lake")
    made = make_settings(publish={"lake": request.param})
    remove(made)
    add(made, 1, 4)
    return made


def test_the_lake_holds_what_the_file_does(settings: Settings) -> None:
    run_corpus(settings)
    with opened(settings) as connection:
        connection.execute(f"attach '{published_file(settings.warehouse)}' as file (read_only)")
        places = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'file' union all "
            "select schema_name || '.' || view_name from duckdb_views() where database_name = 'file' and not internal"
        ).fetchall()
        macros = ["search('data economy')", "kwic('broadband')", "term_trend('data')", "entity_mentions('Guizhou')"]
        answers: dict[str, dict[str, list[str]]] = {"file": {}, "lake": {}}
        for database, rows in answers.items():
            connection.execute(f"use {database}")
            for source in [place for (place,) in places] + macros:
                rows[source] = sorted(map(repr, connection.execute(f"from {source}").fetchall()))
    assert len(places) > 60
    assert answers["lake"] == answers["file"]
    assert all(answers["lake"][macro] for macro in macros)


def test_each_publication_is_one_snapshot_that_names_its_run(settings: Settings) -> None:
    first = run_corpus(settings)
    others = commit_as_another(settings, *(f"create schema lake.team{number}" for number in range(3)))
    add(settings, 3)
    second = run_corpus(settings)
    assert first is not None
    assert second is not None
    snapshots = in_lake(settings, "select commit_message, snapshot_id from lake.snapshots() order by snapshot_id")
    assert [message for message, _ in snapshots] == [None, first.run_id, *(None for _ in others), second.run_id]
    counts = [
        in_lake(settings, f"select count(*) from lake.documents at (version => {number})")
        for number in (snapshots[1][1], snapshots[-1][1])
    ]
    assert counts == [[(2,)], [(3,)]]


def test_tables_that_are_the_same_keep_their_files(settings: Settings) -> None:
    run_corpus(settings)
    folder = settings.warehouse / "lake"
    before = set(folder.rglob("*.parquet"))
    (settings.seeds / "4.txt").rename(settings.seeds / "renamed.txt")
    run_corpus(settings)
    written = {path.parent.name for path in set(folder.rglob("*.parquet")) - before}
    assert "runs" in written
    assert "sources" in written  # which has the path
    assert not written & {"passages", "sentences", "term_counts", "mentions", "topic_weights"}


def test_old_publications_go_with_their_files_and_what_is_of_others_stays(
    settings: Settings, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings(publish={"lake": settings.publish.lake, "keep": 1})
    insert = "insert into lake.team.t values (1)"
    others = commit_as_another(
        settings,
        "create schema lake.team",
        "create table lake.team.t (x bigint)",
        insert,
        insert,
        "delete from lake.team.t",
    )
    run_corpus(settings)
    folder = settings.warehouse / "lake"
    before = set(folder.rglob("*.parquet"))
    add(settings, 3)
    run_corpus(settings)
    assert in_lake(settings, "select count(*) from lake.snapshots() where author = 'policy-corpus'") == [(1,)]
    replaced = {path for path in before if path.parent.name in ("runs", "sentences")}
    assert replaced
    assert not any(path.exists() for path in replaced)
    assert in_lake(settings, "select count(*) from documents") == [(3,)]
    counts = [in_lake(settings, f"select count(*) from lake.team.t at (version => {number})") for number in others[1:]]
    assert counts == [[(0,)], [(1,)], [(2,)], [(0,)]]


def test_old_files_that_cannot_be_deleted_hold_up_no_publication(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def forget(*_: object) -> None:
        raise duckdb.IOException("IO Error: Could not remove file x.parquet\n\nand more of it")

    monkeypatch.setattr(warehouse.lake, "_forget", forget)
    summary = run_corpus(settings)
    assert summary is not None
    assert published_run(settings.warehouse) == summary.run_id
    assert in_lake(settings, "select count(*) from documents") == query(settings, "select count(*) from documents")
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told.endswith("stay until the next publication tries again: IO Error: Could not remove file x.parquet")


def test_a_lake_with_other_tables_is_refused_and_readers_keep_what_they_have(settings: Settings) -> None:
    with opened(settings) as connection:
        connection.execute("create table lake.main.accounts (id bigint)")
    with pytest.raises(WarehouseError, match="has tables that are no warehouse's"):
        run_corpus(settings)
    assert published_run(settings.warehouse) is None
    assert complete_versions(settings.warehouse) == []
    with opened(settings) as connection:
        assert connection.execute("select count(*) from lake.main.accounts").fetchall() == [(0,)]
        connection.execute("drop table lake.main.accounts")
    summary = run_corpus(settings)  # no document has changed
    assert summary is not None
    assert summary.status == "published"
    assert in_lake(settings, "select count(*) from documents") == [(2,)]


def test_a_lake_that_fails_in_the_middle_shows_what_it_showed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_corpus(settings)
    add(settings, 3)
    digest = warehouse.lake._digest
    with monkeypatch.context() as patch:
        patch.setattr(
            warehouse.lake, "_digest", lambda *place: place if place[2] == "pipeline.term_totals" else digest(*place)
        )
        with pytest.raises(WarehouseError, match=r"pipeline\.term_totals does not come back"):
            run_corpus(settings)
    assert first is not None
    assert published_run(settings.warehouse) == first.run_id
    assert in_lake(settings, "select count(*) from documents") == [(2,)]
    assert query(settings, "select count(*) from documents") == [(2,)]


def test_a_view_defined_otherwise_is_so_in_the_lake(settings: Settings, statements: Path) -> None:
    run_corpus(settings)
    is_large = "select bool_and(name = upper(name)) from pipeline.named_entities"
    assert in_lake(settings, is_large) == [(False,)]
    edit(statements / "views" / "10_named_entities.sql", "select lower(name) as name", "select upper(name) as name")
    run_corpus(settings)
    assert in_lake(settings, is_large) == [(True,)]


def test_a_lake_that_is_not_there_is_filled_by_the_next_run(
    settings: Settings, make_settings: Callable[..., Settings]
) -> None:
    run_corpus(make_settings())
    for _ in ("named later", "gone"):
        summary = run_corpus(settings)
        assert summary is not None
        assert summary.changes == Changes()
        assert summary.lake == settings.publish.lake
        assert in_lake(settings, "select count(*) from documents") == [(2,)]
        assert run_corpus(settings) is None
        remove(settings)


def test_a_lake_of_which_a_file_is_lost_is_filled_anew(settings: Settings) -> None:
    run_corpus(settings)
    others = commit_as_another(settings, "create schema lake.team", "create table lake.team.t (x bigint)")
    for file in (settings.warehouse / "lake" / "main" / "passages").iterdir():
        file.unlink()
    add(settings, 5)
    run_corpus(settings)
    count = "select count(*), count(distinct document_id) from passages"
    assert in_lake(settings, count) == query(settings, count)
    assert in_lake(settings, "select count(*) from documents") == [(3,)]
    assert others
    assert in_lake(settings, "select count(*) from lake.team.t") == [(0,)]


def test_a_lake_that_cannot_be_asked_is_told_and_no_run_begins(
    settings: Settings, make_settings: Callable[..., Settings]
) -> None:
    first = run_corpus(make_settings())
    Path("notes.txt").write_text("These are no catalogue.", encoding="utf-8")
    with pytest.raises(
        WarehouseError, match=r"the lake .*notes\.txt.* \(publish\.lake\) fails: .*not a valid"
    ) as error:
        run_corpus(make_settings(publish={"lake": "ducklake:notes.txt"}))
    assert "\n" not in str(error.value)
    with duckdb.connect(str(private_file(settings.warehouse))) as connection:
        assert first is not None
        assert connection.execute("select run_id from runs").fetchall() == [(first.run_id,)]


def test_verifying_leaves_the_lake_alone(settings: Settings) -> None:
    run_corpus(settings)
    before = in_lake(settings, "from lake.snapshots()")
    assert verify(settings, lambda *_: None).differences == []
    assert in_lake(settings, "from lake.snapshots()") == before


# -- without the extra ------------------------------------------------------------------------------------------------


def test_without_its_extension_the_run_says_what_to_install(
    make_settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse.lake, "find_spec", lambda _: None)
    monkeypatch.setitem(OFFLINE, "extension_directory", str(tmp_path / "none"))
    settings = make_settings(publish={"lake": "ducklake:catalogue.ducklake"})
    add(settings, 1)
    with pytest.raises(WarehouseError, match=r"cannot load its extension ducklake.*install the extra `lake`"):
        run_corpus(settings)
    assert published_run(settings.warehouse) is None
    with duckdb.connect(str(private_file(settings.warehouse))) as connection:  # it was tried before the work
        assert connection.execute("select count(*) from passages").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("lake", "reason"),
    [
        ("postgres:dbname=corpus", "pattern"),
        ("ducklake:postgres:dbname=corpus password=hidden", "must hold no password"),
        ("ducklake:postgres:postgresql://reader:hidden@db/corpus", "must hold no password"),
    ],
)
def test_a_setting_that_is_no_lake_or_tells_a_secret_is_refused(lake: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=f"publish.lake.*{reason}") as error:
        load_settings(publish={"lake": lake})
    assert "hidden" not in str(error.value)
