"""A pipeline's own file that is damaged or gone: the run goes on from the published version, history and all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import vl_convert

from flows.execution import execute, in_order
from flows.intake import Options
from flows.plan import plan
from flows.run import open_run
from flows.settings import Settings
from tests.conftest import document, query, run_corpus, write
from warehouse.compare import compare
from warehouse.errors import DamagedError, WarehouseError
from warehouse.paths import private_file, published_file

FOUR = {f"{number}.txt": document(number, year=2016 + number) for number in range(4)}
FIFTH = {"4.txt": document(4)}


@pytest.fixture
def current(published_copy: Callable[..., Settings]) -> Settings:
    """Settings on a copy of four documents that have been published once, and a fifth that has come since."""
    settings = published_copy(FOUR)
    write(settings.seeds, FIFTH)
    return settings


def garbage(path: Path) -> None:
    path.write_bytes(b"not a database" * 10_000)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[5000:12000] = bytes(7000)
    path.write_bytes(content)


def pages(path: Path) -> None:
    """Damage behind the file's headers."""
    content = bytearray(path.read_bytes())
    for place in range(12_288 + 100, len(content), 4_000):
        content[place] ^= 0xFF
    path.write_bytes(content)


def log(path: Path) -> None:
    """Damage in what was written last, which the file itself does not hold yet."""
    copy, wal = path.with_name("copy"), path.with_name(f"{path.name}.wal")
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table t as from range(10_000)")
        shutil.copyfile(path, copy)
        content = bytearray(wal.read_bytes())
    copy.replace(path)
    middle = len(content) // 2
    content[middle : middle + 16] = bytes(16)
    wal.write_bytes(content)


def run_with_notices(settings: Settings) -> tuple[dict[str, int], list[str]]:
    with open_run(settings, Options()) as run:
        summary = execute(run, in_order, lambda *_: None)
        return {stage.stage: stage.processed for stage in summary.stages}, run.intake.notices


def test_what_a_killed_run_had_put_aside_for_a_while_is_taken_away(current: Settings) -> None:
    aside = Path(f"{private_file(current.warehouse)}.tmp")
    aside.mkdir()
    (aside / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(bytes(1000))
    run_corpus(current)
    assert not aside.exists()


@pytest.mark.parametrize("damage", [garbage, empty, header, log, Path.unlink])
def test_the_run_goes_on_from_the_published_version(
    current: Settings, published_once: Callable[..., Path], damage: Callable[[Path], None]
) -> None:
    path = private_file(current.warehouse)
    before = query(current, "select run_id, status from runs")
    damage(path)
    processed, notices = run_with_notices(current)
    problem = "was damaged and set aside" if damage is not Path.unlink else "was not there"
    (run_id,) = before[0][:1]
    assert notices == [f"{path} {problem}; the run goes on from the version that {run_id} published"]
    assert (processed["ingest"], processed["annotate"]) == (1, 1)  # the new document alone
    assert path.with_name("corpus.duckdb.damaged").exists() is (damage is not Path.unlink)
    assert query(current, "select run_id, status from runs order by run_id")[:1] == before
    assert query(current, "select count(*) from runs") == [(2,)]
    undisturbed = published_once({**FOUR, **FIFTH}) / "warehouse"
    assert compare(published_file(current.warehouse), published_file(undisturbed))[1] == []


def test_damage_that_shows_in_mid_run_is_said_and_mended_by_the_next_one(current: Settings) -> None:
    truncate(private_file(current.warehouse))
    with pytest.raises(DamagedError, match=r"is damaged .* the next run goes on from the published version"):
        run_with_notices(current)
    assert query(current, "select count(*) from documents") == [(4,)]
    _, notices = run_with_notices(current)
    assert "was not there; the run goes on from the version that" in notices[0]
    assert query(current, "select count(*) from documents") == [(5,)]


@pytest.mark.parametrize("damage", [garbage, empty, header])
def test_a_published_file_that_is_damaged_is_made_again(
    published_copy: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda _: "window.vegaEmbed = () => Promise.resolve();")
    texts = {f"{number}.txt": document(number, year=2016 + number) for number in range(4)}
    settings = published_copy(texts, report={"on_run": True})
    path = published_file(settings.warehouse).resolve()
    path.chmod(0o644)
    damage(path)
    summary = run_corpus(settings)
    assert summary is not None
    assert (summary.status, summary.report_error) == ("published", None)
    assert query(settings, "select count(*) from documents") == [(4,)]
    assert run_corpus(settings) is None


def test_with_no_whole_version_everything_is_made_anew(current: Settings) -> None:
    published = published_file(current.warehouse).resolve()
    for path in (private_file(current.warehouse), published):
        path.chmod(0o644)
        pages(path) if path == published else garbage(path)
    published.chmod(0o444)
    processed, notices = run_with_notices(current)
    assert "no published version is whole: everything is made anew from the documents" in notices[0]
    assert processed["annotate"] == 5
    assert query(current, "select count(*) from documents") == [(5,)]


def test_plan_says_that_the_file_is_damaged(current: Settings) -> None:
    garbage(private_file(current.warehouse))
    with pytest.raises(DamagedError, match=r"is damaged .*`corpus run` goes on from the published version"):
        plan(current)
    assert private_file(current.warehouse).exists()


def test_plan_without_the_file_is_that_of_the_version_that_a_run_goes_on_from(current: Settings) -> None:
    expected = plan(current)
    private_file(current.warehouse).unlink()
    found = plan(current)
    assert (found.changes, found.stages, found.publishes) == (expected.changes, expected.stages, expected.publishes)
    assert len(found.notices) == 1
    assert "is not there; `corpus run` goes on from the version that" in found.notices[0]
    assert not private_file(current.warehouse).exists()


def test_what_holds_the_file_back_is_no_damage(current: Settings) -> None:
    path = private_file(current.warehouse)
    before = path.read_bytes()
    path.unlink()
    path.mkdir()
    with pytest.raises(WarehouseError, match="cannot be opened") as refused:
        run_corpus(current)
    assert not isinstance(refused.value, DamagedError)
    path.rmdir()
    path.write_bytes(before)
    assert run_with_notices(current)[1] == []
