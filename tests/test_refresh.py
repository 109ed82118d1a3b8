"""The ledger: a run does what has to be done, and nothing else; rows and the record of them stand or fall together."""

from __future__ import annotations

import dataclasses
import datetime
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import BaseModel

import flows.ahead
import flows.execution
import flows.refresh
import flows.run
import tasks.source_code
import tasks.stage
from flows.intake import Changes
from flows.run import Summary
from flows.settings import Settings
from flows.stages import STAGES
from flows.transform import Processes, documents_at_once, worker_count
from tasks.stage import Stage
from tests.conftest import document, edit, query, run_corpus
from warehouse.compare import compare
from warehouse.paths import private_file, published_file

NAMES = tuple(stage.name for stage in STAGES)
CORPUS = ("similarity", "entities", "topics", "trends")
LEFT_OUT = ("topic_placement", "period_terms", "term_totals")
LANGUAGE = {
    "annotate",
    "entities",
    "topics",
    "trends",
    "watchlist",
}  # what stands on the language pass, itself included

_clock = count(1_500_000_000)


def put(folder: Path, name: str, text: str) -> None:
    """Write a file with a time of change of its own, long past."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    touch(folder, name)


def touch(folder: Path, name: str) -> None:
    moment = next(_clock)
    os.utime(folder / name, (moment, moment))


def processed(summary: Summary | None) -> dict[str, int]:
    """How many units each stage has worked on, of the stages that had any.

    Some are left out: how many documents are placed depends on whether a refit has given another model, and how many periods
    are counted on the dates.
    """
    stages = [] if summary is None else [stage for stage in summary.stages if stage.stage not in LEFT_OUT]
    return {stage.stage: stage.processed for stage in stages if stage.processed}


def removed(summary: Summary | None) -> dict[str, int]:
    stages = [] if summary is None else [stage for stage in summary.stages if stage.stage not in LEFT_OUT]
    return {stage.stage: stage.removed for stage in stages if stage.removed}


def worked(settings: Settings) -> dict[str, int]:
    """What each stage has to work on, of the stages that have anything; done, but not published."""

    def stages_only(_: Any, do_stage: Callable[[Any], Any], __: Any) -> None:
        for stage in STAGES:
            do_stage(stage)

    with flows.run.open_run(settings) as run:
        return processed(flows.execution.execute(run, stages_only, lambda *_: None)) if run.has_work else {}


def differing(first: Path, second: Path) -> list[str]:
    """The public tables that two warehouses do not have in common."""
    return [difference.table for difference in compare(published_file(first), published_file(second))[1]]


def rebuilt(settings: Settings) -> Path:
    """A fresh warehouse with the same documents and settings."""
    anew = settings.model_copy(update={"warehouse": settings.warehouse.with_name("anew")})
    run_corpus(anew)
    return anew.warehouse


SIX = {f"{number}.txt": document(number, year=2016 + number) for number in range(6)}


@pytest.fixture
def current(published_copy: Callable[..., Settings], make_settings: Callable[..., Settings]) -> Callable[..., Settings]:
    """Settings, with changes to branches, on a copy of six documents and of the warehouse that is up to date with them."""
    published_copy(SIX)
    return make_settings


# -- changed documents ------------------------------------------------------------------------------------------------


def test_with_nothing_new_nothing_is_done(current: Callable[..., Settings]) -> None:
    settings = current()
    before = published_file(settings.warehouse).resolve()
    assert run_corpus(settings) is None
    assert published_file(settings.warehouse).resolve() == before
    assert query(settings, "select count(*) from runs") == [(1,)]


def _add(seeds: Path) -> None:
    put(seeds, "6.txt", document(6))


def _add_undated_below(seeds: Path) -> None:
    put(seeds, "below/6.txt", document(6, year=None))


def _change(seeds: Path) -> None:
    put(seeds, "3.txt", document(7))


def _rename(seeds: Path) -> None:
    (seeds / "3.txt").rename(seeds / "renamed.txt")


def _remove(seeds: Path) -> None:
    (seeds / "3.txt").unlink()


def _copy(seeds: Path) -> None:
    put(seeds, "copy of 3.txt", (seeds / "3.txt").read_text())


def _copy_in_front(seeds: Path) -> None:
    put(seeds, "0 copy of 3.txt", (seeds / "3.txt").read_text())


def _too_short(seeds: Path) -> None:
    put(seeds, "short.txt", "Two words.")


def _name_in_documents_csv(seeds: Path) -> None:
    put(seeds, "_documents.csv", "path,title\n3.txt,Another title\n")


def _touch(seeds: Path) -> None:
    touch(seeds, "3.txt")


def _write_again(seeds: Path) -> None:
    put(seeds, "3.txt", (seeds / "3.txt").read_text())


ALL_ONCE = {name: 1 for name in NAMES if name not in LEFT_OUT}
LATER = ("annotate", "signatures", "additions", "watchlist")  # what works document by document on what clean gives
DATED = dict.fromkeys(("ingest", "similarity", "trends"), 1)  # what reads the description of a document
ONE_GONE = dict.fromkeys(("ingest", "clean", *LATER), 1)


@pytest.mark.parametrize(
    ("change", "changes", "done", "gone"),
    [
        pytest.param(_add, Changes(added=("6.txt",)), ALL_ONCE, {}, id="added"),
        pytest.param(_add_undated_below, Changes(added=("below/6.txt",)), ALL_ONCE, {}, id="added in a folder"),
        pytest.param(_change, Changes(changed=("3.txt",)), ALL_ONCE, ONE_GONE, id="changed"),
        pytest.param(
            _rename,
            Changes(renamed=(("3.txt", "renamed.txt"),)),
            DATED,
            {},
            id="renamed",
        ),
        pytest.param(
            _remove, Changes(removed=("3.txt",)), dict.fromkeys((*CORPUS, "calendar"), 1), ONE_GONE, id="removed"
        ),
        pytest.param(_copy, Changes(added=("copy of 3.txt",)), {}, {}, id="same bytes under a later name"),
        pytest.param(
            _copy_in_front,
            Changes(added=("0 copy of 3.txt",)),
            DATED,
            {},
            id="same bytes under an earlier name",
        ),
        pytest.param(_too_short, Changes(added=("short.txt",)), {"ingest": 1}, {}, id="quarantined"),
        pytest.param(
            _name_in_documents_csv,
            Changes(),
            DATED,
            {},
            id="described by the analyst",
        ),
    ],
)
def test_a_changed_document_costs_what_depends_on_it(
    current: Callable[..., Settings],
    change: Callable[[Path], None],
    changes: Changes,
    done: Mapping[str, int],
    gone: Mapping[str, int],
) -> None:
    settings = current()
    change(settings.seeds)
    summary = run_corpus(settings)
    assert summary is not None
    assert (summary.changes, processed(summary), removed(summary)) == (changes, done, gone)
    assert run_corpus(settings) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_touch, id="touched"),
        pytest.param(_write_again, id="written again with the same content"),
    ],
)
def test_what_changes_no_document_is_nothing_to_do(
    current: Callable[..., Settings], change: Callable[[Path], None]
) -> None:
    settings = current()
    change(settings.seeds)
    assert run_corpus(settings) is None


def test_a_copy_takes_nothing_from_a_document_whose_name_or_format_tells_more(current: Callable[..., Settings]) -> None:
    settings = current()
    body = document(6, year=None)
    put(settings.seeds, "reports/2019-05-06-note.txt", body)
    put(
        settings.seeds,
        "reports/kiln.md",
        f"---\ntitle: The kiln\npublisher: Craft Weekly\n---\n{document(7, year=None)}",
    )
    run_corpus(settings)
    asked = "select path, title, publisher, publication_date from documents order by path"
    before = query(settings, asked)
    assert {path: (date, publisher) for path, _, publisher, date in before if path.startswith("reports")} == {
        "reports/2019-05-06-note.txt": (datetime.date(2019, 5, 6), None),
        "reports/kiln.md": (None, "Craft Weekly"),
    }
    put(settings.seeds, "inbox/note.txt", body)
    put(settings.seeds, "inbox/kiln.txt", (settings.seeds / "reports/kiln.md").read_text())
    assert processed(run_corpus(settings)) == {}
    assert query(settings, asked) == before


def test_a_file_that_is_no_document_is_listed_among_the_rejections(current: Callable[..., Settings]) -> None:
    settings = current()
    put(settings.seeds, "archive.zip", "PK")
    assert processed(run_corpus(settings)) == {}
    assert query(settings, "select path, status, reason from rejections") == [("archive.zip", "skipped", "archive")]
    (settings.seeds / "archive.zip").unlink()
    run_corpus(settings)
    assert query(settings, "select path, status, reason from rejections") == []


def test_a_restored_document_has_the_rows_that_it_had(current: Callable[..., Settings]) -> None:
    settings = current()
    first = published_file(settings.warehouse).resolve()
    (settings.seeds / "3.txt").rename(settings.seeds.parent / "3.txt")
    run_corpus(settings)
    (settings.seeds.parent / "3.txt").rename(settings.seeds / "3.txt")
    summary = run_corpus(settings)
    assert summary is not None
    assert (summary.changes, processed(summary)) == (Changes(added=("3.txt",)), ALL_ONCE)
    assert compare(first, published_file(settings.warehouse))[1] == []
    assert query(settings, "select count(distinct first_seen_at) from documents") == [(1,)]


def test_a_document_that_could_not_be_opened_is_tried_again(current: Callable[..., Settings]) -> None:
    settings = current()
    put(settings.seeds, "6.txt", document(6))
    with flows.run.open_run(settings) as run:  # the folder is looked over, then the file is away for a moment
        (settings.seeds / "6.txt").rename(settings.seeds.parent / "6.txt")
        flows.execution.execute(run, flows.execution.in_order, lambda *_: None)
    (settings.seeds.parent / "6.txt").rename(settings.seeds / "6.txt")
    run_corpus(settings)
    assert query(settings, "select path, reason from rejections") == []
    assert differing(settings.warehouse, rebuilt(settings)) == []


# -- changed settings -------------------------------------------------------------------------------------------------

SETTINGS = [
    ("ingest.folder", None, set()),  # these two are filled in
    ("ingest.today", None, set()),
    ("ingest.earliest_year", 1600, {"ingest"}),
    ("ingest.largest_file", 1_000_000, set()),
    ("ingest.largest_content", 1_000_000, {"ingest"}),
    ("ingest.largest_memory", 5_000_000_000, {"ingest"}),
    ("ingest.longest_read", 30, {"ingest"}),
    ("ingest.workers", 1, set()),
    ("ingest.fewest_words", 6, {"ingest"}),
    ("ingest.languages", ("en", "de"), {"ingest"}),
    ("clean.drop_repeated", False, {"clean"}),
    ("clean.shortest_repeated", 7, {"clean"}),
    ("clean.patterns", ("never there",), {"clean"}),
    ("similarity.fewest_words", 21, {"similarity"}),
    ("similarity.fewest_passage_words", 9, {"similarity"}),
    ("similarity.copy_similarity", 0.95, {"similarity"}),
    ("similarity.anchor", 0.35, {"similarity"}),
    ("similarity.least", 0.2, {"similarity"}),
    ("similarity.fewest_anchors", 4, {"similarity"}),
    ("similarity.most_documents", 4, {"similarity"}),
    ("additions.names", [{"name": "never there", "label": "ORG"}], {"additions"}),
    ("entities.decisions", [{"name": "never there", "action": "reject"}], {"entities"}),
    ("watchlist.concepts", [{"name": "never there", "variants": ["never there"]}], {"watchlist"}),
    ("annotate.model", "another", LANGUAGE),
    ("annotate.use_rules", False, LANGUAGE),
    ("annotate.longest_passage", 2_000, LANGUAGE),
    ("annotate.longest_phrase", 3, LANGUAGE),
    ("annotate.workers", 2, set()),
    ("entities.dominance", 0.9, {"entities"}),
    ("topics.count", 3, {"topics"}),
    ("topics.seeds", 2, {"topics"}),
    ("topics.random_seed", 7, {"topics"}),
    ("topics.passes", 2, {"topics"}),
    ("topics.shortest_unit", 10, {"topics"}),
    ("topics.longest_unit", 60, {"topics"}),
    ("topics.fewest_documents", 1, {"topics"}),
    ("topics.most_documents", 0.9, {"topics"}),
    ("topics.vocabulary", 20, {"topics"}),
    ("topics.terms", 5, {"topics"}),
    ("topics.stopwords", ("economy",), {"topics"}),
    ("calendar.use_event_date", False, {"calendar"}),
    ("topics.small_corpus", 1, set()),
    ("topics.refit_growth", 0.5, set()),
    ("topics.refit_unknown", 0.5, set()),
    ("topics.least_similarity", 0.2, set()),
    ("topics.most_lost_labels", 0.1, set()),
    ("topic_placement.smallest_share", 0.1, {"topic_placement"}),
    ("trends.granularities", ("year",), {"trends"}),
    ("trends.fewest_periods", 3, {"trends"}),
    ("trends.fewest_occurrences", 2, {"trends"}),
    ("trends.fewest_documents", 2, {"trends"}),
    ("trends.largest_share", 0.9, {"trends"}),
    ("trends.false_discovery_rate", 0.1, {"trends"}),
    ("trends.confidence", 0.9, {"trends"}),
    ("trends.fewest_publishers", 1, {"trends"}),
    ("trends.smallest_tau", 0.1, {"trends"}),
    ("trends.burst_ratio", 2.0, {"trends"}),
    ("trends.burst_cost", 2.0, {"trends"}),
    ("trends.burst_documents", 2, {"trends"}),
    ("trends.burst_share", 0.3, {"trends"}),
    ("trends.keyness_terms", 5, {"trends"}),
    ("trends.keyness_occurrences", 2, {"trends"}),
    ("trends.stopwords", ("economy",), {"trends"}),
    ("publish.keep", 5, set()),
    ("publish.lake", None, set()),  # tests/test_lake.py has one
    ("publish.lake_data", Path("elsewhere"), set()),
    ("report.on_run", False, set()),
    ("run.when_held", "wait", set()),
    ("run.largest_loss", 0.1, set()),
    ("run.runner", "local", set()),
    ("run.address", "tcp://127.0.0.1:1", set()),
    ("schedule.name", "another", set()),
    ("schedule.timezone", "Asia/Shanghai", set()),
    ("schedule.poll_seconds", 5.0, set()),
]


def test_the_table_of_settings_is_complete() -> None:
    branches = {name: field for name, field in Settings.model_fields.items() if name not in ("seeds", "warehouse")}
    every = {f"{name}.{key}" for name, field in branches.items() for key in field.annotation.model_fields}  # type: ignore[union-attr]
    assert {name for name, _, _ in SETTINGS} == every


def _changed(current: Callable[..., Settings], toy_model: Path, name: str, value: Any) -> Settings:
    """The settings with another value of one."""
    branch, key = name.split(".")
    if name == "annotate.model":
        value = str(shutil.copytree(toy_model, toy_model.parent / value, dirs_exist_ok=True))
    return current(**({branch: {key: value}} if value is not None else {}))


def _units(names: Collection[str]) -> dict[str, int]:
    """How many units some stages have."""
    return {stage.name: 6 if stage.per == "document" else 1 for stage in STAGES if stage.name in names}


@pytest.mark.parametrize(("name", "value", "expected"), [pytest.param(*case, id=case[0]) for case in SETTINGS])
def test_a_changed_setting_makes_its_stage_another(
    make_settings: Callable[..., Settings], toy_model: Path, name: str, value: Any, expected: set[str]
) -> None:
    usual, changed = make_settings(), _changed(make_settings, toy_model, name, value)
    others = {
        stage.name
        for stage in STAGES
        if stage.fingerprint(changed.branch(stage.name)) != stage.fingerprint(usual.branch(stage.name))
    }
    assert others == ({name.split(".")[0]} if expected else set())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    # One of each stage that redoes it and one that does not, as what follows from that is the same.
    [
        pytest.param(*case, id=case[0])
        for case in {(case[0].split(".")[0], not case[2]): case for case in SETTINGS}.values()
    ],
)
def test_a_stage_that_is_done_anew_redoes_those_that_depend_on_it(
    current: Callable[..., Settings], toy_model: Path, name: str, value: Any, expected: set[str]
) -> None:
    settings = _changed(current, toy_model, name, value)
    assert worked(settings) == _units(expected - {*LEFT_OUT})
    assert worked(settings) == {}


@pytest.mark.parametrize(
    ("branches", "done"),
    [
        pytest.param(
            {"clean": {"patterns": ["Note 3 on broadband"]}},
            {"clean": 6, **dict.fromkeys((*LATER, *CORPUS, "calendar"), 1)},
            id="a line of one document",
        ),
        pytest.param(
            {"clean": {"patterns": ["Platform companies"]}},
            {"clean": 6, **dict.fromkeys(LATER, 4), **dict.fromkeys((*CORPUS, "calendar"), 1)},
            id="a line of four documents",
        ),
        pytest.param(
            {"ingest": {"earliest_year": 2017}},
            {**DATED, "ingest": 6, "calendar": 1, "entities": 1},
            id="the date of one document",
        ),
    ],
)
def test_a_setting_that_changes_few_documents_goes_no_further_with_the_others(
    current: Callable[..., Settings], branches: Mapping[str, Any], done: Mapping[str, int]
) -> None:
    settings = current(**branches)
    assert processed(run_corpus(settings)) == done
    assert differing(settings.warehouse, rebuilt(settings)) == []


def test_a_file_over_the_limit_leaves_and_comes_back_with_the_limit(current: Callable[..., Settings]) -> None:
    settings = current()
    put(settings.seeds, "6.txt", document(6, extra="very " * 200))
    run_corpus(settings)
    smaller = current(ingest={"largest_file": 1000})
    run_corpus(smaller)
    assert query(smaller, "select path, status, reason from rejections") == [("6.txt", "quarantined", "too_large")]
    run_corpus(settings)
    assert differing(settings.warehouse, rebuilt(settings)) == []


def test_a_date_is_believed_when_its_day_has_come(current: Callable[..., Settings]) -> None:
    settings, year = current(), 2100
    put(settings.seeds, "6.txt", document(6, year=year))
    for today, date in ((year, None), (year + 1, f"{year}-01-07"), (year, None)):
        ingest = settings.ingest.model_copy(update={"today": datetime.date(today, 1, 1)})
        settings = settings.model_copy(update={"ingest": ingest})
        run_corpus(settings)
        assert query(settings, "select publication_date::varchar from documents where path = '6.txt'") == [(date,)]
        assert run_corpus(settings) is None


# -- changed code, SQL, data and libraries ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param("queries/periods.sql", "order by", "where true order by", {"trends"}, id="query of trends"),
        pytest.param("queries/names.sql", "2 * sum", "1 * sum", {"topics"}, id="query of topics"),
        pytest.param("queries/entity_forms.sql", "'DATE', ", "'DATE', 'NONE', ", {"entities"}, id="query of entities"),
        pytest.param(
            "queries/document_bodies.sql",
            "sources.path,",
            "sources.path, sources.encoding,",
            {"similarity"},
            id="query of similarity",
        ),
        pytest.param("views/15_periods.sql", "median(gap)", "max(gap)", {"trends"}, id="view that a query reads"),
        pytest.param(
            "views/10_document_periods.sql", "not in", "is not null and document_id not in", {"trends"}, id="a view's view"
        ),
        pytest.param(
            "schema/sentences.sql", "word_count  bigint", "spare varchar, word_count  bigint", LANGUAGE, id="table of annotate"
        ),
        pytest.param("schema/bodies.sql", "body_sha256 varchar", "body_sha256 text", {"clean"}, id="table of clean"),
        pytest.param("schema/topic_terms.sql", "weight   double", "weight float8", {"topics"}, id="table of topics"),
        pytest.param("queries/periods.sql", "order by", "-- a comment\norder  by", set(), id="comment in a query"),
    ],
)  # fmt: skip
def test_a_changed_sql_file_redoes_the_stages_that_depend_on_it(
    current: Callable[..., Settings], statements: Path, file: str, old: str, new: str, expected: set[str]
) -> None:
    edit(statements / file, old, new)
    settings = current()
    assert worked(settings).keys() == expected


@pytest.mark.parametrize(
    ("file", "old", "new", "shows"),
    [
        pytest.param(
            "views/20_documents.sql",
            "    sources.title,",
            "    upper(sources.title) as title,",
            "select bool_and(title = upper(title)) from documents",
            id="view",
        ),
        pytest.param(
            "macros/term_trend.sql",
            "order by periods.period_start",
            "limit 0",
            "select count(*) = 0 from term_trend('data')",
            id="macro",
        ),
        pytest.param(
            "schema/passages.sql",
            "'One row per paragraph",
            "'One row per paragraph, told anew",
            "select comment like '%told anew%' from duckdb_tables() where table_name = 'passages'",
            id="comment on a table",
        ),
    ],
)
def test_what_readers_see_of_a_changed_sql_file_is_published(
    current: Callable[..., Settings], statements: Path, file: str, old: str, new: str, shows: str
) -> None:
    edit(statements / file, old, new)
    settings = current()
    assert processed(run_corpus(settings)) == {}
    assert query(settings, shows) == [(True,)]


@pytest.fixture
def edit_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """A function that adds lines to a module's source, as the fingerprints read it."""
    original = tasks.source_code._path
    changed: dict[str, Path] = {}

    def forget() -> None:
        for function in (tasks.source_code._source, tasks.source_code.helper_modules):
            function.cache_clear()

    def change(module: str, lines: str) -> None:
        source = original(module)
        changed[module] = tmp_path / source.name
        changed[module].write_bytes(source.read_bytes() + lines.encode())
        for data in source.parent.glob("*.csv"):
            shutil.copy(data, tmp_path)
        forget()

    monkeypatch.setattr(tasks.source_code, "_path", lambda module: changed.get(module) or original(module))
    yield change
    forget()


@pytest.mark.parametrize(
    ("module", "lines", "expected"),
    [
        pytest.param("tasks.ingest", "\nSPARE = 1\n", {"ingest"}, id="ingest"),
        pytest.param("tasks.readers.markdown", "\nSPARE = 1\n", {"ingest"}, id="a reader"),
        pytest.param("tasks.layout", "\nSPARE = 1\n", {"ingest", "clean"}, id="a helper of two stages"),
        pytest.param("tasks.clean", "\nSPARE = 1\n", {"clean"}, id="clean"),
        pytest.param("tasks.terms", "\nSPARE = 1\n", LANGUAGE, id="a helper of annotate"),
        pytest.param("tasks.similarity", "\nSPARE = 1\n", {"similarity"}, id="similarity"),
        pytest.param("tasks.topic_quality", "\nSPARE = 1\n", {"topics"}, id="a helper of topics"),
        pytest.param("tasks.trend_tests", "\nSPARE = 1\n", {"trends"}, id="a helper of a helper of trends"),
        pytest.param("tasks.terms", "\n\n# A comment.\n", set(), id="a comment"),
    ],
)
def test_changed_code_redoes_the_stages_that_depend_on_it(
    current: Callable[..., Settings],
    edit_module: Callable[[str, str], None],
    module: str,
    lines: str,
    expected: set[str],
) -> None:
    settings = current()
    edit_module(module, lines)
    assert worked(settings).keys() == expected


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        pytest.param("spacy", LANGUAGE, id="spacy"),
        pytest.param("gensim", {"topics"}, id="gensim"),
        pytest.param("scipy", {"similarity", "topics", "trends"}, id="scipy"),
        pytest.param("py3langid", {"ingest"}, id="py3langid"),
        pytest.param("click", set(), id="one that shapes no rows"),
    ],
)
def test_another_version_of_a_library_redoes_the_stages_that_use_it(
    current: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, library: str, expected: set[str]
) -> None:
    version = tasks.stage._library_version
    monkeypatch.setattr(tasks.stage, "_library_version", lambda name: "999" if name == library else version(name))
    assert worked(current()).keys() == expected


def test_a_changed_data_file_redoes_the_stages_that_read_it(
    current: Callable[..., Settings], edit_module: Callable[[str, str], None], tmp_path: Path
) -> None:
    settings = current()
    edit_module("tasks.gazetteer", "\n# The module stays what it is.\n")
    assert run_corpus(settings) is None
    with (tmp_path / "gazetteer.csv").open("a", encoding="utf-8") as gazetteer:
        gazetteer.write("Spare Bureau,ORG,\n")
    assert processed(run_corpus(settings)).keys() == LANGUAGE


# -- what is in the warehouse -----------------------------------------------------------------------------------------


def _on_private_file(settings: Settings, *statements: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(private_file(settings.warehouse))) as connection:
        for statement in statements:
            connection.execute(statement)
        return connection.fetchall()


@pytest.mark.parametrize(
    "table", ["pipeline.files", "passages", "pipeline.period_terms", "pipeline.ledger", "pipeline.digests"]
)
def test_a_dropped_table_is_rebuilt(
    current: Callable[..., Settings], published_once: Callable[..., Path], table: str
) -> None:
    settings = current()
    _on_private_file(settings, f"drop table {table}")
    put(settings.seeds, "6.txt", document(6))
    run_corpus(settings)
    undisturbed = published_once({**SIX, "6.txt": document(6)}) / "warehouse"
    assert differing(settings.warehouse, undisturbed) == []


@pytest.mark.parametrize("table", ["files", "digests"])
def test_a_table_whose_schema_has_changed_is_rebuilt(
    current: Callable[..., Settings], published_once: Callable[..., Path], statements: Path, table: str
) -> None:
    edit(statements / "schema" / f"{table}.sql", "varchar not null,\n", "text not null,\n")
    settings = current()
    run_corpus(settings)
    assert differing(settings.warehouse, published_once(SIX) / "warehouse") == []


def test_a_batch_is_committed_with_its_record_or_not_at_all(
    current: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = current()
    for number in range(6, 12):
        put(settings.seeds, f"{number}.txt", document(number))
    monkeypatch.setattr(flows.execution, "STAGES", tuple(dataclasses.replace(stage, batch_size=2) for stage in STAGES))
    record, calls = flows.refresh.ledger.record, count()

    def fail_in_second_batch(cursor: Any, stage: str, *rest: Any) -> None:
        record(cursor, stage, *rest)
        if stage == "annotate" and next(calls) == 1:
            raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(flows.refresh.ledger, "record", fail_in_second_batch)
        with pytest.raises(RuntimeError, match="power cut"):
            run_corpus(settings)
    recorded = _on_private_file(settings, "select key_id from pipeline.ledger where stage = 'annotate' order by key_id")
    assert len(recorded) == 6 + 2
    assert _on_private_file(settings, "select distinct document_id from sentences order by document_id") == recorded
    assert (
        _on_private_file(settings, "select key_id from pipeline.digests where table_name = 'sentences' order by key_id")
        == recorded
    )
    summary = run_corpus(settings)
    assert processed(summary) == {"annotate": 4, "watchlist": 6, "entities": 1, "topics": 1, "trends": 1}
    assert differing(settings.warehouse, rebuilt(settings)) == []


def test_a_failed_corpus_stage_keeps_the_rows_that_it_had(
    current: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = current()
    put(settings.seeds, "6.txt", document(6))
    before = _on_private_file(settings, "select * from topics order by all")
    write_digests = flows.refresh.ledger.write_digests

    def fail(cursor: Any, digests: Mapping[str, Any]) -> None:
        if "topic_terms" in digests:
            raise RuntimeError("power cut")
        write_digests(cursor, digests)

    with monkeypatch.context() as patch:
        patch.setattr(flows.ahead, "available_cores", lambda: 1)  # so that none behind it is done
        patch.setattr(flows.refresh.ledger, "write_digests", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            run_corpus(settings)
    assert _on_private_file(settings, "select * from topics order by all") == before
    assert processed(run_corpus(settings)) == {"topics": 1, "trends": 1}
    assert differing(settings.warehouse, rebuilt(settings)) == []


@pytest.mark.parametrize(
    ("wanted", "cores", "batches", "expected"),
    [
        pytest.param(None, 4, 1, 1, id="too little for more than one"),
        pytest.param(None, 4, 2, 2, id="enough for two"),
        pytest.param(None, 4, 100, 4, id="one for each core"),
        pytest.param(8, 4, 100, 8, id="as many as are wanted"),
        pytest.param(8, 4, 3, 3, id="no more than batches"),
    ],
)
def test_as_many_processes_work_as_have_enough_to_do(
    monkeypatch: pytest.MonkeyPatch, wanted: int | None, cores: int, batches: int, expected: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)))
    assert worker_count(wanted, batches) == expected


@pytest.mark.parametrize(
    ("documents", "workers", "expected"),
    [
        pytest.param(0, 0, 0, id="nothing to do"),
        pytest.param(1, 1, 1, id="one document"),
        pytest.param(32, 1, 32, id="one batch"),
        pytest.param(33, 1, 17, id="two batches of the same size"),
        pytest.param(40, 2, 20, id="a batch for each process"),
        pytest.param(100, 2, 25, id="two batches for each process"),
        pytest.param(10_000, 2, 32, id="many"),
    ],
)
def test_every_process_gets_as_much_to_do(documents: int, workers: int, expected: int) -> None:
    assert documents_at_once(documents, workers, most=32) == expected


@pytest.mark.parametrize(
    ("batch_size", "workers"),
    [
        pytest.param(4, 1, id="the last batch not full"),
        pytest.param(2, 2, id="two workers"),
    ],
)
def test_the_size_of_batches_changes_no_row(
    current: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, batch_size: int, workers: int
) -> None:
    settings = current(annotate={"workers": workers})
    monkeypatch.setattr(
        flows.execution, "STAGES", tuple(dataclasses.replace(stage, batch_size=batch_size) for stage in STAGES)
    )
    anew = settings.model_copy(update={"warehouse": settings.warehouse.with_name("anew")})
    summary = run_corpus(anew)
    assert processed(summary)["annotate"] == 6
    assert differing(settings.warehouse, anew.warehouse) == []


@pytest.mark.parametrize(
    ("fewest", "expected"),
    [
        pytest.param(6, [1], id="one beside this one, as this one has enough to do"),
        pytest.param(8, [], id="none, as the corpus is small"),
    ],
)
def test_a_process_begins_with_one_more_document_of_a_large_corpus(
    current: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    fewest: int,
    expected: list[int],
) -> None:
    settings = current()
    put(settings.seeds, "new.txt", document(9))
    started: list[int] = []

    class Counted(Processes):
        def __init__(self, stage: Stage, branch: BaseModel, workers: int) -> None:
            started.append(workers)
            super().__init__(stage, branch, workers)

    monkeypatch.setattr(flows.ahead, "Processes", Counted)
    monkeypatch.setattr(flows.ahead, "_LARGE", fewest)
    monkeypatch.setattr(flows.ahead, "available_cores", lambda: 2)
    assert processed(run_corpus(settings))["annotate"] == 1
    assert started == expected
    assert differing(settings.warehouse, rebuilt(settings)) == []
