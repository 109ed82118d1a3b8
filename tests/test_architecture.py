"""The rules of the layout: who imports whom, one record a table, one writer a table, everything described."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from flows.documentation import README, with_generated_parts
from flows.settings import Settings
from flows.stages import STAGES, begins_after, chain_begins_after, last_chain, upstream
from tasks.ingest import SeedFile
from tasks.scan import File
from tasks.stage import Record, Stage, arrow_schema
from warehouse.checking import FOLDERS
from warehouse.definitions import SQL, is_kept, qualified, sql, sql_names
from warehouse.store import Store

ROOT = Path(__file__).parent.parent
PACKAGES = {"flows", "tasks", "warehouse"}
MAY_IMPORT = {"flows": PACKAGES, "tasks": {"tasks"}, "warehouse": {"warehouse"}}

# The one home of each dependency, as module prefixes.
HOMES = {
    "prefect": ("flows.artifacts", "flows.outage", "flows.pipeline", "flows.schedule"),
    "prefect_dask": ("flows.pipeline",),
    "distributed": ("flows.cluster",),
    "uvicorn": ("flows.private_server",),
    "click": ("flows.cli", "flows.endings"),
    "rich": ("flows.display",),
    "pydantic_settings": ("flows.folders", "flows.settings"),
    "duckdb": ("warehouse",),
    "spacy": (
        "tasks.annotate",
        "tasks.embedding_cache",
        "tasks.entity_decoder",
        "tasks.language_model",
        "tasks.recognition",
    ),
    "gensim": ("tasks.topic_fit",),
    "yaml": ("tasks.readers",),
    "charset_normalizer": ("tasks.readers", "tasks.ingest"),
    "ftfy": ("tasks.readers", "tasks.ingest"),
    "py3langid": ("tasks.language",),
    "puremagic": ("tasks.readers",),
    "simplemma": ("tasks.lemma_dictionary", "tasks.readers.wrapping"),
    "lxml": ("tasks.readers.html_blocks", "tasks.readers.office"),
    "trafilatura": ("tasks.readers.html_article",),
    "pypdfium2": ("tasks.readers.pdf",),
    "pebble": ("tasks.isolation",),
    "jinja2": ("tasks.report",),
    "vl_convert": ("flows.charts",),
}

TOP_LEVEL = {"pyproject.toml", "README.md", "seeds", "flows", "tasks", "warehouse", "tests"}


def modules() -> dict[str, ast.Module]:
    found = {}
    for package in sorted(PACKAGES):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add(node.module or "")
    return names


def test_packages_import_in_one_direction() -> None:
    wrong = [
        (module, name)
        for module, tree in modules().items()
        for name in imported(tree)
        if name.split(".")[0] in PACKAGES - MAY_IMPORT[module.split(".")[0]]
    ]
    assert wrong == []


def test_each_dependency_has_one_home() -> None:
    strays = [
        (module, name)
        for module, tree in modules().items()
        for name in imported(tree)
        if (home := HOMES.get(name.split(".")[0])) is not None and not module.startswith(home)
    ]
    assert strays == []


def test_the_top_level_holds_what_the_layout_names() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    names = {path.split("/")[0] for path in listed if path and not path.startswith(".")}
    assert names == TOP_LEVEL


RECORDS = {record.TABLE: record for stage in STAGES for record in stage.writes} | {File.TABLE: File}
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "binary": "BLOB",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
    "list<item: string>": "VARCHAR[]",
    "list<item: int64>": "BIGINT[]",
    "list<item: double>": "DOUBLE[]",
}


@pytest.mark.parametrize("table", sorted(RECORDS))
def test_a_record_equals_its_table(table: str) -> None:
    with Store(None) as store:
        columns = store.rows(
            "select column_name, data_type from duckdb_columns() where table_name = $table order by column_index",
            {"table": table},
        )
    fields = arrow_schema(RECORDS[table])
    assert columns == [(field.name, DUCKDB_TYPES[str(field.type)]) for field in fields]


def test_the_first_stage_reads_what_its_view_gives() -> None:
    with Store(None) as store:
        columns = store.rows(
            "select column_name from duckdb_columns() where table_name = 'seed_files' order by column_index"
        )
    assert [name for (name,) in columns] == arrow_schema(SeedFile).names


def test_a_table_has_one_writer() -> None:
    writers: dict[str, list[str]] = {}
    for stage in STAGES:
        for record in stage.writes:
            writers.setdefault(record.TABLE, []).append(stage.name)
    assert {table: names for table, names in writers.items() if len(names) > 1} == {}


def test_every_schema_file_is_a_record_or_the_ledgers() -> None:
    made_anew = {table for table in RECORDS if not is_kept(table)}
    assert set(sql_names("schema")) == made_anew | {
        "ledger",
        "digests",
        "changes",
        "fingerprints",
        "unit_documents",
        "dictionary",
        "concepts",
    }


def test_only_the_topics_are_kept_from_one_rebuild_to_the_next() -> None:
    assert {table for table in RECORDS if is_kept(table)} == {"topic_fits", "topic_weights", "topic_lineage"}


def test_a_stage_reads_what_stages_before_it_write() -> None:
    written: set[type[Record]] = {SeedFile}
    for stage in STAGES:
        assert set(stage.reads) <= written, stage.name
        written |= set(stage.writes)
        assert upstream(stage) == [s.name for s in STAGES if set(s.writes) & set(stage.reads)]


def test_stages_that_a_document_can_break_come_before_those_that_count_it() -> None:
    order = [stage for stage in STAGES if not stage.is_parallel and "annotate" not in upstream(stage)]
    takes_one_by_one = [stage.per == "document" and not stage.queries for stage in order]
    assert takes_one_by_one == sorted(takes_one_by_one, reverse=True)


def test_the_last_chain_waits_for_none_of_those_right_before_it() -> None:
    names = [stage.name for stage in STAGES]
    chain, first = last_chain(), names.index(chain_begins_after()) + 1
    assert names[-len(chain) :] == chain == ["period_terms", "term_totals", "trends"]
    assert names[first - 1] == "annotate"
    between = set(names[first : -len(chain)])
    assert [stage.name for stage in STAGES if stage.name in chain and between & set(upstream(stage))] == []


def test_what_other_processes_work_on_comes_behind_all_that_can_be_done_meanwhile() -> None:
    assert [(stage.name, begins_after(stage)) for stage in STAGES if begins_after(stage)] == [("clean", ["annotate"])]
    (place,) = (number for number, stage in enumerate(STAGES) if stage.is_parallel)
    behind = {"annotate"}
    for stage in STAGES[place + 1 :]:
        assert behind & set(upstream(stage)), f"{stage.name} does not wait for the language pass"
        behind.add(stage.name)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_stage_has_one_name_everywhere(stage: Stage) -> None:
    assert stage.module == f"tasks.{stage.name}"
    assert Settings.model_fields[stage.name].annotation is stage.settings
    assert (ROOT / "tests" / f"test_{stage.name}.py").exists()
    assert stage.summary.endswith(".")


def tables_read(text: str, above: frozenset[str] = frozenset()) -> set[str]:
    """The tables that a query reads, those behind its views included."""
    views = {re.sub(r"^\d+_", "", name): sql("views", name) for name in sql_names("views")}
    names = set(re.findall(r"\b(?:from|join) (?:pipeline\.|main\.)?(\w+)", re.sub(r"--[^\n]*", "", text)))
    behind = set().union(
        *(tables_read(views[name].split("comment on")[0], above | {name}) for name in names & views.keys() - above)
    )
    return (names & set(sql_names("schema"))) | behind


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage.every_query], ids=lambda stage: stage.name)
def test_a_stage_reads_what_its_queries_read(stage: Stage) -> None:
    own = {record.TABLE for record in stage.writes}
    read = set().union(*(tables_read(sql("queries", name)) for name in stage.every_query))
    # What is kept is read by the stage that writes it; others are told of a change by a table that it makes anew.
    assert read - own == {record.TABLE for record in stage.reads} - ({"topic_terms"} if stage.context else set())
    assert set().union(*(tables_read(sql("queries", name)) for name in stage.recalls)) <= own


def test_every_query_of_a_stage_is_a_file_and_every_file_is_used() -> None:
    modules = sorted(path for folder in ("flows", "warehouse") for path in (ROOT / folder).glob("*.py"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    used = {name for stage in STAGES for name in stage.every_query} | set(
        re.findall(r'sql\("queries", "(\w+)"\)', text)
    )
    assert used == set(sql_names("queries"))


def test_every_table_and_column_is_described() -> None:
    with Store(None) as store:
        tables = store.rows(
            "select table_name, comment from duckdb_tables() where not internal "
            "union all select view_name, comment from duckdb_views() where not internal"
        )
        columns = store.rows(
            "select table_name, column_name from duckdb_columns() where not internal and comment is null"
        )
    assert [name for name, comment in tables if not (comment or "").startswith("One row per ")] == []
    assert columns == []


def test_every_macro_and_check_says_what_it_is_for() -> None:
    assert [name for name in sql_names("macros") if "comment on macro " not in sql("macros", name)] == []
    for folder in (*FOLDERS, *(f"queries{part}" for part in ("", "/artifacts", "/explain", "/report", "/status"))):
        assert [name for name in sql_names(folder) if not sql(folder, name).startswith("-- ")] == []


def test_sql_is_lower_case_and_lists_its_columns() -> None:
    for path in sorted(SQL.rglob("*.sql")):
        if "data" in path.relative_to(SQL).parts:
            continue
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", path.read_text(encoding="utf-8"))
        assert text == text.lower(), path.name
        assert "select *" not in text, path.name


def test_public_tables_are_in_main_and_the_pipelines_own_are_not() -> None:
    assert qualified("passages") == "passages"
    assert qualified("sources") == "pipeline.sources"
    assert qualified("seed_files") == "pipeline.seed_files"


def test_the_readme_is_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_generated_parts(text) == text, "run python -m flows.documentation"


def test_ci_runs_the_readmes_test_command() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    (test_command,) = (command for command in commands if "-m tests" in command)
    assert test_command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
