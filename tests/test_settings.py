"""Settings: where they come from, which are refused, and that those of the analyst's files take effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from flows.analyst_files import with_analyst_files
from flows.folders import SettingsError
from flows.settings import Settings, load_settings
from flows.stages import STAGES
from tasks.watchlist import Concept
from tests.conftest import document, query, run_corpus


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def pyproject(text: str) -> None:
    Path("pyproject.toml").write_text(text, encoding="utf-8")


def fields() -> Iterator[tuple[str, Any]]:
    """Every setting by its full name."""
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from ((f"{name}.{key}", inner) for key, inner in field.annotation.model_fields.items())
        else:
            yield name, field


# -- where they come from ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "variable", "file", "expected"),
    [
        pytest.param({}, None, None, None, id="default"),
        pytest.param({}, None, 5, 5, id="pyproject.toml"),
        pytest.param({}, "6", 5, 6, id="the environment over pyproject.toml"),
        pytest.param({"topics": {"count": 7}}, "6", 5, 7, id="the command line over the environment"),
        pytest.param({"topics": {"count": 7}}, None, 5, 7, id="the command line over pyproject.toml"),
        pytest.param({"topics": {"passes": 2}}, "6", 5, 6, id="another of the same branch leaves it alone"),
    ],
)
def test_the_command_line_goes_over_the_environment_over_the_file_over_the_default(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], variable: str | None, file: int | None, expected: int | None
) -> None:
    if file is not None:
        pyproject(f"[tool.corpus.topics]\ncount = {file}\n")
    if variable is not None:
        monkeypatch.setenv("CORPUS_TOPICS__COUNT", variable)
    assert load_settings(**given).topics.count == expected


def test_the_folders_come_from_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().seeds, load_settings().warehouse) == (Path("seeds"), Path("warehouse/data"))
    pyproject('[tool.corpus]\nseeds = "from file"\nwarehouse = "from file"\n')
    monkeypatch.setenv("CORPUS_WAREHOUSE", "from environment")
    settings = load_settings()
    assert (settings.seeds, settings.warehouse) == (Path("from file"), Path("from environment"))
    settings = load_settings(seeds=Path("given"), warehouse=None)
    assert (settings.seeds, settings.warehouse) == (Path("given"), Path("from environment"))
    assert settings.ingest.folder == Path("given")


@pytest.mark.parametrize(
    ("variable", "value", "branch", "key", "expected"),
    [
        ("CORPUS_ANNOTATE__MODEL", "other", "annotate", "model", "other"),
        ("CORPUS_ANNOTATE__WORKERS", "3", "annotate", "workers", 3),
        ("CORPUS_TOPICS__COUNT", "null", "topics", "count", None),
        ("CORPUS_TOPICS__SEEDS", "2", "topics", "seeds", 2),
        ("CORPUS_TRENDS__GRANULARITIES", '["year"]', "trends", "granularities", ("year",)),
        ("CORPUS_CLEAN__DROP_REPEATED", "false", "clean", "drop_repeated", False),
        ("CORPUS_TOPICS", '{"count": 4}', "topics", "count", 4),
        ("corpus_topics__count", "4", "topics", "count", 4),
    ],
)
def test_a_variable_sets_what_it_names(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, branch: str, key: str, expected: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(load_settings().branch(branch), key) == expected


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("CORPUS_TOPIC__COUNT", "4", "unknown setting CORPUS_TOPIC__COUNT in the environment"),
        ("corpus_topic__count", "4", "unknown setting corpus_topic__count in the environment"),
        ("CORPUS_TOPICS__CUONT", "4", "unknown setting topics.cuont"),
        ("CORPUS_TOPICS__COUNT", "0", "setting topics.count: Input should be greater than or equal to 1, not '0'"),
        ("CORPUS_TOPICS__COUNT", "many", "setting topics.count: "),
        (
            "CORPUS_TRENDS__GRANULARITIES",
            '["week"]',
            "setting trends.granularities.0: Input should be 'month', 'quarter' or 'year', not 'week'",
        ),
        (
            "CORPUS_TRENDS__GRANULARITIES",
            "[]",
            "setting trends.granularities: Tuple should have at least 1 item after validation, not 0",
        ),
        ("CORPUS_INGEST__LANGUAGES", '["English"]', "setting ingest.languages.0: "),
        ("CORPUS_INGEST__LANGUAGES", "[]", "setting ingest.languages: "),
        ("CORPUS_RUN__RUNNER", "dask", "setting run: runner dask needs the address of a scheduler"),
        ("CORPUS_ADDITIONS__NAMES", '["x"]', "setting additions.names.0: "),
        ("CORPUS_ADDITIONS__NAMES", '[{"name": " ", "label": "ORG"}]', "setting additions.names.0.name: "),
        (
            "CORPUS_ADDITIONS__NAMES",
            '[{"name": "x", "label": "FIRM"}]',
            "setting additions.names.0.label: Input should be ",
        ),
        (
            "CORPUS_ENTITIES__DECISIONS",
            '[{"name": "x", "action": "add", "label": "FIRM"}]',
            "setting entities.decisions.0.label: Input should be 'PERSON', ",
        ),
        ("CORPUS_WATCHLIST__CONCEPTS", '[{"variants": []}]', "watchlist.concepts.0.name is missing"),
        (
            "CORPUS_WATCHLIST__CONCEPTS",
            '[{"name": "x", "variants": [], "wording": "y"}]',
            "unknown name watchlist.concepts.0.wording",
        ),
        ("CORPUS_TRENDS__GRANULARITIES", "year", 'must be JSON, such as ["year"]; see CORPUS_TRENDS__GRANULARITIES'),
        ("CORPUS_TOPICS", "{", "see CORPUS_TOPICS"),
        (
            "CORPUS_TOPICS",
            "4",
            "setting topics is a table of settings: name one of them, such as topics.… or CORPUS_TOPICS__…",
        ),
        ("CORPUS_SCHEDULE__TIMEZONE", "Mars", "setting schedule.timezone: there is no such time zone"),
        ("CORPUS_SCHEDULE__TIMEZONE", "", "setting schedule.timezone: there is no such time zone"),
        ("CORPUS_SCHEDULE__TIMEZONE", "../etc", "setting schedule.timezone: there is no such time zone"),
        ("CORPUS_INGEST__FOLDER", "seeds", "ingest.folder is no setting: the program fills it in"),
        ("CORPUS_INGEST__TODAY", "2021-10-18", "ingest.today is no setting: the program fills it in"),
        ("CORPUS_SEEDS__X", "seeds", "unknown setting CORPUS_SEEDS__X in the environment"),
        ("CORPUS_SEEDS", "", "setting seeds must name a folder"),
        ("CORPUS_WAREHOUSE", "", "setting warehouse must name a folder"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert message in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1
    assert not re.search(r"not .+, not|not \[|CORPUS_\w+\.", str(raised.value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.corpus]\nseed = 'x'\n", "unknown setting seed (in [tool.corpus] of pyproject.toml"),
        ("[tool.corpus.topics]\ncuont = 3\n", "unknown setting topics.cuont (in [tool.corpus] of pyproject.toml"),
        ("[tool.corpus.topics]\ncount = 0\n", "setting topics.count: "),
        ("[tool.corpus.topics]\ncount = \n", "pyproject.toml is no TOML: Invalid value (at line 2, column 9)"),
        ("[tool.corpus]\ntopics = 3\n", "setting topics is a table of settings"),
        ("tool = 3\n", "pyproject.toml: tool is no table; settings stand under [tool.corpus]"),
        ("[tool]\ncorpus = 'x'\n", "pyproject.toml: corpus is no table"),
        ("[tool.corpus]\nseeds = ''\n", "setting seeds must name a folder"),
        ("[tool.corpus]\nseeds = 3\n", "setting seeds: "),
    ],
    ids=[
        "unknown",
        "unknown in a branch",
        "out of bounds",
        "no TOML",
        "no branch",
        "no tool",
        "no table",
        "no name",
        "no path",
    ],
)
def test_a_wrong_line_of_pyproject_is_refused(text: str, message: str) -> None:
    pyproject(text)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert message in str(raised.value)


@pytest.mark.parametrize("text", ["", "[tool.other]\nseed = 1\n"], ids=["empty", "another program's"])
def test_a_pyproject_that_says_nothing_of_it_is_left_alone(text: str) -> None:
    pyproject(text)
    assert load_settings().topics.count is None


# -- the tree itself --------------------------------------------------------------------------------------------------


def test_every_stage_has_a_branch_of_its_name_and_every_branch_a_stage() -> None:
    branches = set(Settings.model_fields) - {"seeds", "warehouse"}
    assert branches == {*(stage.name for stage in STAGES), "publish", "report", "run", "schedule"}
    for stage in STAGES:
        assert type(load_settings().branch(stage.name)) is stage.settings


@pytest.mark.parametrize("name", [name for name, _ in fields()])
def test_every_setting_says_what_it_is(name: str) -> None:
    assert (dict(fields())[name].description or "").strip()


def test_settings_cannot_be_changed_once_they_are_loaded() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.topics.count = 3  # type: ignore[misc]


# -- the analyst's lists ----------------------------------------------------------------------------------------------


def test_stopwords_are_left_out_of_terms_trends_and_topics(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(trends={"stopwords": ["growth"]})
    for number in range(3):
        (settings.seeds / f"{number}.txt").write_text(document(number, extra="growth of services"), encoding="utf-8")
    run_corpus(settings)
    tables = ("terms", "keyword_counts", "keyword_trends", "topic_terms")
    listed = " union all ".join(f"select '{table}' as place, term from {table}" for table in tables)
    places = f"select distinct place from ({listed}) where term = 'services' order by place"
    assert ("terms",) in query(settings, places)
    (settings.seeds / "_stopwords.csv").write_text("# mine\nterm,note\nServices,too common\n", encoding="utf-8")
    summary = run_corpus(settings)
    assert summary is not None
    assert {stage.stage for stage in summary.stages if stage.processed} == {"topics", "trends"}
    assert query(settings, places) == []
    assert query(settings, "select term from terms where term = 'growth'") == []  # as the setting says
    assert query(settings, "select term from terms where term = 'broadband'") == [("broadband",)]


def test_a_concept_of_the_settings_and_of_the_watchlist_is_one(make_settings: Callable[..., Settings]) -> None:
    concepts = [{"name": "data", "variants": ["data", "datum"]}, {"name": "law", "variants": []}]
    settings = make_settings(watchlist={"concepts": [*concepts, {"name": "data", "variants": ["dataset"]}]})
    (settings.seeds / "_watchlist.csv").write_text("concept,variants,note\ndata,data|data set,n\n", encoding="utf-8")
    found, notices = with_analyst_files(settings)
    assert found.watchlist.concepts == (
        Concept(name="data", variants=("data", "datum", "dataset", "data set"), note="n"),
        Concept(name="law", variants=("law",)),
    )
    assert notices == []


def test_names_are_added_by_the_settings_and_by_the_file(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(entities={"decisions": [{"name": "Elm Desk", "label": "ORG", "action": "add"}]})
    (settings.seeds / "_entities.csv").write_text("name,label,action\nOak Desk,ORG,add\n", encoding="utf-8")
    found, notices = with_analyst_files(settings)
    assert ([added.name for added in found.additions.names], notices) == (["Elm Desk", "Oak Desk"], [])


def test_an_alias_by_which_something_else_is_known_is_said(settings: Settings) -> None:
    lines = ("name,aliases,action", "My Commission,NDRC,merge", "Yours,CAC|Cyberspace Administration of China,merge")
    (settings.seeds / "_entities.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (notice,) = with_analyst_files(settings)[1]
    assert notice.startswith(
        "_entities.csv:2: 'NDRC' is 'National Development and Reform Commission' too, which stays apart "
    )


def test_boilerplate_patterns_mark_the_paragraphs_that_contain_them(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(clean={"patterns": ["note 1 on"]})
    for number in range(3):
        (settings.seeds / f"{number}.txt").write_text(document(number), encoding="utf-8")
    marked = "select text[:18] from passages where kind = 'boilerplate' and rule = 'analyst' order by text"
    run_corpus(settings)
    assert query(settings, marked) == [("Note 1 on broadban",)]
    (settings.seeds / "_boilerplate.csv").write_text("pattern\nNOTE 2 ON\n", encoding="utf-8")
    summary = run_corpus(settings)
    assert summary is not None
    processed = {stage.stage: stage.processed for stage in summary.stages}
    expected = {"ingest": 0, "clean": 3, "signatures": 1, "annotate": 1}
    assert {name: processed[name] for name in expected} == expected
    assert query(settings, marked) == [("Note 1 on broadban",), ("Note 2 on broadban",)]
    assert query(settings, "select count(*) from sentences where text like 'Note 2%'") == [(0,)]


def test_a_line_of_documents_csv_goes_over_what_the_document_says(settings: Settings) -> None:
    (settings.seeds / "0.txt").write_text(document(0, year=2019), encoding="utf-8")
    (settings.seeds / "_documents.csv").write_text(
        "path,title,publisher,author,speaker,publication_date,event_date\n"
        "0.txt,Title,Publisher,Author,Speaker,2020-03,2020-02-01\n",
        encoding="utf-8",
    )
    run_corpus(settings)
    columns = (
        "title, publisher, author, speaker, publication_date::varchar, publication_date_precision, "
        "publication_date_source, event_date::varchar"
    )
    assert query(settings, f"select {columns} from documents") == [
        ("Title", "Publisher", "Author", "Speaker", "2020-03-01", "month", "_documents.csv", "2020-02-01")
    ]
