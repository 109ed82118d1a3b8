"""The ledger: what is pending and why, what has vanished, and how what is done is recorded."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from warehouse import ledger
from warehouse.ledger import WHOLE_CORPUS, Pending
from warehouse.store import Store


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor on an empty warehouse in which `seed_files` has the documents a, b and c."""
    with Store(None) as store, store.transaction() as cursor:
        ledger.write_digests(cursor, {"seed_files": {"a": "a1", "b": "b1", "c": "c1"}})
        yield cursor


def finish(cursor: duckdb.DuckDBPyConnection, *units: tuple[str, str], fingerprint: str = "f1") -> None:
    known = {key for (key,) in cursor.execute("select key_id from pipeline.ledger where stage = 'ingest'").fetchall()}
    done = [Pending(key, inputs, "input" if key in known else "new") for key, inputs in units]
    ledger.record(cursor, "ingest", fingerprint, done, {"sources": {key: f"s{inputs}" for key, inputs in units}})


def pending(cursor: duckdb.DuckDBPyConnection, fingerprint: str = "f1") -> list[tuple[str, str, str]]:
    return [tuple(unit) for unit in ledger.pending(cursor, "ingest", "seed_files", fingerprint)]


@pytest.mark.parametrize(
    ("done", "fingerprint", "expected"),
    [
        pytest.param([], "f1", [("a", "a1", "new"), ("b", "b1", "new"), ("c", "c1", "new")], id="nothing done"),
        pytest.param([("a", "a1"), ("c", "c1")], "f1", [("b", "b1", "new")], id="one not done"),
        pytest.param([("a", "a0"), ("b", "b1"), ("c", "c1")], "f1", [("a", "a1", "input")], id="input changed"),
        pytest.param([("a", "a1"), ("b", "b1"), ("c", "c1")], "f1", [], id="all done"),
        pytest.param(
            [("a", "a1"), ("b", "b0"), ("c", "c1")],
            "f2",
            [("a", "a1", "stage"), ("b", "b1", "input"), ("c", "c1", "stage")],
            id="stage changed",
        ),
        pytest.param([("a", "a1"), ("b", "b1"), ("c", "c1"), ("d", "d1")], "f1", [], id="one gone"),
    ],
)
def test_pending_is_what_is_new_or_changed_with_the_reason(
    cursor: duckdb.DuckDBPyConnection,
    done: list[tuple[str, str]],
    fingerprint: str,
    expected: list[tuple[str, str, str]],
) -> None:
    finish(cursor, *done)
    assert pending(cursor, fingerprint) == expected


def test_what_one_stage_has_done_another_has_still_to_do(cursor: duckdb.DuckDBPyConnection) -> None:
    finish(cursor, ("a", "a1"), ("b", "b1"), ("c", "c1"))
    assert [unit.key_id for unit in ledger.pending(cursor, "clean", "seed_files", "f1")] == ["a", "b", "c"]
    assert [unit.key_id for unit in ledger.pending(cursor, "clean", "sources", "f1")] == ["a", "b", "c"]


def test_vanished_is_what_was_done_and_is_no_longer_there(cursor: duckdb.DuckDBPyConnection) -> None:
    finish(cursor, ("a", "a1"), ("x", "x1"), ("y", "y1"))
    assert ledger.vanished(cursor, "ingest", "seed_files") == ["x", "y"]
    ledger.forget(cursor, "ingest", ["sources"], ["x", "y"])
    assert ledger.vanished(cursor, "ingest", "seed_files") == []
    left = cursor.execute("select key_id from pipeline.digests where table_name = 'sources'").fetchall()
    assert left == [("a",)]


def test_what_is_done_again_is_recorded_once(cursor: duckdb.DuckDBPyConnection) -> None:
    finish(cursor, ("a", "a0"))
    finish(cursor, ("a", "a1"), fingerprint="f2")
    rows = cursor.execute("select stage, key_id, fingerprint, inputs from pipeline.ledger").fetchall()
    assert rows == [("ingest", "a", "f2", "a1")]
    digests = cursor.execute("select key_id, digest from pipeline.digests where table_name = 'sources'").fetchall()
    assert digests == [("a", "sa1")]


def test_a_document_that_no_longer_has_rows_loses_its_digest(cursor: duckdb.DuckDBPyConnection) -> None:
    finish(cursor, ("a", "a0"))
    ledger.record(cursor, "ingest", "f1", [Pending("a", "a1", "input")], {"sources": {}})
    assert cursor.execute("select * from pipeline.digests where table_name = 'sources'").fetchall() == []
    assert [unit[0] for unit in pending(cursor)] == ["b", "c"]


def test_a_corpus_stage_is_pending_as_a_whole(cursor: duckdb.DuckDBPyConnection) -> None:
    def unit(fingerprint: str = "f1") -> Pending | None:
        return ledger.pending_corpus(cursor, "trends", ["seed_files", "sources"], fingerprint)

    first = unit()
    assert first is not None
    assert (first.key_id, first.reason) == (WHOLE_CORPUS, "new")
    ledger.record(cursor, "trends", "f1", [first], {"terms": {WHOLE_CORPUS: "t"}})
    assert unit() is None
    assert unit("f2") == Pending(WHOLE_CORPUS, first.inputs, "stage")
    finish(cursor, ("a", "a1"))
    changed = unit()
    assert changed is not None
    assert (changed.reason, changed.inputs != first.inputs) == ("input", True)
    ledger.forget(cursor, "ingest", ["sources"], ["a"])
    assert unit() is None


def test_the_parts_of_a_fingerprint_are_those_last_recorded(cursor: duckdb.DuckDBPyConnection) -> None:
    assert ledger.fingerprint_parts(cursor, "ingest") == {}
    ledger.record_fingerprint(cursor, "ingest", {"version": "1", "setting a": "1"})
    ledger.record_fingerprint(cursor, "clean", {"version": "5"})
    ledger.record_fingerprint(cursor, "ingest", {"version": "2"})
    assert ledger.fingerprint_parts(cursor, "ingest") == {"version": "2"}
    assert ledger.fingerprint_parts(cursor, "clean") == {"version": "5"}


def test_the_digest_of_a_seed_file_is_of_its_content_name_and_description(cursor: duckdb.DuckDBPyConnection) -> None:
    insert = (
        "insert into pipeline.files select path, 1, 1, 1, sha, 'read', null, null, overrides "
        "from (values ('b.txt', 'content-1-0123456', null), ('a.txt', 'content-1-0123456', null), "
        "('c.txt', 'content-2-0123456', null)) as found(path, sha, overrides)"
    )

    def digests() -> dict[str, str]:
        ledger.seed_digests(cursor, "seed_files")
        found = cursor.execute("select key_id, digest from pipeline.digests where table_name = 'seed_files'")
        return dict(found.fetchall())

    cursor.execute(insert)
    first = digests()
    assert first.keys() == {"content-1-012345", "content-2-012345"}
    changes = {
        "update pipeline.files set path = 'z.txt' where path = 'b.txt'": set(),  # one of two files with the same bytes
        "update pipeline.files set path = 'd.txt' where path = 'c.txt'": {"content-2-012345"},
        "update pipeline.files set overrides = '{}' where path = 'a.txt'": {"content-1-012345", "content-2-012345"},
        "update pipeline.files set modified_ns = 2": {"content-1-012345", "content-2-012345"},
    }
    for statement, differing in changes.items():
        cursor.execute(statement)
        now = digests()
        assert {key for key in now if now[key] != first[key]} == differing, statement


def test_clear_empties_the_tables_named_and_no_other(cursor: duckdb.DuckDBPyConnection) -> None:
    finish(cursor, ("a", "a1"))
    ledger.clear(cursor, ["ledger"])
    assert cursor.execute("select count(*) from pipeline.ledger").fetchall() == [(0,)]
    assert cursor.execute("select count(*) from pipeline.digests").fetchall() == [(4,)]
