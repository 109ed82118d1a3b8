"""The ledger: which stage has finished which unit of work, from which input and with which fingerprint.

Every function takes a cursor, so that what it writes is committed together with the rows that it is about.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import duckdb
import pyarrow as pa

from warehouse.definitions import qualified, sql
from warehouse.rows import delete_rows, insert_rows, listed

WHOLE_CORPUS = "*"


class Pending(NamedTuple):
    """A unit of work to be done: its id, the digest of its input, and the reason (new, input or stage).

    Of one that is new, neither the ledger nor a table of the stage has any row.
    """

    key_id: str
    inputs: str
    reason: str


def pending(cursor: duckdb.DuckDBPyConnection, stage: str, reads: str, fingerprint: str) -> list[Pending]:
    """The documents that a stage has to do, by id."""
    found = cursor.execute(
        sql("queries", "pending"), {"stage": stage, "reads": reads, "fingerprint": fingerprint}
    ).fetchall()
    return [Pending(*row) for row in found]


def vanished(cursor: duckdb.DuckDBPyConnection, stage: str, reads: str) -> list[str]:
    """The documents that a stage has done and whose input is gone."""
    return [key for (key,) in cursor.execute(sql("queries", "vanished"), {"stage": stage, "reads": reads}).fetchall()]


def pending_corpus(
    cursor: duckdb.DuckDBPyConnection, stage: str, reads: Iterable[str], fingerprint: str
) -> Pending | None:
    """What a stage for the whole corpus has to do: everything, or nothing."""
    inputs = inputs_digest(cursor, reads)
    done = cursor.execute(
        "select fingerprint, inputs from pipeline.ledger where stage = $stage", {"stage": stage}
    ).fetchone()
    if done == (fingerprint, inputs):
        return None
    return Pending(WHOLE_CORPUS, inputs, "new" if done is None else "input" if done[1] != inputs else "stage")


def inputs_digest(cursor: duckdb.DuckDBPyConnection, reads: Iterable[str]) -> str:
    """One digest of everything in some tables."""
    row = cursor.execute(sql("queries", "corpus_inputs"), {"reads": list(reads)}).fetchone()
    assert row is not None  # an aggregate has one row
    return str(row[0])


def reason(cursor: duckdb.DuckDBPyConnection, stage: str, fingerprint: str) -> str:
    """Why a stage for the whole corpus has work: it is `new`, the `stage` has changed, or its `input` only."""
    row = cursor.execute("select fingerprint from pipeline.ledger where stage = $stage", {"stage": stage}).fetchone()
    return "new" if row is None else "input" if row[0] == fingerprint else "stage"


def corpus_digests(cursor: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, str]:
    """The digests of those tables that a stage wrote for the whole corpus."""
    return dict(
        cursor.execute(
            "select table_name, digest from pipeline.digests "
            "where key_id = $corpus and table_name in (select unnest($tables)) order by table_name",
            {"corpus": WHOLE_CORPUS, "tables": list(tables)},
        ).fetchall()
    )


def units(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many documents have rows in a table."""
    row = cursor.execute("select count(*) from pipeline.digests where table_name = $table", {"table": table}).fetchone()
    return int(row[0]) if row else 0


def unit_ids(cursor: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The documents that have rows in a table."""
    statement = "select key_id from pipeline.digests where table_name = $table"
    return {key for (key,) in cursor.execute(statement, {"table": table}).fetchall()}


def record(
    cursor: duckdb.DuckDBPyConnection,
    stage: str,
    fingerprint: str,
    done: Iterable[Pending],
    digests: Mapping[str, Mapping[str, str]],
) -> None:
    """Note units of work as finished. `digests` holds, for each table written, the digest of each unit that has rows there."""
    done = list(done)
    ids = [unit.key_id for unit in done]
    if any(unit.reason != "new" for unit in done):
        forget(cursor, stage, (), ids)
    forget_digests(cursor, digests.keys(), ids)
    rows = pa.table(
        {
            "stage": pa.array([stage] * len(done), pa.string()),
            "key_id": pa.array(ids, pa.string()),
            "fingerprint": pa.array([fingerprint] * len(done), pa.string()),
            "inputs": pa.array([unit.inputs for unit in done], pa.string()),
        }
    )
    cursor.register("finished", rows)
    cursor.execute(
        "insert into pipeline.ledger by name select *, (now() at time zone 'UTC')::timestamp as recorded_at from finished"
    )
    cursor.unregister("finished")
    write_digests(cursor, digests)


def forget(cursor: duckdb.DuckDBPyConnection, stage: str, tables: Iterable[str], ids: list[str]) -> None:
    """Take units of work out of the ledger, with the digests of what they wrote."""
    with listed(cursor, ids):
        cursor.execute(
            "delete from pipeline.ledger where stage = $stage and key_id in (from listed)",
            {"stage": stage},
        )
    forget_digests(cursor, tables, ids)


def forget_digests(cursor: duckdb.DuckDBPyConnection, tables: Iterable[str], ids: list[str]) -> None:
    """Take the digests of units of work out, as their rows are gone: to the stages that read them, the units are."""
    if not (tables := list(tables)):
        return
    with listed(cursor, ids):
        cursor.execute(
            "delete from pipeline.digests where table_name in (select unnest($tables)) and key_id in (from listed)",
            {"tables": tables},
        )


def refuse(cursor: duckdb.DuckDBPyConnection, stage: str, made_with: str, breakdowns: Mapping[str, str]) -> None:
    """Note documents that a stage breaks down on, with what it said, and what it and the stages before it are made of."""
    columns = {"document_id": list(breakdowns), "detail": list(breakdowns.values())}
    cursor.register("broken", pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    cursor.execute(
        "insert into pipeline.refusals by name select document_id, path, 'breakdown' as reason, "
        "$stage || ' breaks down on it: ' || detail as detail, $stage as stage, $made_with as made_with "
        "from broken join pipeline.seed_files using (document_id)",
        {"stage": stage, "made_with": made_with},
    )
    cursor.unregister("broken")


def broken_down(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """The stages that have broken down on documents."""
    statement = "select distinct stage from pipeline.refusals where made_with is not null"
    return {stage for (stage,) in cursor.execute(statement).fetchall()}


def forget_stage(cursor: duckdb.DuckDBPyConnection, stage: str, tables: Iterable[str], reads: str) -> None:
    """Empty a stage's tables and take it out of the ledger.

    The digests of its rows stay where their documents do, so that the stages behind it see whether anything differs.
    """
    tables = list(tables)
    clear(cursor, tables)
    cursor.execute("delete from pipeline.unit_documents where units = $reads", {"reads": reads})
    cursor.execute("delete from pipeline.ledger where stage = $stage", {"stage": stage})
    cursor.execute(
        "delete from pipeline.digests where table_name in (select unnest($tables)) and key_id <> $corpus "
        "and key_id not in (select key_id from pipeline.digests where table_name = $reads)",
        {"tables": tables, "reads": reads, "corpus": WHOLE_CORPUS},
    )


def retry(
    cursor: duckdb.DuckDBPyConnection, stage: str, passing: Iterable[str], today: datetime.date, current: Iterable[str]
) -> None:
    """Note documents as pending that may be read otherwise now: refused for a reason that is `passing`, or of a date to come.

    So may those be that a stage broke down on, save where what it was made with is among the `current` digests.
    """
    cursor.execute(
        sql("queries", "retry"),
        {"stage": stage, "passing": list(passing), "today": today, "current": list(current)},
    )


def write_digests(cursor: duckdb.DuckDBPyConnection, digests: Mapping[str, Mapping[str, str]]) -> None:
    """Note digests, by table and unit, that are not there yet."""
    triples = [(table, key, digest) for table, of_table in digests.items() for key, digest in of_table.items()]
    columns = zip(*triples, strict=True) if triples else ((), (), ())
    names = ("table_name", "key_id", "digest")
    insert_rows(
        cursor, "digests", pa.table({n: pa.array(list(c), pa.string()) for n, c in zip(names, columns, strict=True)})
    )


def changes(cursor: duckdb.DuckDBPyConnection, table: str) -> pa.Array:
    """The keys whose rows in a table have changed, as `replace_rows` notes them, sorted."""
    statement = "select distinct key_id from pipeline.changes where table_name = $table order by key_id"
    return cursor.execute(statement, {"table": table}).to_arrow_table()["key_id"].combine_chunks()


def every_key(cursor: duckdb.DuckDBPyConnection, table: str, key: str) -> pa.Array:
    """All keys of a table, sorted."""
    statement = f'select distinct "{key}" as key_id from {qualified(table)} order by key_id'
    return cursor.execute(statement).to_arrow_table()["key_id"].combine_chunks()


def forget_changes(cursor: duckdb.DuckDBPyConnection, table: str) -> None:
    """Take back what is noted of a table, as it has been taken up."""
    cursor.execute("delete from pipeline.changes where table_name = $table", {"table": table})


def lacks_digests(cursor: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether no unit of a table has a digest."""
    return (
        cursor.execute("from pipeline.digests where table_name = $table limit 1", {"table": table}).fetchone() is None
    )


def seed_digests(cursor: duckdb.DuckDBPyConnection, table: str) -> None:
    """Note the digests of the seed files as they now stand."""
    cursor.execute("delete from pipeline.digests where table_name = $table", {"table": table})
    rows = cursor.execute(sql("queries", "seed_digests")).to_arrow_table()
    insert_rows(cursor, "digests", rows.append_column("table_name", pa.array([table] * rows.num_rows, pa.string())))


def unit_digests(cursor: duckdb.DuckDBPyConnection, units: str, reads: str) -> None:
    """Note the digests of the units that a query puts together from documents, as they now stand.

    A unit's digest is that of its documents: their state there, and what a table has of them. `present_documents` reads these.
    """
    cursor.execute("delete from pipeline.digests where table_name = $units", {"units": units})
    cursor.execute(
        f"create or replace temp table unit_state as with units as ({sql('queries', units).strip().removesuffix(';')}) "
        "select units.period as key_id, units.document_id, md5((units.state, digests.digest)::varchar) as digest "
        "from units join pipeline.digests on digests.table_name = $reads and digests.key_id = units.document_id",
        {"reads": reads},
    )
    made = cursor.execute(
        "select key_id, md5(list((document_id, digest) order by document_id)::varchar) as digest "
        "from unit_state group by key_id order by key_id"
    ).fetchall()
    write_digests(cursor, {units: dict(made)})


def present_documents(cursor: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, dict[str, str]]:
    """The documents of some units with their digests, as `unit_digests` has found them."""
    with listed(cursor, keys):
        found = _by_unit(cursor.execute("from unit_state where key_id in (from listed) order by all").fetchall())
    cursor.execute("drop table unit_state")
    return found


def done_documents(
    cursor: duckdb.DuckDBPyConnection, stage: str, fingerprint: str, units: str, keys: Iterable[str]
) -> dict[str, dict[str, str]]:
    """The documents of those of some units that a stage has done as it is, with their digests at that time."""
    with listed(cursor, keys):
        rows = cursor.execute(
            "select documents.key_id, documents.document_id, documents.digest "
            "from pipeline.unit_documents as documents "
            "join pipeline.ledger as ledger on ledger.stage = $stage and ledger.key_id = documents.key_id "
            "where documents.units = $units and documents.key_id in (from listed) and ledger.fingerprint = $fingerprint",
            {"stage": stage, "fingerprint": fingerprint, "units": units},
        ).fetchall()
    return _by_unit(rows)


def _by_unit(rows: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for unit, document, value in rows:
        found.setdefault(unit, {})[document] = value
    return found


def record_documents(cursor: duckdb.DuckDBPyConnection, units: str, documents: Mapping[str, Mapping[str, str]]) -> None:
    """Note the documents of units that are done, with their digests; one that has none is gone."""
    with listed(cursor, documents):
        cursor.execute(
            "delete from pipeline.unit_documents where units = $units and key_id in (from listed)", {"units": units}
        )
    rows = [(units, key, document, value) for key, held in documents.items() for document, value in held.items()]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    names = ("units", "key_id", "document_id", "digest")
    table = pa.table({name: pa.array(values, pa.string()) for name, values in zip(names, columns, strict=True)})
    insert_rows(cursor, "unit_documents", table)


def fingerprint_parts(cursor: duckdb.DuckDBPyConnection, stage: str) -> dict[str, str]:
    """The parts of the fingerprint that a stage last ran with."""
    return dict(
        cursor.execute(
            "select part, value from pipeline.fingerprints where stage = $stage", {"stage": stage}
        ).fetchall()
    )


def record_fingerprint(cursor: duckdb.DuckDBPyConnection, stage: str, parts: Mapping[str, str]) -> None:
    """Note the parts of the fingerprint that a stage runs with."""
    if fingerprint_parts(cursor, stage) == parts:
        return
    cursor.execute("delete from pipeline.fingerprints where stage = $stage", {"stage": stage})
    columns = {"stage": [stage] * len(parts), "part": list(parts), "value": list(parts.values())}
    insert_rows(
        cursor, "fingerprints", pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    )


def clear(cursor: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Empty the tables that a run can rebuild, the ledger with them."""
    for table in tables:
        delete_rows(cursor, table, None)
