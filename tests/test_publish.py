"""Publication: readers change over in one step, and whatever fails leaves them where they were."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from threading import Event

import duckdb
import pytest

import warehouse.publish
from flows.settings import Settings
from flows.unpublished import noted
from tests.conftest import document, query, run_corpus
from warehouse.blocks import copy_whole
from warehouse.compare import changed_trends
from warehouse.errors import WarehouseError
from warehouse.paths import private_file, published_file, published_run
from warehouse.publish import publish, read_through
from warehouse.reader import asking, counted_tables


@pytest.fixture
def current(published_copy: Callable[..., Settings]) -> Settings:
    """Settings on a copy of four documents and of a warehouse that has been published once."""
    return published_copy({f"{number}.txt": document(number, year=2016 + number) for number in range(4)})


def versions(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.warehouse / "versions").iterdir())


def add(settings: Settings, number: int) -> None:
    (settings.seeds / f"{number}.txt").write_text(document(number), encoding="utf-8")


# -- the swap ---------------------------------------------------------------------------------------------------------


def test_the_published_file_is_a_link_to_the_version_of_its_run(current: Settings) -> None:
    add(current, 4)
    summary = run_corpus(current)
    assert summary is not None
    assert (current.warehouse / "current").readlink() == Path("versions") / summary.run_id
    assert published_run(current.warehouse) == summary.run_id
    assert published_file(current.warehouse).stat().st_mode & 0o222 == 0


def test_the_last_versions_are_kept(current: Settings, make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(publish={"keep": 2})
    runs = versions(settings)
    for number in range(4, 7):
        add(settings, number)
        summary = run_corpus(settings)
        assert summary is not None
        runs.append(summary.run_id)
        assert versions(settings) == runs[-2:]


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("copy", "interrupted"),
        ("accompany", "interrupted"),
        ("replicate", "failed"),
        ("swap", "failed"),
        ("prune", "published"),
    ],
    ids=str,
)
def test_a_publication_that_is_cut_off_leaves_a_whole_version_and_is_made_up_for(
    current: Settings, monkeypatch: pytest.MonkeyPatch, step: str, status: str
) -> None:
    swapped = status == "published"
    before = published_run(current.warehouse)
    add(current, 4)

    def cut(reached: str) -> None:
        if reached == step:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(
            "flows.publication.publish", lambda *arguments, **named: publish(*arguments, **named, at_step=cut)
        )
        with pytest.raises(KeyboardInterrupt):
            run_corpus(current)
    assert (published_run(current.warehouse) != before) is swapped
    assert (noted(current.warehouse, is_held=False) is None) is swapped
    assert query(current, "select count(*) from documents") == [(5 if swapped else 4,)]
    run_corpus(current)
    assert query(current, "select count(*) from documents") == [(5,)]
    assert noted(current.warehouse, is_held=False) is None
    published = query(current, "select run_id from runs where status = 'published' order by run_id")
    assert versions(current) == [run_id for (run_id,) in published]
    assert run_corpus(current) is None
    statuses = [ended for (ended,) in query(current, "select status from runs order by run_id")]
    assert statuses == (["published", "published"] if swapped else ["published", status, "published"])


def test_a_publication_that_has_gone_is_made_again_and_history_stays_what_it_was(current: Settings) -> None:
    add(current, 4)
    run_corpus(current)
    (current.warehouse / "current").unlink()
    summary = run_corpus(current)
    assert summary is not None
    assert query(current, "select count(*) from documents") == [(5,)]
    assert query(current, "select status from runs order by run_id") == [("published",)] * 3


def test_a_copy_that_fails_leaves_readers_where_they_were(
    current: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before, kept = published_file(current.warehouse).resolve(), versions(current)
    add(current, 4)
    with monkeypatch.context() as patch:
        patch.setattr(warehouse.publish, "private_file", lambda _: tmp_path / "away")
        with pytest.raises(WarehouseError, match=r"could not be copied .* readers keep the one before"):
            run_corpus(current)
    assert (published_file(current.warehouse).resolve(), versions(current)) == (before, kept)
    run_corpus(current)
    assert query(current, "select count(*) from documents") == [(5,)]
    assert query(current, "select status from runs order by run_id") == [("published",), ("failed",), ("published",)]


def test_a_first_copy_that_fails_is_told_by_the_next_run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    add(settings, 1)
    with monkeypatch.context() as patch:
        patch.setattr(warehouse.publish, "private_file", lambda _: settings.seeds / "away")
        with pytest.raises(WarehouseError, match="could not be copied"):
            run_corpus(settings)
    run_corpus(settings)
    assert query(settings, "select status, error from runs order by run_id") == [
        ("failed", "the copy for readers could not be made"),
        ("published", None),
    ]


def test_nobody_else_can_write_to_the_private_file_while_it_is_copied(
    current: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_copied = Event()
    path = private_file(current.warehouse)
    script = f"import duckdb; duckdb.connect({str(path)!r}).execute('create table other (x int)')"
    outcomes = []

    def copy(source: BufferedReader, target: Path) -> bool:
        is_whole = copy_whole(source, target)
        is_copied.set()
        return is_whole

    def try_to_write(step: str) -> None:
        if step == "accompany":
            assert is_copied.wait(30)
            outcomes.append(subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True))

    monkeypatch.setattr(warehouse.publish, "copy_whole", copy)
    monkeypatch.setattr(
        "flows.publication.publish", lambda *given, **named: publish(*given, **named, at_step=try_to_write)
    )
    add(current, 4)
    run_corpus(current)
    (outcome,) = outcomes
    assert "Could not set lock" in outcome.stderr
    assert query(current, "select count(*) from documents") == [(5,)]


def test_what_is_published_is_what_the_private_file_stays(current: Settings) -> None:
    add(current, 4)
    run_corpus(current.model_copy(update={"report": current.report.model_copy(update={"on_run": True})}))
    private = private_file(current.warehouse)
    assert published_file(current.warehouse).with_name("report.html").exists()
    assert not private.with_name("corpus.duckdb.wal").exists()
    assert published_file(current.warehouse).read_bytes() == private.read_bytes()


def test_a_damaged_copy_is_not_published(current: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = published_file(current.warehouse).resolve()
    damaged = bytearray(before.read_bytes())
    for place in range(20_000, len(damaged), 5_000):
        damaged[place] ^= 0xFF
    (tmp_path / "damaged").write_bytes(damaged)
    monkeypatch.setattr(warehouse.publish, "private_file", lambda _: tmp_path / "damaged")
    with pytest.raises((WarehouseError, duckdb.Error)):
        publish(current.warehouse, "99990101T000000", 3)
    assert published_file(current.warehouse).resolve() == before


def test_a_copy_whose_blocks_do_not_tell_is_published_if_its_values_can_be_read(
    current: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse.publish, "copy_whole", lambda source, target: copy_whole(source, target) and False)
    add(current, 4)
    run_corpus(current)
    assert query(current, "select count(*) from documents") == [(5,)]


def test_a_reader_that_keeps_a_version_open_keeps_it_and_blocks_nobody(
    current: Settings, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings(publish={"keep": 1})
    with duckdb.connect(str(published_file(settings.warehouse)), read_only=True) as reader:
        for number in range(4, 6):
            add(settings, number)
            summary = run_corpus(settings)
            assert summary is not None
            assert query(settings, "select count(*) from documents") == [(number + 1,)]
        assert len(versions(settings)) == 1
        assert reader.execute("select count(*), sum(len(text)) > 0 from document_texts").fetchall() == [(4, True)]
        assert reader.execute("select count(*) from topics").fetchall() == [(2,)]


# -- the published file -----------------------------------------------------------------------------------------------


def test_a_published_file_attached_under_another_name_answers_every_view(current: Settings) -> None:
    path = published_file(current.warehouse).resolve()
    with asking(current.warehouse) as ask:
        expected = counted_tables(ask)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{path}' as elsewhere (read_only)")
        found = {
            name: connection.execute(f"select count(*) from elsewhere.main.{name}").fetchall()[0][0]
            for name in expected
        }
    assert found == expected


def test_a_published_file_attached_and_used_answers_every_macro(current: Settings) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{published_file(current.warehouse).resolve()}' as elsewhere (read_only)")
        connection.execute("use elsewhere")
        assert len(connection.execute("from kwic('data')").fetchall()) > 0
        assert len(connection.execute("from term_trend('data')").fetchall()) == 4
        assert len(connection.execute("from entity_trend('Guizhou')").fetchall()) == 4


def test_nothing_is_published_before_the_first_run(settings: Settings) -> None:
    assert published_run(settings.warehouse) is None


# -- two versions -----------------------------------------------------------------------------------------------------


def test_trends_that_changed_are_those_that_have_come_or_gone(current: Settings) -> None:
    before = published_file(current.warehouse).resolve()
    later = current.warehouse / "later.duckdb"
    shutil.copyfile(before, later)
    later.chmod(0o644)
    with duckdb.connect(str(later)) as connection:
        assert connection.execute("select distinct verdict from keyword_trends").fetchall() == [("insufficient",)]
        first, second, third, fourth = connection.execute(
            "select term, occurrences from keyword_trends where granularity = 'year' order by occurrences desc, term limit 4"
        ).fetchall()
        statement = "insert into pipeline.term_verdicts (term, granularity, series, verdict) values ($term, 'year', 0, $verdict)"
        connection.execute(statement, {"verdict": "rising", "term": first[0]})
        connection.execute(statement, {"verdict": "falling", "term": second[0]})
        connection.execute(statement, {"verdict": "steady", "term": fourth[0]})
        connection.execute("delete from pipeline.term_totals where term = $term", {"term": third[0]})
    found = changed_trends(before, later, most=10)
    assert [(row["term"], row["before"], row["now"], row["occurrences"]) for row in found] == [
        (first[0], "insufficient", "rising", first[1]),
        (second[0], "insufficient", "falling", second[1]),
    ]
    assert changed_trends(before, later, most=1) == found[:1]
    assert changed_trends(before, before, most=10) == []


def test_damage_of_any_page_is_found_by_reading_through(current: Settings, tmp_path: Path) -> None:
    content = published_file(current.warehouse).resolve().read_bytes()
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(content)
    read_through(damaged)
    with duckdb.connect(str(damaged), read_only=True) as connection:
        blocks = connection.execute(
            "select distinct block_id from pragma_storage_info('document_texts') where persistent order by block_id"
        ).fetchall()
        size = connection.execute("select block_size from pragma_database_size()").fetchall()[0][0]
    ((block,), *_) = blocks
    place = 3 * 4096 + block * size + size // 2
    damaged.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
    with pytest.raises(duckdb.Error, match="Corrupt database file"):
        read_through(damaged)
