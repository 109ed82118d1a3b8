"""An export is the published tables, in files: whole, in the same order each time, or not there."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from flows.settings import Settings
from tests.conftest import document, query, run_corpus
from warehouse.compare import HISTORY
from warehouse.errors import WarehouseError
from warehouse.export import export_tables
from warehouse.lock import lock
from warehouse.paths import private_file, published_file
from warehouse.reader import asking, counted_tables

FORMATS = ("parquet", "csv")


TEXTS = {
    **{f"{number}.txt": document(number, year=2016 + number) for number in range(4)},
    'a "quoted", name.txt': document(5, year=None),
    "short.txt": "Too short.",
    "_watchlist.csv": "concept,variants,note\ndata centre,data centre|data hub,\n",
}


@pytest.fixture
def published(published_copy: Callable[..., Settings]) -> Settings:
    """A warehouse with rows in what holds lists, dates, empty texts and missing values."""
    return published_copy(TEXTS)


def export(settings: Settings, folder: Path | str, *options: str) -> Result:
    return CliRunner().invoke(main, ["export", str(folder), "--warehouse", str(settings.warehouse), *options])


def rows(file: Path) -> list[tuple[Any, ...]]:
    table = pq.read_table(file)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True)) if table.num_rows else []


def cell(value: object) -> str:
    """A value as the CSV files are to have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.microsecond == 0 else value.isoformat(" ").rstrip("0")
    return str(value)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published_file(settings.warehouse)), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("form", FORMATS)
def test_every_public_table_is_there_with_its_rows(published: Settings, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "deep" / "out"
    outcome = export(published, folder, "--format", form, "--json")
    assert outcome.exit_code == 0, outcome.output
    with asking(published.warehouse) as ask:
        counts = counted_tables(ask)
    with opened(published) as connection:
        (version,) = connection.execute("select max(run_id) from runs").fetchone() or ()
        assert json.loads(outcome.stdout) == {
            "folder": str(folder),
            "version": version,
            "format": form,
            "tables": counts,
        }
        assert listing(folder) == sorted(f"{table}.{form}" for table in counts)
        assert {"documents", "entities", "mentions", "keyword_trends", "topic_trends", "data_dictionary"} <= set(counts)
        assert [table for table in ("rejections", "concepts", "entities", "mentions") if not counts[table]] == []
        for table in counts:
            answer = connection.execute(f'from "{table}" order by all')
            names = [column[0] for column in answer.description]
            expected = answer.fetchall()
            file = folder / f"{table}.{form}"
            if form == "parquet":
                assert pq.read_schema(file).names == names
                assert rows(file) == expected, table
            else:
                with file.open(encoding="utf-8", newline="") as lines:
                    header, *found = csv.reader(lines)
                assert header == names
                assert found == [[cell(value) for value in row] for row in expected], table


def test_types_are_kept(published: Settings, tmp_path: Path) -> None:
    export(published, tmp_path / "out")
    documents, entities, runs = (
        pq.read_schema(tmp_path / "out" / f"{t}.parquet") for t in ("documents", "entities", "runs")
    )
    assert documents.field("publication_date").type == pa.date32()
    assert documents.field("word_count").type == pa.int64()
    assert entities.field("aliases").type == pa.list_(pa.string())
    assert runs.field("started_at").type == pa.timestamp("us")


def test_csv_tells_a_missing_value_from_an_empty_text(tmp_path: Path) -> None:
    version = tmp_path / "corpus.duckdb"
    with duckdb.connect(str(version)) as connection:
        connection.execute(
            "create table t as select null::varchar as a, '' as b, ['x', null, 'é\"'] as c, []::int[] as d"
        )
        connection.execute(
            "create table data_dictionary as select table_name, column_name, data_type, column_index as position "
            "from duckdb_columns() where table_name = 't'"
        )
    assert export_tables(version, tmp_path, "csv", tmp_path / "spill") == {"t": 1}
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == 'a,b,c,d\n,"","[""x"",null,""é\\""""]",[]\n'


def test_two_exports_of_the_same_documents_are_the_same_whatever_led_to_them(
    published: Settings, tmp_path: Path
) -> None:
    form = "parquet"
    one, again, other = (tmp_path / name for name in ("one", "again", "other"))
    assert export(published, one, "--format", form).exit_code == 0
    assert export(published, again, "--format", form).exit_code == 0
    assert contents(one) == contents(again)
    (published.seeds / "6.txt").write_text(document(6), encoding="utf-8")
    run_corpus(published)
    (published.seeds / "6.txt").unlink()
    run_corpus(published)
    assert export(published, other, "--format", form).exit_code == 0
    # What a topic is called depends on the models before it.
    named_anew = {"topic_models", "topics", "topic_terms", "topic_trends", "document_topics", "passage_topics"}
    differing = {name for name, content in contents(one).items() if contents(other)[name] != content}
    assert differing <= {f"{table}.{form}" for table in HISTORY | named_anew}


def test_people_are_told_the_tables_and_the_version(published: Settings, tmp_path: Path) -> None:
    lines = export(published, tmp_path / "out").stdout.splitlines()
    assert lines[0] == "table\trows"
    assert "documents\t5" in lines
    ((version,),) = query(published, "select max(run_id) from runs")
    assert lines[-1] == f"exported version {version} to {tmp_path / 'out'}"


def test_an_empty_folder_is_filled(published: Settings, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export(published, tmp_path / "out").exit_code == 0
    assert "documents.parquet" in listing(tmp_path / "out")


def test_an_export_is_replaced_only_if_that_is_asked_for(published: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(published, folder)
    before = contents(folder)
    outcome = export(published, folder, "--format", "csv")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr == f"corpus: {folder} holds an export already; --overwrite replaces it\n"
    assert contents(folder) == before
    beside = set(listing(tmp_path))
    assert export(published, folder, "--format", "csv", "--overwrite").exit_code == 0
    assert {Path(name).suffix for name in listing(folder)} == {".csv"}
    assert export(published, folder, "--overwrite").exit_code == 0
    assert contents(folder) == before
    assert set(listing(tmp_path)) == beside


def _stranger(folder: Path) -> str:
    folder.mkdir()
    (folder / "thesis.docx").write_text("years of work")
    return "holds thesis.docx, which is of no export"


def _dictionary_of_something_else(folder: Path) -> str:
    folder.mkdir()
    pq.write_table(pa.table({"table_name": ["entities"]}), folder / "data_dictionary.parquet")
    (folder / "mine.parquet").write_text("years of work")
    return "holds data_dictionary.parquet, which is of no export"


def _something_of_that_name(folder: Path) -> str:
    folder.mkdir()
    (folder / "data_dictionary.parquet").write_text("no Parquet")
    return "holds data_dictionary.parquet, which is of no export"


def _file(folder: Path) -> str:
    folder.write_text("years of work")
    return "is no folder"


@pytest.mark.parametrize("occupy", [_stranger, _dictionary_of_something_else, _something_of_that_name, _file])
def test_what_is_no_export_is_never_replaced(
    published: Settings, tmp_path: Path, occupy: Callable[[Path], str]
) -> None:
    folder = tmp_path / "out"
    message = occupy(folder)
    before = contents(folder) if folder.is_dir() else folder.read_bytes()
    outcome = export(published, folder, "--overwrite")
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert message in outcome.stderr
    assert (contents(folder) if folder.is_dir() else folder.read_bytes()) == before


@pytest.mark.parametrize("place", ["versions/exports", "current", "private/new"])
def test_nothing_is_exported_into_what_a_warehouse_is_made_of(published: Settings, place: str) -> None:
    outcome = export(published, published.warehouse / place)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert "belongs to the warehouse; name another folder" in outcome.stderr
    assert not (published.warehouse / "versions/exports").exists()


def test_a_file_added_to_an_export_keeps_it_from_being_replaced(published: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(published, folder)
    (folder / "notes.txt").write_text("years of work")
    outcome = export(published, folder, "--overwrite")
    assert outcome.exit_code == 2
    assert f"{folder} holds notes.txt, which is of no export; name a new or an empty folder" in outcome.stderr
    assert (folder / "notes.txt").read_text() == "years of work"


def test_before_the_first_run_there_is_nothing_to_export(settings: Settings, tmp_path: Path) -> None:
    outcome = export(settings, tmp_path / "out")
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (1, "", 1)
    assert "nothing has been published yet; start `corpus run`" in outcome.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_to_is_said(published: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    outcome = export(published, tmp_path / "file" / "out")
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (1, "", 1)
    assert "out cannot be written: " in outcome.stderr
    assert outcome.stderr.endswith("nothing has been exported\n")


@pytest.mark.parametrize("earlier", [True, False], ids=["over an export", "new"])
def test_what_fails_half_way_leaves_what_was_there(published: Settings, tmp_path: Path, *, earlier: bool) -> None:
    folder = tmp_path / "out"
    if earlier:
        export(published, folder)
    before = contents(folder) if earlier else None
    file = published_file(published.warehouse).resolve()
    broken = published.warehouse / "versions" / "29990101T000000.000000Z" / file.name
    broken.parent.mkdir()
    shutil.copyfile(file, broken)
    with duckdb.connect(str(broken)) as connection:
        # It breaks when it is read, after the tables before it have been written.
        connection.execute("create or replace view topic_trends as select error('out of reach') as term")
    current = published.warehouse / "current"
    current.unlink()
    current.symlink_to(broken.parent)
    beside = set(listing(tmp_path))
    outcome = export(published, folder, "--overwrite")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "could not be exported (" in outcome.stderr
    assert "nothing is left of the attempt" in outcome.stderr
    assert set(listing(tmp_path)) == beside
    assert (contents(folder) if earlier else folder.exists()) == (before if earlier else False)


def test_an_export_that_cannot_take_its_place_leaves_the_earlier_one(
    published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    export(published, folder)
    before = contents(folder)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "finished":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    outcome = export(published, folder, "--overwrite")
    assert outcome.exit_code == 1
    assert f"{folder} cannot be written: Input/output error; nothing has been exported" in outcome.stderr
    assert contents(folder) == before


def test_a_run_may_go_on_meanwhile(published: Settings, tmp_path: Path) -> None:
    with lock(published.warehouse, "another"), duckdb.connect(str(private_file(published.warehouse))):
        assert export(published, tmp_path / "out").exit_code == 0


def test_a_version_that_is_no_warehouse_is_said(tmp_path: Path) -> None:
    (tmp_path / "corpus.duckdb").write_text("no DuckDB")
    with pytest.raises(WarehouseError, match="could not be exported"):
        export_tables(tmp_path / "corpus.duckdb", tmp_path, "csv", tmp_path / "spill")
