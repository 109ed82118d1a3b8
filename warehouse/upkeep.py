"""Bring the schema of a warehouse file to what the SQL files say."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.definitions import created_table, definitions_digest, sql, sql_names, table_digest

VERSIONS = """
create schema if not exists pipeline;
create table if not exists pipeline.schema_versions (name varchar not null, digest varchar not null);
comment on table pipeline.schema_versions is 'One row per part of the schema: a digest of what made it.';
comment on column pipeline.schema_versions.name is 'A schema file, or definitions for all that readers see';
comment on column pipeline.schema_versions.digest is 'The digest';
"""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Tables that had to be `rebuilt`, those `lost` among them that were gone and not changed, and what else had to be done.

    `is_redefined` tells whether anything that readers see is defined otherwise than before.
    """

    rebuilt: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    is_redefined: bool = False


def keep_schema(cursor: duckdb.DuckDBPyConnection) -> Upkeep:
    """Bring tables, views, macros and comments to what the files say; say what that took."""
    cursor.execute(VERSIONS)
    versions = dict(cursor.execute("select name, digest from pipeline.schema_versions").fetchall())
    tables = "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()"
    existing = {name.removeprefix("main.") for (name,) in cursor.execute(tables).fetchall()}
    current = {f"schema/{name}": table_digest(name) for name in sql_names("schema")}
    current |= {f"history/{name}": "applied" for name in sql_names("schema/history")}
    # What a later version of the program has added to the history stays, and so does the record of it.
    current |= {name: digest for name, digest in versions.items() if name.startswith("history/")}
    current["definitions"] = definitions_digest()
    for name in sql_names("schema/history"):
        if f"history/{name}" not in versions:
            cursor.execute(sql("schema/history", name))
    rebuilt: list[str] = []
    lost: list[str] = []
    if is_changed := versions.get("definitions") != current["definitions"]:
        _drop_definitions(cursor)
    for name in sorted(versions.keys() - current.keys()):  # it may now be a view
        table = name.rpartition("/")[2]
        for place in existing & {table, f"pipeline.{table}"}:
            cursor.execute(f"drop table {place}")
    for name in sql_names("schema"):
        table = created_table(sql("schema", name))
        if versions.get(f"schema/{name}") != current[f"schema/{name}"] or table not in existing:
            cursor.execute(f"drop table if exists {table}")
            rebuilt.append(table)
            if versions.get(f"schema/{name}") == current[f"schema/{name}"]:
                lost.append(table)
    is_redefined = bool(rebuilt) or is_changed
    if is_redefined:
        for folder in ("schema", "views", "macros"):
            for name in sql_names(folder):
                cursor.execute(sql(folder, name))
        cursor.execute("delete from pipeline.dictionary")
        cursor.execute(sql("queries", "describe"))
    if versions != current:
        cursor.execute("delete from pipeline.schema_versions")
        cursor.executemany("insert into pipeline.schema_versions values (?, ?)", sorted(current.items()))
    return Upkeep(tuple(rebuilt), tuple(lost), is_redefined)


def _drop_definitions(cursor: duckdb.DuckDBPyConnection) -> None:
    """Drop all views and macros: what is not defined any more, or is to be a table."""
    ours = "database_name = current_database() and schema_name in ('main', 'pipeline') and not internal"
    views = f"select 'view', schema_name, view_name from duckdb_views() where {ours}"
    macros = (
        "select distinct if(function_type = 'macro', 'macro', 'macro table'), schema_name, function_name "
        f"from duckdb_functions() where {ours} and function_type in ('macro', 'table_macro')"
    )
    for kind, schema, name in cursor.execute(f"{views} union all {macros}").fetchall():
        cursor.execute(f'drop {kind} {schema}."{name}"')
