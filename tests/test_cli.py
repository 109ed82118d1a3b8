"""The command line: exit codes, errors in a line or two, output for people and for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from flows import display
from flows.cli import main
from flows.run import Summary
from flows.settings import load_settings
from flows.stages import STAGES
from flows.unpublished import Unpublished, note
from tests.conftest import document, run_corpus
from warehouse.lock import lock
from warehouse.paths import published_file, published_run

Corpus = Callable[..., Result]

VERBS = sorted(main.commands)
HOSTILE = "a\x1b[31mred\x9b0m\u202egnp.txt"


@pytest.fixture
def corpus(tmp_path: Path, toy_model: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """The `corpus` command in an empty folder, with the rule-made model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_ANNOTATE__MODEL", str(toy_model))
    monkeypatch.setenv("CORPUS_TOPICS", '{"seeds": 1, "passes": 1, "count": 2}')
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture(scope="module")
def _built(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    (root / "seeds").mkdir()
    for number in range(2):
        (root / "seeds" / f"{number}.txt").write_text(document(number), encoding="utf-8")
    (root / "seeds" / "short.txt").write_text("Too short.", encoding="utf-8")
    (root / "seeds" / HOSTILE).write_text(document(3), encoding="utf-8")
    (root / "seeds" / "titled.md").write_text(
        f'---\ntitle: "Red \\e[31m title \\x9b \\u202e"\n---\n\n{document(4)}', encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        run_corpus(load_settings(annotate={"model": str(toy_model)}, topics={"seeds": 1, "passes": 1, "count": 2}))
    return root


@pytest.fixture
def published(corpus: Corpus, _built: Path, tmp_path: Path) -> Corpus:
    """The command in a folder with four documents, one file that is too short, and an up-to-date warehouse."""
    shutil.copytree(_built, tmp_path, symlinks=True, dirs_exist_ok=True)
    return corpus


def write(number: int) -> None:
    Path("seeds").mkdir(exist_ok=True)
    Path(f"seeds/{number}.txt").write_text(document(number), encoding="utf-8")


def said(outcome: Result) -> list[str]:
    """The lines on standard error that are not progress."""
    return [line for line in outcome.stderr.splitlines() if not line.endswith(" done")]


# -- exit codes and errors --------------------------------------------------------------------------------------------


def _wrong_variable(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CORPUS_TOPCIS__COUNT", "3")


def _wrong_nested_variable(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CORPUS_TRENDS__CUONT", "3")


def _wrong_value(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CORPUS_TRENDS__CONFIDENCE", "2")


def _wrong_key(_: pytest.MonkeyPatch) -> None:
    Path("pyproject.toml").write_text("[tool.corpus]\nsedes = 'x'\n")


def _no_toml(_: pytest.MonkeyPatch) -> None:
    Path("pyproject.toml").write_text("[tool.corpus\n")


def _missing_model(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CORPUS_ANNOTATE__MODEL", "no_such_model")
    write(0)


def _document(_: pytest.MonkeyPatch) -> None:
    write(0)


def _no_server(patch: pytest.MonkeyPatch) -> None:
    patch.delenv("PREFECT_API_URL", raising=False)
    patch.setenv("PREFECT_PROFILES_PATH", "none.toml")
    write(0)


def _file_in_the_way(_: pytest.MonkeyPatch) -> None:
    write(0)
    Path("warehouse").write_text("a file")


def _folder_in_its_place(_: pytest.MonkeyPatch) -> None:
    write(0)
    Path("warehouse/data/private/corpus.duckdb").mkdir(parents=True)


def _nothing(_: pytest.MonkeyPatch) -> None:
    pass


def _no_answer(patch: pytest.MonkeyPatch) -> None:
    def wait(*_: object, **__: object) -> None:
        raise TimeoutError

    patch.setattr("flows.status.show_status", wait)


RUN = ("run", "--inline")
SCHEDULE = ("schedule", "--cron", "0 6 * * *")
NOT_PUBLISHED = "nothing has been published yet; start `corpus run`"


@pytest.mark.parametrize(
    ("arguments", "prepare", "code", "message"),
    [
        pytest.param(RUN, _nothing, 2, "seeds is no folder", id="run without a folder of documents"),
        pytest.param(("run",), _nothing, 2, "seeds is no folder", id="run under Prefect without a folder of documents"),
        pytest.param((*RUN, "--seeds", "away"), _document, 2, "away is no folder", id="run with another folder"),
        pytest.param(("plan",), _nothing, 2, "seeds is no folder", id="plan without a folder of documents"),
        pytest.param(
            (*RUN, "--seeds", ""), _document, 2, "setting seeds must name a folder", id="run with a folder without name"
        ),
        pytest.param(
            (*RUN, "--warehouse", "seeds"), _document, 2, "name another folder with --warehouse", id="one folder"
        ),
        pytest.param(
            ("status", "--warehouse", ""),
            _document,
            2,
            "setting warehouse must name a folder",
            id="a warehouse without name",
        ),
        pytest.param(RUN, _wrong_variable, 2, "unknown setting CORPUS_TOPCIS__COUNT", id="unknown variable"),
        pytest.param(RUN, _wrong_nested_variable, 2, "unknown setting trends.cuont", id="unknown variable in a branch"),
        pytest.param(RUN, _wrong_value, 2, "setting trends.confidence", id="wrong value"),
        pytest.param(RUN, _wrong_key, 2, "unknown setting sedes", id="unknown key in pyproject.toml"),
        pytest.param(RUN, _no_toml, 2, "pyproject.toml is no TOML", id="a pyproject.toml that is no TOML"),
        pytest.param(("status",), _wrong_key, 2, "unknown setting sedes", id="status with an unknown key"),
        pytest.param(("sql", "select 1"), _wrong_value, 2, "setting trends.confidence", id="sql with a wrong value"),
        pytest.param(RUN, _missing_model, 1, "'no_such_model' (setting annotate.model)", id="missing model"),
        pytest.param(RUN, _file_in_the_way, 1, "choose another --warehouse", id="a file in the warehouse's place"),
        pytest.param(RUN, _folder_in_its_place, 1, "corpus.duckdb cannot be opened", id="a private file that is none"),
        pytest.param(("status",), _nothing, 1, NOT_PUBLISHED, id="status before the first run"),
        pytest.param(("status",), _no_answer, 1, "corpus: TimeoutError\n", id="an error that says nothing"),
        pytest.param(("sql", "select 1"), _nothing, 1, NOT_PUBLISHED, id="sql before the first run"),
        pytest.param(
            ("sql", "select 1", "--timeout", "nan"), _nothing, 2, "can be waited for", id="no number of seconds"
        ),
        pytest.param(("sql", "select 1", "--timeout", "inf"), _nothing, 2, "can be waited for", id="without end"),
        pytest.param(("kwic", "data"), _nothing, 1, NOT_PUBLISHED, id="kwic before the first run"),
        pytest.param(("verify",), _document, 1, NOT_PUBLISHED, id="verify before the first run"),
        pytest.param(("schedule",), _document, 2, "give --cron or --interval, or --watch", id="a schedule of nothing"),
        pytest.param((*SCHEDULE, "--interval", "60"), _document, 2, "give --cron or", id="two schedules"),
        pytest.param(
            (*SCHEDULE, "--watch", "--work-pool", "x"), _document, 2, "needs somebody", id="a pool that looks"
        ),
        pytest.param(
            (*SCHEDULE, "--work-pool", "x"), _no_server, 2, "with PREFECT_API_URL, or log in", id="a pool of no server"
        ),
        pytest.param(SCHEDULE, _nothing, 2, "seeds is no folder", id="schedule without a folder of documents"),
        pytest.param((*RUN, "--runner", "dask"), _document, 2, "needs the address", id="a cluster without an address"),
    ],
)
def test_an_error_is_a_line_or_two_with_its_exit_code(
    corpus: Corpus,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    prepare: Callable[[pytest.MonkeyPatch], None],
    code: int,
    message: str,
) -> None:
    prepare(monkeypatch)
    outcome = corpus(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert 1 <= len(said(outcome)) <= 2
    assert said(outcome)[0].startswith("corpus: ")
    assert message in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(("sql", "select colour from documents"), 2, '"colour" not found', id="no such column"),
        pytest.param(("sql", "selct 1"), 2, "syntax error", id="no SQL"),
        pytest.param(("sql", ""), 2, "asks for nothing", id="nothing"),
        pytest.param(("sql", "drop view documents"), 2, "read-only", id="writing"),
        pytest.param(("sql", "select 1", "--output", "away/x.csv"), 1, "away/x.csv cannot be written", id="output"),
        pytest.param(
            ("sql", "select finished_at - started_at as took from runs", "--format", "parquet", "--output", "x.parquet"),
            1, "as parquet (Unhandled type for Arrow to Parquet schema conversion: month_day_nano_interval): cast",
            id="a type that parquet has not",
        ),
        pytest.param(("kwic", "("), 2, "missing )", id="no regular expression"),
        pytest.param(("kwic", "a)(b"), 2, "unexpected )", id="no regular expression, but within parentheses"),
        pytest.param(("kwic", " "), 2, "PATTERN is empty", id="nothing to look for"),
        pytest.param(("search", ""), 2, "QUERY is empty", id="no query"),
        pytest.param(("sql", "select $a", "--param", "a"), 2, "'a' is not NAME=VALUE", id="parameter without a value"),
        pytest.param(("sql", "select $a", "--param", "1a=1"), 2, "'1a=1' is not NAME=VALUE", id="no name"),
        pytest.param(("sql", "select $a"), 2, "a", id="parameter not given"),
        pytest.param(("sql", "select 1", "--sparklines", "--json"), 2, "in tables and not in json", id="bars in JSON"),
        pytest.param(("sql", "select 1", "--param", "a=1"), 2, "a", id="parameter not asked for"),
        pytest.param(
            ("sql", "select count(*) from range(1000000000000) r where r.range % 7 = 3", "--timeout", "0.2"),
            1, "took more than 0.2 seconds", id="time",
        ),
    ],
)  # fmt: skip
def test_a_wrong_question_is_a_line_or_two(
    published: Corpus, arguments: tuple[str, ...], code: int, message: str
) -> None:
    outcome = published(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert message in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert 1 <= len([line for line in said(outcome) if line]) <= 2


@pytest.mark.parametrize(
    "arguments",
    [("kwic", "council"), ("search", "council"), ("explain", "entity", "Guizhou"), ("status",)],
    ids=lambda given: given[0],
)
def test_a_warehouse_of_another_version_is_said_to_be_one(published: Corpus, arguments: tuple[str, ...]) -> None:
    file = published_file(Path("warehouse/data")).resolve()
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("update pipeline.schema_versions set digest = 'other' where name = 'definitions'")
        for name in ("kwic", "search"):
            connection.execute(
                f"create or replace macro {name}(p, width := 1, most := 1) as table select p as passage_id"
            )
        connection.execute("create or replace macro entity_mentions(p) as table select p as passage_id")
        connection.execute("alter table runs drop column error")
    outcome = published(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("corpus: warehouse/data was published by another version of this program")
    assert line.endswith("`corpus run` brings it up to date")


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("run", "--fly"),
        ("run", "--workers", "0"),
        ("sql",),
        ("sql", "select 1", "--format", "xml"),
        ("kwic", "data", "--width", "1"),
        *(
            (*command, "--limit", "9" * 20)
            for command in (("kwic", "a"), ("search", "a"), ("keyness", "--where", "true"))
        ),
        ("kwic", "caf\udce9"),
        ("explain", "entity", "caf\udce9"),
        ("sql", "select $a", "--param", "a=caf\udce9"),
        ("status", "--warehouse", "caf\udce9"),
        ("run", "--seeds", "caf\udce9"),
        ("export", "caf\udce9"),
    ],
    ids=lambda arguments: ascii(" ".join(arguments)),
)
def test_wrong_usage_ends_with_2(corpus: Corpus, arguments: tuple[str, ...]) -> None:
    outcome = corpus(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("corpus: ")
    assert outcome.stderr.count("\n") == 1
    assert any("\udce9" in argument for argument in arguments) == ("caf\\xe9 is no UTF-8" in outcome.stderr)


def test_an_analyst_file_that_is_binary_is_a_note_and_no_error(corpus: Corpus) -> None:
    write(0)
    Path("seeds/_stopwords.csv").write_bytes(bytes(range(32)) * 9)
    outcome = corpus("run", "--inline")
    assert outcome.exit_code == 0
    assert [line for line in said(outcome) if not line.startswith("note: _stopwords.csv")] == []


@pytest.mark.parametrize("arguments", [("run", "--inline"), ("run",), ("plan",)], ids=" ".join)
def test_a_warehouse_that_is_held_ends_with_4_and_names_the_holder(
    published: Corpus, arguments: tuple[str, ...]
) -> None:
    with lock(Path("warehouse/data"), "another"):
        outcome = published(*arguments)
    assert (outcome.exit_code, outcome.stdout, len(said(outcome))) == (4, "", 1)
    assert "is held by run another (process " in outcome.stderr


def test_an_emptied_folder_is_a_line_and_ends_with_1(published: Corpus) -> None:
    shutil.rmtree("seeds")
    Path("seeds").mkdir()
    refused = published(*RUN)
    assert (refused.exit_code, refused.stdout, len(said(refused))) == (1, "", 1)
    assert said(refused)[0].startswith("corpus: 4 of 4 documents are gone from seeds, such as ")
    assert said(refused)[0].endswith("start `corpus run --accept-loss`; nothing has been changed")
    assert published(*RUN, "--accept-loss").exit_code == 0
    assert published("sql", "select count(*) as number from documents", "--format", "csv").stdout == "number\n0\n"


def test_a_long_quarantine_says_where_the_rest_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    quarantined = [(f"{number:02}.txt", "empty", "the file holds no text") for number in range(22)]
    display.summary(Summary("1", "published", quarantined=quarantined))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "22 quarantined:"
    assert lines[20:22] == ["  19.txt: the file holds no text", "  and 2 more: `corpus status` lists them all"]


# -- run, plan, status, verify ----------------------------------------------------------------------------------------


def test_a_run_tells_what_it_did_and_the_next_that_there_is_nothing_to_do(corpus: Corpus) -> None:
    write(0)
    Path("seeds/short.txt").write_text("Too short.")
    outcome = corpus("run", "--inline")
    assert outcome.exit_code == 0
    lines = outcome.stdout.splitlines()
    assert lines[0] == "2 added: 0.txt, short.txt"
    assert lines[1:3] == ["1 quarantined:", "  short.txt: 2 words; ingest.fewest_words asks for 5"]
    assert lines[3].split("\t") == ["stage", "processed", "removed", "rows", "seconds"]
    assert [line.split("\t")[0] for line in lines[4 : 4 + len(STAGES)]] == [stage.name for stage in STAGES]
    assert f"published {published_file(Path('warehouse/data'))}" in lines
    again = corpus("run", "--inline")
    assert (again.exit_code, again.stdout, again.stderr) == (
        0,
        "Nothing new: every table is up to date with the documents.\n",
        "",
    )


def test_run_json_is_one_document(corpus: Corpus) -> None:
    write(0)
    first, second = corpus("run", "--inline", "--json"), corpus("run", "--inline", "--json")
    told = json.loads(first.stdout)
    assert (first.exit_code, first.stderr) == (0, "")
    assert (told["status"], told["documents"], told["changes"]["added"]) == ("published", 1, ["0.txt"])
    assert [stage["stage"] for stage in told["stages"]] == [stage.name for stage in STAGES]
    assert all(check["violations"] == 0 for check in told["checks"])
    assert json.loads(second.stdout) == {"status": "nothing to do"}


def test_plan_tells_what_run_would_do(published: Corpus) -> None:
    write(0)  # as it is
    assert published("plan").stdout == "Nothing to do: every table is up to date.\n"
    write(5)
    lines = published("plan").stdout.splitlines()
    assert lines[:3] == ["1 added: 5.txt", "stage\twould do\twhy", "ingest\t1\t1 new"]
    told = json.loads(published("plan", "--json").stdout)
    assert told["changes"] == {"added": ["5.txt"], "changed": [], "renamed": [], "removed": []}
    assert told["stages"][0] == {
        "stage": "ingest", "documents": 1, "vanished": 0, "at_most": 0, "reasons": ["1 new"],
    }  # fmt: skip
    assert json.loads(published("plan", "--json").stdout) == told


def test_status_shows_runs_counts_and_quarantine(published: Corpus) -> None:
    told = json.loads(published("status", "--json").stdout)
    assert [run["status"] for run in told["runs"]] == ["published"]
    assert (told["tables"]["documents"], told["held_by"], told["notices"]) == (4, None, [])
    assert told["quarantined"] == [
        {"path": "short.txt", "reason": "too_short", "detail": "2 words; ingest.fewest_words asks for 5"}
    ]
    lines = published("status").stdout.splitlines()
    assert "documents\t4" in lines
    assert "short.txt\ttoo_short\t2 words; ingest.fewest_words asks for 5" in lines
    with lock(Path("warehouse/data"), "another"):
        assert "held by run another" in published("status").stdout


def _model_missing(_: Corpus, patch: pytest.MonkeyPatch) -> str:
    patch.setenv("CORPUS_ANNOTATE__MODEL", "no_such_model")
    write(4)
    return "failed, .*no_such_model"


def _folder_emptied(_: Corpus, __: pytest.MonkeyPatch) -> str:
    shutil.rmtree("seeds")
    Path("seeds").mkdir()
    return "refused, 4 of 4 documents are gone from seeds"


@pytest.mark.parametrize("spoil", [_model_missing, _folder_emptied])
def test_status_tells_of_a_run_that_published_nothing_until_one_does(
    published: Corpus, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Corpus, pytest.MonkeyPatch], str]
) -> None:
    assert json.loads(published("status", "--json").stdout)["unpublished"] is None
    with monkeypatch.context() as patch:
        message = spoil(published, patch)
        assert published(*RUN).exit_code == 1
    line = published("status").stdout.splitlines()[0]
    assert re.fullmatch(rf"Run \S+ published nothing: {message}.*; what follows is of the run before it\.", line)
    told = json.loads(published("status", "--json").stdout)["unpublished"]
    assert message.startswith(told["status"])
    assert published(*RUN, "--accept-loss").exit_code == 0
    assert json.loads(published("status", "--json").stdout)["unpublished"] is None


def test_status_tells_a_run_that_was_killed_from_one_that_goes_on(published: Corpus) -> None:
    note(Path("warehouse/data"), Unpublished("killed", "running"))
    assert published("status").stdout.startswith("Run killed published nothing: interrupted; what follows")
    with lock(Path("warehouse/data"), "killed"):
        assert published("status").stdout.startswith("A run is going on: ")
        assert json.loads(published("status", "--json").stdout)["unpublished"]["status"] == "running"
    note(Path("warehouse/data"), Unpublished("failed", "failed", "a name that is no text: \udcff"))
    assert published("status").stdout.startswith("Run failed published nothing: failed, a name that is no text: ")
    # It was killed when it had published.
    note(Path("warehouse/data"), Unpublished(str(published_run(Path("warehouse/data"))), "running"))
    assert json.loads(published("status", "--json").stdout)["unpublished"] is None
    Path("warehouse/data/private/unpublished.json").write_text("{")
    assert json.loads(published("status", "--json").stdout)["unpublished"] is None


def test_status_tells_why_nothing_has_been_published_yet(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    _missing_model(monkeypatch)
    assert corpus(*RUN).exit_code == 1
    outcome = corpus("status")
    assert (outcome.exit_code, outcome.stdout, len(said(outcome))) == (1, "", 1)
    assert "nothing has been published yet. Run " in outcome.stderr
    assert re.search("failed, .*no_such_model", outcome.stderr)


def test_verify_tells_equal_from_different(published: Corpus) -> None:
    equal = published("verify", "--json")
    assert (equal.exit_code, json.loads(equal.stdout)["differences"]) == (0, [])
    assert re.fullmatch(r"\d+ tables are what a rebuild gives\.\n", published("verify").stdout)
    write(5)
    different = published("verify", "--json")
    told = {difference["table"]: difference for difference in json.loads(different.stdout)["differences"]}
    assert different.exit_code == 3
    assert (told["documents"]["only_first"], told["documents"]["only_second"]) == (0, 1)
    shown = published("verify")
    assert shown.exit_code == 3
    assert "The published warehouse differs from a rebuild" in shown.stdout
    assert json.loads(published("status", "--json").stdout)["tables"]["documents"] == 4


# -- sql and kwic -----------------------------------------------------------------------------------------------------

STATEMENT = (
    "select path, word_count > $words::int as long, publication_date from documents where path = '0.txt' "
    "union all select 'a, \"b\"', null, null order by path"
)
ROWS = [["0.txt", True, "2021-01-01"], ['a, "b"', None, None]]


def _csv(data: bytes) -> list[list[object]]:
    rows = list(csv.reader(io.StringIO(data.decode())))
    assert rows[0] == ["path", "long", "publication_date"]
    return [[path, {"true": True, "": None}[long], date or None] for path, long, date in rows[1:]]


def _json(data: bytes) -> list[list[object]]:
    return [list(row.values()) for row in json.loads(data)]


def _parquet(data: bytes) -> list[list[object]]:
    table = pq.read_table(io.BytesIO(data))
    return [[path, long, date and str(date)] for path, long, date in zip(*(c.to_pylist() for c in table.columns))]  # noqa: B905


def _table(data: bytes) -> list[list[object]]:
    lines = [line.split("\t") for line in data.decode().splitlines()]
    assert lines[0] == ["path", "long", "publication_date"]
    return [[path, {"true": True, "": None}[long], date or None] for path, long, date in lines[1:]]


@pytest.mark.parametrize("place", ["current", "private"])
@pytest.mark.parametrize(
    "command", [("report",), ("sql", "select 1 as a", "--format", "parquet")], ids=["report", "sql"]
)
def test_no_answer_is_written_over_the_warehouse(published: Corpus, command: tuple[str, ...], place: str) -> None:
    path = Path("warehouse/data") / place / "corpus.duckdb"
    before = path.read_bytes()
    outcome = published(*command, "--output", str(path))
    assert (outcome.exit_code, said(outcome)) == (
        2,
        [f"corpus: {path} belongs to the warehouse; name another file with --output"],
    )
    assert path.read_bytes() == before


def test_columns_of_one_name_are_told_apart_in_json(published: Corpus) -> None:
    outcome = published("sql", "select 1 as a, 2 as a, 3 as b, 4 as a", "--json")
    assert json.loads(outcome.stdout) == [{"a": 1, "a_1": 2, "b": 3, "a_2": 4}]


@pytest.mark.parametrize("value", ["date 'infinity'", "timestamp '290000-01-01'"])
def test_a_date_that_cannot_be_printed_is_a_line(published: Corpus, value: str) -> None:
    Path("kept").write_text("what it was")
    for arguments in ((), ("--json", "--output", "kept")):
        outcome = published("sql", f"select {value} as a", *arguments)
        assert outcome.exit_code == 1
        assert "cast its dates and times to varchar" in " ".join(said(outcome))
    assert Path("kept").read_text() == "what it was"
    assert published("sql", f"select ({value})::varchar as a").exit_code == 0


@pytest.mark.parametrize("to_file", [False, True], ids=["printed", "to a file"])
@pytest.mark.parametrize(
    ("form", "read"),
    [("csv", _csv), ("json", _json), ("parquet", _parquet), ("table", _table)],
    ids=["csv", "json", "parquet", "table"],
)
def test_sql_answers_in_the_form_that_is_asked_for(
    published: Corpus, form: str, read: Callable[[bytes], list[list[object]]], to_file: bool
) -> None:
    output = ("--output", "answer") if to_file else ()
    outcome = published("sql", STATEMENT, "--param", "words=3", "--format", form, *output)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    if to_file:
        assert outcome.stdout == ""
    assert read(Path("answer").read_bytes() if to_file else outcome.stdout_bytes) == ROWS


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("select 1 as a, 2 as a", [{"a": 1, "a_1": 2}], id="two columns of one name"),
        pytest.param("select [1, 2] as a, {'b': null} as c", [{"a": [1, 2], "c": {"b": None}}], id="nested"),
        pytest.param("select 1 as a where false", [], id="no rows"),
        pytest.param(
            "select 'nan'::double as a, ['-inf'::float, 1] as b, {'c': 'inf'::double} as d",
            [{"a": None, "b": [None, 1], "d": {"c": None}}],
            id="numbers that JSON has not",
        ),
        pytest.param(
            "select sum(range) as a, [sum(range)] as b, 2.50 as c, 99999999999999999999999999999999999999 as d from range(4)",
            [{"a": 6, "b": [6], "c": 2.5, "d": 10**38 - 1}],
            id="sums",
        ),
        pytest.param("select '中国 – “data”' as a", [{"a": "中国 – “data”"}], id="letters"),
    ],
)
def test_sql_json_parses(published: Corpus, statement: str, expected: list[object]) -> None:
    assert json.loads(published("sql", statement, "--json").stdout, parse_constant=pytest.fail) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1234567.89", "1234567.89"),
        ("-16777217", "-16777217"),
        ("1e15 / 7", "142857142857142.84"),
        ("1e300", "1e+300"),
        ("4 / 3", "1.333333"),
        ("2 / 3", "0.666667"),
        ("1e-9 / 3", "3.33333e-10"),
        ("0", "0"),
        ("'nan'", "nan"),
        ("'-inf'", "-inf"),
    ],
)
def test_a_table_shows_what_matters_of_a_number(published: Corpus, number: str, expected: str) -> None:
    assert published("sql", f"select ({number})::double as n").stdout == f"n\n{expected}\n"


@pytest.mark.parametrize("arguments", [("sql", "select 1"), ("status", "--json"), ("--help",)], ids=" ".join)
def test_an_output_that_takes_nothing_is_a_line(
    published: Corpus, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published(*arguments).exit_code == 0
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr("sys.stdout", full)
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert full.closed, "the interpreter would try to write the rest"
    assert end.value.code == 1
    assert capsys.readouterr().err == "corpus: standard output cannot be written: No space left on device\n"


def test_a_value_may_hold_an_equals_sign(published: Corpus) -> None:
    assert json.loads(published("sql", "select $a as a", "--param", "a=b=c", "--json").stdout) == [{"a": "b=c"}]


def test_kwic_lines_up_the_occurrences(published: Corpus) -> None:
    outcome = published("kwic", "national data bureau", "--width", "12")
    lines = outcome.stdout.splitlines()
    assert (outcome.exit_code, lines[-1]) == (0, "3 occurrences in 3 documents")
    assert {line.index("[National Data Bureau]") for line in lines[:-1]} == {13}
    assert lines[0].startswith("        The  [National Data Bureau]  said on Mon  2021-01-01  0.txt  ")
    assert published("kwic", "data", "--limit", "1").stdout.splitlines()[1:] == [
        "1 occurrence in 1 document; --limit 1 shows no more"
    ]
    assert published("search", "data", "--limit", "1").stdout.splitlines()[2:] == ["1 passage; --limit 1 shows no more"]
    (hit,) = json.loads(published("kwic", "Monday", "--limit", "1", "--json").stdout)
    assert (hit["keyword"], hit["path"], hit["publication_date"]) == ("Monday", "0.txt", "2021-01-01")
    assert published("kwic", "zebra").stdout == "0 occurrences in 0 documents\n"


# -- help and terminals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_has_an_example(corpus: Corpus, verb: str) -> None:
    outcome = corpus(verb, "--help")
    assert outcome.exit_code == 0
    assert f"Example: corpus {verb}" in outcome.stdout


def test_the_help_names_every_verb_that_is_promised(corpus: Corpus) -> None:
    promised = {"run", "plan", "status", "sql", "search", "kwic", "explain", "export", "report", "schedule", "verify"}
    assert promised <= set(VERBS)
    assert all(re.search(rf"^  {verb} ", corpus("--help").stdout, re.MULTILINE) for verb in VERBS)


@pytest.mark.parametrize("arguments", [(), ("explain",)], ids=str)
def test_a_command_that_asks_for_nothing_is_answered_with_help(corpus: Corpus, arguments: tuple[str, ...]) -> None:
    outcome = corpus(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr == corpus(*arguments, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("sql", "select path, title from documents"),
        ("sql", "select path, title from documents", "--json"),
        ("sql", "select chr(27) || '[31m' as red, chr(155) as csi, chr(8238) as turned"),
        ("kwic", "data"),
        ("kwic", "data", "--json"),
        ("status",),
        ("status", "--json"),
        ("plan", "--rebuild"),
        ("run", "--inline", "--rebuild"),
        ("run", "--inline", "--rebuild", "--json"),
    ],
    ids=lambda arguments: " ".join(arguments)[:60],
)
def test_nothing_from_a_document_can_take_over_a_terminal(published: Corpus, arguments: tuple[str, ...]) -> None:
    write(6)
    Path(f"seeds/{HOSTILE}").rename(f"seeds/b{HOSTILE}")
    outcome = published(*arguments)
    assert outcome.exit_code == 0
    assert "data" in outcome.stdout.lower() or "red" in outcome.stdout
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", outcome.output) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0, 1, 4, 8], "▁▁▄█"), ([0, 0], "▁▁"), ([0.5, None, 1], "▄ █"), ([-3, 3], "▁█"), ([], "")],
)
def test_sparkline(values: list[float | None], expected: str) -> None:
    assert display.sparkline(values) == expected


def test_lists_of_numbers_are_drawn_if_asked_for(published: Corpus) -> None:
    statement = "select [1, 2, 8] as series, ['a'] as names, 7 as number"
    assert published("sql", statement).stdout.splitlines()[1] == "[1, 2, 8]\t['a']\t7"
    assert published("sql", statement, "--sparklines").stdout.splitlines()[1] == "▁▂█\t['a']\t7"
    sums = "select [sum(range), 'inf'::double, sum(range) / 4] as a, [sum(range), 2 * sum(range)] as b from range(5)"
    assert published("sql", sums, "--sparklines").stdout.splitlines()[1] == "█ ▂\t▄█"


def test_a_terminal_shows_the_documents_by_year(published: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Documents by year" not in published("status").stdout
    monkeypatch.setattr("flows.status.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    assert "Documents by year, 4 at most: 2021 █ 2021" in published("status").stdout
