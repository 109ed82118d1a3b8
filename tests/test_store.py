"""The warehouse file: its tables follow the SQL files, its transactions are whole, a rehearsal leaves no trace."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import warehouse.store
from tasks.entities import Entity
from tasks.stage import arrow_schema
from tasks.topics import TopicState
from tests.conftest import edit, memory_limit
from warehouse.checking import FOLDERS
from warehouse.definitions import meaning, qualified, query_digest, sql, sql_names, table_digest
from warehouse.errors import DamagedError, WarehouseError
from warehouse.rows import delete_rows, insert_rows, listed, replace_rows
from warehouse.store import Store


@pytest.fixture(scope="module", autouse=True)
def _made_from_nothing(_ready_made_stores: dict[str, Callable[..., None]]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, method in _ready_made_stores.items():
            patch.setattr(Store, name, method)
        yield


def bodies(*ids: str) -> pa.Table:
    return pa.table({"document_id": list(ids), "word_count": [3] * len(ids), "body_sha256": list(ids)})


def write(store: Store, *ids: str) -> None:
    with store.transaction() as cursor:
        insert_rows(cursor, "bodies", bodies(*ids))


def ids(store: Store) -> list[str]:
    return [key for (key,) in store.rows("select document_id from pipeline.bodies order by document_id")]


# -- schema -----------------------------------------------------------------------------------------------------------


def test_a_new_warehouse_has_every_table_view_and_macro_and_each_answers() -> None:
    with Store(None) as store:
        assert set(store.upkeep.rebuilt) == {qualified(name) for name in sql_names("schema")}
        for name in sql_names("schema"):
            assert (store.rows(f"select * from {qualified(name)}") == []) == (name != "dictionary")
        for name in sql_names("queries"):
            text = sql("queries", name)
            is_question = "$" not in text and "insert into" not in text
            assert not is_question or store.query(name).num_rows == 0
        assert store.rows("from kwic('data')") + store.rows("from term_trend('data')") == []


def test_tables_keep_their_rows_when_the_file_is_opened_again(tmp_path: Path) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        write(store, "a")
    with Store(tmp_path / "x.duckdb") as store:
        assert (store.upkeep.rebuilt, ids(store)) == ((), ["a"])


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        pytest.param("word_count  bigint", "spare integer, word_count  bigint", [], id="a column more"),
        pytest.param("bigint not null", "bigint", [], id="a constraint less"),
        pytest.param("word_count  bigint", "-- a comment\n    word_count bigint", ["a"], id="a comment"),
        pytest.param("'Words of", "'All words of", ["a"], id="another description"),
    ],
)
def test_a_table_is_made_anew_when_its_file_says_something_else(
    tmp_path: Path, statements: Path, old: str, new: str, kept: list[str]
) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        write(store, "a")
    edit(statements / "schema/bodies.sql", old, new)
    with Store(tmp_path / "x.duckdb") as store:
        assert (store.upkeep.rebuilt, ids(store)) == (() if kept else ("pipeline.bodies",), kept)


def test_a_table_of_history_keeps_its_rows_and_gets_each_file_once(tmp_path: Path, statements: Path) -> None:
    insert = "insert into pipeline.first_seen values ('a', '2021-10-18')"
    with Store(tmp_path / "x.duckdb") as store, store.transaction() as cursor:
        cursor.execute(insert)
    (statements / "schema/history/0002_more.sql").write_text(
        "alter table pipeline.first_seen add column note varchar default 'later';"
    )
    for _ in range(2):
        with Store(tmp_path / "x.duckdb") as store:
            assert store.rows("select document_id, note from pipeline.first_seen") == [("a", "later")]


def test_a_changed_view_is_there_at_the_next_opening(tmp_path: Path, statements: Path) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        assert "told" not in {column for (column,) in store.rows("select column_name from (describe documents)")}
    edit(statements / "views/20_documents.sql", "    sources.path,", "    sources.path,\n    'anew' as told,")
    with Store(tmp_path / "x.duckdb") as store:
        assert "told" in {column for (column,) in store.rows("select column_name from (describe documents)")}


def test_a_view_or_macro_that_is_no_longer_defined_is_gone_at_the_next_opening(
    tmp_path: Path, statements: Path
) -> None:
    (statements / "views/90_extra.sql").write_text("create or replace view extra as select 1 as a;")
    (statements / "macros/extra_rows.sql").write_text("create or replace macro extra_rows() as table from extra;")
    with Store(tmp_path / "x.duckdb") as store:
        assert store.rows("from extra_rows()") == [(1,)]
        assert store.rows("select table_name from data_dictionary where table_name = 'extra'")
    (statements / "macros/extra_rows.sql").unlink()
    (statements / "views/90_extra.sql").unlink()
    with Store(tmp_path / "x.duckdb") as store:
        for name in ("extra", "extra_rows()"):
            with pytest.raises(duckdb.CatalogException):
                store.rows(f"from {name}")
        assert store.rows("select table_name from data_dictionary where table_name = 'extra'") == []


def test_a_view_that_becomes_a_table_is_replaced_by_it(tmp_path: Path, statements: Path) -> None:
    (statements / "views/90_extra.sql").write_text("create or replace view pipeline.extra as select 1 as a;")
    with Store(tmp_path / "x.duckdb"):
        pass
    (statements / "views/90_extra.sql").unlink()
    (statements / "schema/extra.sql").write_text("create table if not exists pipeline.extra (a bigint);")
    with Store(tmp_path / "x.duckdb") as store:
        assert store.rows("from pipeline.extra") == []
        assert store.upkeep.rebuilt == ("pipeline.extra",)


def test_the_file_can_be_opened_by_the_oldest_duckdb_that_is_supported(tmp_path: Path) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        write(store, "a")
        ((tags,),) = store.rows("select tags['storage_version'] from duckdb_databases() where path is not null")
    assert tags.startswith("v1.5")


@pytest.mark.parametrize("content", [b"not a database " * 500, b"short"], ids=["long", "short"])
def test_a_file_that_is_no_database_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.duckdb").write_bytes(content)
    with pytest.raises(DamagedError, match=r"x\.duckdb is damaged .* goes on from the published version"):
        Store(tmp_path / "x.duckdb")


def test_a_file_that_another_process_writes_to_is_said(tmp_path: Path) -> None:
    with Store(tmp_path / "x.duckdb"), pytest.raises((WarehouseError, duckdb.Error)):
        duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True)


# -- transactions -----------------------------------------------------------------------------------------------------


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        write(store, "a")

        def fail() -> None:
            with store.transaction() as cursor:
                delete_rows(cursor, "bodies", ["a"])
                insert_rows(cursor, "bodies", bodies("b"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert ids(store) == ["a"]
        write(store, "c")
        assert ids(store) == ["a", "c"]


def test_a_rehearsal_sees_its_changes_and_leaves_none(tmp_path: Path) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        write(store, "a")
        with store.rehearsal() as cursor:
            delete_rows(cursor, "bodies", None)
            insert_rows(cursor, "bodies", bodies("b", "c"))
            seen = cursor.execute("select document_id from pipeline.bodies order by all").fetchall()
        assert (seen, ids(store)) == ([("b",), ("c",)], ["a"])


@pytest.mark.parametrize("context", [Store.transaction, Store.rehearsal], ids=["transaction", "rehearsal"])
def test_one_that_an_interrupt_has_left_behind_says_nothing_when_the_file_is_closed(
    context: Callable[[Store], AbstractContextManager[duckdb.DuckDBPyConnection]], tmp_path: Path
) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        left_behind = context(store)
        cursor = left_behind.__enter__()
        insert_rows(cursor, "bodies", bodies("a"))
        asked_within = listed(cursor, ["a"])
        asked_within.__enter__()
    del asked_within, left_behind  # what fails here is told by the interpreter, and nobody can catch it
    with Store(tmp_path / "x.duckdb") as store:
        assert ids(store) == []


def test_one_that_an_interrupt_has_left_behind_is_taken_back_and_in_nobodys_way(tmp_path: Path) -> None:
    with Store(tmp_path / "x.duckdb") as store:
        write(store, "a")
        left_behind = store.transaction()
        left_behind.__enter__().execute("update pipeline.bodies set word_count = 7")
        with store.transaction() as cursor:
            cursor.execute("update pipeline.bodies set word_count = word_count + 1")
        assert store.rows("select word_count from pipeline.bodies") == [(4,)]
        del left_behind
        write(store, "b")
        assert ids(store) == ["a", "b"]


@pytest.mark.parametrize(
    ("gone", "left"), [(["a"], ["b", "c"]), ([], ["a", "b", "c"]), (["x"], ["a", "b", "c"]), (None, [])], ids=str
)
def test_delete_takes_the_rows_of_the_documents_named(gone: list[str] | None, left: list[str]) -> None:
    with Store(None) as store:
        write(store, "a", "b", "c")
        with store.transaction() as cursor:
            delete_rows(cursor, "bodies", gone)
        assert ids(store) == left


def test_read_gives_the_rows_of_the_documents_named_in_the_order_of_the_columns() -> None:
    with Store(None) as store:
        write(store, "c", "b", "a")
        assert store.read("bodies", ["word_count", "document_id"], "document_id", ["c", "a"]) == [(3, "a"), (3, "c")]


def test_rows_with_a_column_that_the_table_lacks_are_refused() -> None:
    with Store(None) as store, pytest.raises(duckdb.Error, match="colour"), store.transaction() as cursor:
        insert_rows(cursor, "bodies", bodies("a").append_column("colour", pa.array(["red"])))


_DATES = st.none() | st.sampled_from([datetime.date(2015, 7, 4), datetime.date(1969, 12, 31)])
_COUNTS = st.integers(0, 2)
_SHARES = st.none() | st.sampled_from([0.0, -0.0, 0.1, math.nextafter(0.1, 1), float("nan")])
_NAMES = st.sampled_from(["", "a", "b"])
_ALIASES = st.none() | st.lists(st.none() | _NAMES, max_size=2)
_ROWS = {
    "entities": st.tuples(_NAMES, _NAMES, _NAMES, _ALIASES, _COUNTS, _COUNTS, _DATES, _DATES),
    "topic_states": st.tuples(st.none() | _NAMES, _NAMES, _NAMES, _COUNTS, _SHARES, _SHARES, _COUNTS),
}


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    with Store(None) as store:
        yield store


@pytest.mark.parametrize("table", _ROWS)
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_a_table_whose_rows_are_replaced_holds_exactly_the_new_ones(
    empty: Store, table: str, data: st.DataObject
) -> None:
    schema = arrow_schema({"entities": Entity, "topic_states": TopicState}[table])
    with empty.rehearsal() as cursor:
        held: list[str] = []
        for _ in range(3):
            rows = data.draw(st.lists(_ROWS[table], max_size=5))
            rows += data.draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
            columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema]
            is_changed = replace_rows(cursor, table, pa.table(columns, schema))
            expected = sorted(map(repr, rows))
            assert sorted(map(repr, cursor.execute(f"from {qualified(table)}").fetchall())) == expected
            assert is_changed or held == expected
            assert not is_changed or held != expected or len(set(held)) < len(held)
            held = expected


def test_rows_that_stay_the_same_are_not_written_again() -> None:
    with Store(None) as store:
        write(store, "a", "b", "c")
        with store.transaction() as cursor:
            assert replace_rows(cursor, "bodies", bodies("d", "c", "b"))
            assert not replace_rows(cursor, "bodies", bodies("b", "c", "d"))
        assert store.rows("select document_id, rowid from pipeline.bodies order by rowid") == [
            ("b", 1),
            ("c", 2),
            ("d", 3),
        ]


def test_rows_with_one_of_some_keys_are_replaced_and_no_others() -> None:
    with Store(None) as store:
        write(store, "a", "b", "c")
        with store.transaction() as cursor:
            assert replace_rows(cursor, "bodies", bodies("b", "d"), key="document_id", ids=["a", "b", "d"])
            assert not replace_rows(cursor, "bodies", bodies("d"), key="document_id", ids=["d", "x"])
        assert store.rows("select document_id, rowid from pipeline.bodies order by rowid") == [
            ("b", 1),
            ("c", 2),
            ("d", 3),
        ]


# -- digests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1 -- one\nfrom t", "select 1 from t"),
        ("select\n    1\n\nfrom t;\n", "select 1 from t;"),
        ("create table t (a int);\ncomment on table t is 'What; it is';\n", "create table t (a int);"),
        ("COMMENT ON COLUMN t.a IS 'It''s';\nselect 1", "select 1"),
    ],
    ids=["comment", "layout", "description", "capitals"],
)
def test_meaning_leaves_out_what_does_not_change_the_rows(text: str, expected: str) -> None:
    assert meaning(text) == expected


def test_a_dash_in_a_text_is_no_comment() -> None:
    assert meaning("select 'a -- b' as x") != meaning("select 'a -- c' as x")


def test_it_holds_no_more_in_memory_than_the_file_is_large_or_a_small_one_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path / "corpus.duckdb") as store:
        by_itself = memory_limit(store._connection)
        small = store.sparing(lambda: memory_limit(store._connection))
        monkeypatch.setattr(warehouse.store, "_LEAST_MEMORY", 1)
        store.checkpoint()
        as_large = store.sparing(lambda: memory_limit(store._connection))
        with (tmp_path / "corpus.duckdb").open("ab") as file:
            file.truncate(by_itself * 2)
        most = store.sparing(lambda: memory_limit(store._connection))
        afterwards = memory_limit(store._connection)
    assert small == pytest.approx(400_000_000, rel=1e-3)
    assert 100_000 < as_large < 50_000_000
    assert most == afterwards == pytest.approx(by_itself, rel=0.01)


def test_what_cannot_do_with_so_little_memory_is_done_once_more_with_all(tmp_path: Path) -> None:
    limits: list[int] = []
    with Store(tmp_path / "corpus.duckdb") as store:

        def starve(most: float) -> str:
            limits.append(memory_limit(store._connection))
            if limits[-1] < most:
                raise duckdb.OutOfMemoryException("could not allocate block")
            return "done"

        assert store.sparing(lambda: starve(500_000_000)) == "done"
        with pytest.raises(duckdb.OutOfMemoryException):
            store.sparing(lambda: starve(math.inf))
        assert [limit < 500_000_000 for limit in limits] == [True, False] * 2
        assert memory_limit(store._connection) < 500_000_000
        store.checkpoint()
        assert memory_limit(store._connection) > 500_000_000


def test_a_large_query_gives_the_same_with_its_texts_in_dictionaries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse.store, "_ROWS_AT_ONCE", 2)
    with Store(None) as store:
        plain, encoded = store.query("lineage"), store.query_encoded("lineage")
        assert (encoded.num_rows, encoded.column_names) == (plain.num_rows, plain.column_names)
        links = [["m1", "m1", "m2", "m2", "m1"], ["m2", "m3", "m3", "m3", "m4"], ["t1", None, "t2", "t3", "t1"]]
        names = ["from_model_id", "to_model_id", "from_topic_id"]
        rows = pa.table(dict(zip(names, links, strict=True))).append_column("relation", [["continued"] * 5])
        with store.transaction() as cursor:
            insert_rows(cursor, "topic_lineage", rows)
        plain, encoded = store.query("lineage"), store.query_encoded("lineage")
    assert plain.num_rows == 5
    assert encoded.to_pylist() == plain.to_pylist()
    assert {str(encoded[name].type) for name in names} == {"dictionary<values=string, indices=int32, ordered=0>"}


@pytest.mark.parametrize(
    ("file", "old", "new", "differs"),
    [
        pytest.param("queries/periods.sql", "order by", "-- so\norder    by", False, id="layout"),
        pytest.param("queries/periods.sql", "order by", "where true order by", True, id="the query"),
        pytest.param("views/15_periods.sql", "median(gap)", "max(gap)", True, id="a view that it reads"),
        pytest.param("views/15_periods.sql", "-- Another", "-- One more", False, id="a comment in the view"),
        pytest.param("views/15_periods.sql", "'First day", "'The first day", False, id="a description in the view"),
        pytest.param(
            "views/10_document_periods.sql", "not in", "is not null and document_id not in", True, id="its view's view"
        ),
        pytest.param("views/10_seed_files.sql", "is not null", "is not null and true", False, id="another view"),
    ],
)
def test_the_digest_of_a_query_follows_what_it_means(
    statements: Path, file: str, old: str, new: str, differs: bool
) -> None:
    before = query_digest("periods")
    edit(statements / file, old, new)
    assert (query_digest("periods") != before) is differs


def test_the_digests_of_tables_and_queries_tell_them_apart() -> None:
    for digests in (
        [table_digest(name) for name in sql_names("schema")],
        [query_digest(n) for n in sql_names("queries")],
    ):
        assert len(set(digests)) == len(digests)


def test_every_sql_file_can_be_had_by_its_name() -> None:
    for folder in ("schema", "views", "macros", "queries", *FOLDERS):
        assert sql_names(folder) == sorted(sql_names(folder))
        assert all(sql(folder, name).strip() for name in sql_names(folder))


def test_a_table_that_has_become_a_view_makes_room_for_it(tmp_path: Path) -> None:
    path = tmp_path / "corpus.duckdb"
    with Store(path) as store, store.transaction() as cursor:
        cursor.execute("drop view terms")
        cursor.execute("create table terms (term varchar)")
        cursor.execute("insert into pipeline.schema_versions values ('schema/terms', 'of another version')")
        cursor.execute("update pipeline.schema_versions set digest = 'another' where name = 'definitions'")
    with Store(path) as store:
        assert store.rows("select count(*) from terms") == [(0,)]
        assert store.rows("select view_name from duckdb_views() where view_name = 'terms'") == [("terms",)]
