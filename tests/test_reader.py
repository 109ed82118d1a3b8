"""Readers of the published warehouse: they can ask everything of it, and do nothing to it or beyond it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows.settings import Settings
from tests.conftest import document, run_corpus, write
from warehouse.errors import StatementError, WarehouseError
from warehouse.paths import published_file
from warehouse.reader import ask, ask_all, asking, counted_tables, reading
from warehouse.store import Store


@pytest.fixture(scope="module")
def warehouse(published_once: Callable[..., Path]) -> Path:
    """A warehouse of two documents."""
    return published_once({f"{number}.txt": document(number) for number in range(2)}) / "warehouse"


def test_the_answer_is_an_arrow_table(warehouse: Path) -> None:
    answer = ask(warehouse, "select path, word_count > 0 as has_text from documents order by path")
    assert answer.to_pylist() == [{"path": "0.txt", "has_text": True}, {"path": "1.txt", "has_text": True}]


@pytest.mark.parametrize(
    ("column", "values", "asked"),
    [
        ("term", "select term from terms", "select sum(occurrences) from term_trend({})"),
        ("term", "select term from terms", "select sum(occurrences) from term_occurrences({})"),
        ("name", "select name from entities", "select sum(occurrences) from entity_trend({})"),
        ("name", "select name from entities", "select count(*) from entity_mentions({})"),
        ("topic_id", "select topic_id from topics", "select sum(occurrences) from topic_passages({})"),
        ("text", "values ('data'), ('trade')", "select count(*) from kwic({})"),
    ],
)
def test_a_macro_takes_a_column_whatever_its_name(warehouse: Path, column: str, values: str, asked: str) -> None:
    given = ask(warehouse, f"select * from ({values}) as given({column}) order by all limit 5").to_pylist()
    by_column = ask(
        warehouse,
        f"with given as (select * from ({values}) as given({column}) order by all limit 5) "
        f"select {column}, ({asked.format(column)}) as found from given order by all",
    ).to_pylist()
    one_by_one = [
        row
        | {
            "found": ask(warehouse, f"select ({asked.format('$value')}) as found", {"value": row[column]}).to_pylist()[
                0
            ]["found"]
        }
        for row in given
    ]
    assert by_column == one_by_one
    assert len({row["found"] for row in one_by_one}) > 1


@pytest.mark.parametrize("macro", ["term_trend", "entity_trend"])
def test_what_the_warehouse_does_not_know_has_no_periods(warehouse: Path, macro: str) -> None:
    assert ask(warehouse, f"from {macro}('no such thing')").num_rows == 0


def test_what_is_asked_one_after_the_other_is_of_one_version(published_copy: Callable[..., Settings]) -> None:
    settings = published_copy({"0.txt": document(0)})
    with asking(settings.warehouse) as ask_again:
        assert ask_again("select path from documents").to_pylist() == [{"path": "0.txt"}]
        write(settings.seeds, {"1.txt": document(1)})
        run_corpus(settings)
        with pytest.raises(StatementError):
            ask_again("select nothing")
        assert ask_again("select path from documents").to_pylist() == [{"path": "0.txt"}]
    assert ask(settings.warehouse, "select path from documents order by path").num_rows == 2


def test_asking_many_things_leaves_the_connection_as_it_was() -> None:
    with duckdb.connect(config={"threads": 3}) as connection:
        connection.execute("create schema pipeline")
        connection.execute("create view pipeline.some as from range(3)")
        for statement, expected in (("select sum(range)::int as n from pipeline.some", 3), ("from nothing", None)):
            try:
                found = ask_all(connection, {"asked": statement}, ["some"])["asked"]["n"].to_pylist()
            except duckdb.CatalogException:
                found = [None]
            assert found == [expected]
            assert connection.execute("select current_setting('threads')").fetchall() == [(3,)]


def test_parameters_are_values_and_no_sql(warehouse: Path) -> None:
    answer = ask(warehouse, "select $name as name", {"name": "'; drop table documents; --"})
    assert answer.to_pylist() == [{"name": "'; drop table documents; --"}]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("create table stolen as select 1", id="create"),
        pytest.param("insert into topics from topics", id="insert"),
        pytest.param("delete from passages", id="delete"),
        pytest.param("update passages set text = ''", id="update"),
        pytest.param("drop view documents", id="drop"),
        pytest.param("copy (select 1) to '{elsewhere}/out.csv'", id="copy to a file"),
        pytest.param("copy (select 1) to '{elsewhere}/out.parquet' (format parquet)", id="copy to parquet"),
        pytest.param("export database '{elsewhere}/export'", id="export"),
        pytest.param("attach '{elsewhere}/other.duckdb' as other", id="attach"),
        pytest.param("select * from read_csv('{elsewhere}/secret.csv')", id="read_csv"),
        pytest.param("select * from read_text('{elsewhere}/secret.csv')", id="read_text"),
        pytest.param("select * from '{elsewhere}/secret.csv'", id="file as a table"),
        pytest.param("select * from glob('{elsewhere}/*')", id="glob"),
        pytest.param("install httpfs", id="install"),
        pytest.param("load httpfs", id="load"),
        pytest.param("set enable_external_access = true", id="allow access"),
        pytest.param("set lock_configuration = false", id="unlock"),
        pytest.param("select * from frame", id="a variable of the program"),
    ],
)
def test_a_reader_can_neither_write_nor_reach_anything_else(warehouse: Path, tmp_path: Path, statement: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    frame = ask(warehouse, "select 1 as secret")
    with pytest.raises(WarehouseError):
        ask(warehouse, statement.replace("{elsewhere}", str(tmp_path)))
    assert frame.num_rows == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert ask(warehouse, "select count(*) as n from documents").to_pylist() == [{"n": 2}]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        pytest.param("select colour from documents", 'Binder Error: Referenced column "colour" not found', id="column"),
        pytest.param("select * from nowhere", "Catalog Error: Table with name nowhere does not exist!", id="table"),
        pytest.param("selct 1", 'Parser Error: syntax error at or near "selct"', id="syntax"),
        pytest.param("select $missing", "missing", id="parameter not given"),
        pytest.param("select 'a'::int", "Conversion Error: Could not convert string 'a' to INT32", id="value"),
        pytest.param("from kwic('(')", "missing )", id="regular expression"),
        pytest.param("from kwic('a)(b')", "unexpected )", id="regular expression by itself"),
    ],
)
def test_a_wrong_statement_is_said_without_a_listing(warehouse: Path, statement: str, message: str) -> None:
    with pytest.raises(StatementError) as raised:
        ask(warehouse, statement)
    assert message in str(raised.value)
    assert "LINE 1" not in str(raised.value)


@pytest.mark.parametrize("statement", ["", ";", "-- nothing"], ids=["empty", "semicolon", "comment"])
def test_a_statement_that_asks_nothing_is_said(warehouse: Path, statement: str) -> None:
    with pytest.raises(WarehouseError):
        ask(warehouse, statement)


def test_a_statement_that_takes_too_long_is_stopped_and_told_how_to_go_on(warehouse: Path) -> None:
    with pytest.raises(WarehouseError) as raised:
        ask(warehouse, "select count(*) from range(1_000_000_000_000) a where a.range % 7 = 3", seconds=0.2)
    assert str(raised.value) == "the statement took more than 0.2 seconds; narrow it, or give it more with --timeout"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_question_at_once(warehouse: Path, number: signal.Signals) -> None:
    endless = "select count(*) from range(1_000_000_000_000) a where a.range % 7 = 3"
    asking = [sys.executable, "-m", "flows.cli", "sql", endless, "--timeout", "300", "--warehouse", str(warehouse)]
    with subprocess.Popen(asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:
        while command.poll() is None and not _is_open(published_file(warehouse).resolve(), command.pid):
            time.sleep(0.02)
        time.sleep(0.3)
        command.send_signal(number)
        said, error = command.communicate(timeout=30)
    assert (command.returncode, said, error) == (1, "", "corpus: interrupted\n")


def _is_open(file: Path, process: int) -> bool:
    return file in {Path(os.path.realpath(link)) for link in Path(f"/proc/{process}/fd").iterdir()}


def test_without_a_publication_the_reader_is_told_what_to_start(settings: Settings) -> None:
    with pytest.raises(WarehouseError) as raised:
        ask(settings.warehouse, "select 1")
    expected = (
        f"{published_file(settings.warehouse)} does not exist: nothing has been published yet; start `corpus run`"
    )
    assert str(raised.value) == expected


def test_many_readers_may_read_at_once(warehouse: Path) -> None:
    with reading(warehouse) as first, reading(warehouse) as second:
        for connection in (first, second):
            assert connection.execute("select count(*) from documents").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        pytest.param("national data bureau", ["National Data Bureau"], id="phrase"),
        pytest.param("data (cent|bur)", ["Data Bur", "data cent"], id="group"),
        pytest.param("guizhou|shanghai", ["Guizhou", "Shanghai"], id="alternatives"),
        pytest.param("^the national", ["The National"], id="start"),
        pytest.param(r"Shanghai\.$", ["Shanghai."], id="end"),
        pytest.param("x*", ["X"], id="nothing or more"),
        pytest.param("zebra", [], id="absent"),
    ],
)
def test_kwic_finds_every_occurrence_with_the_offsets_that_lead_to_it(
    warehouse: Path, pattern: str, keywords: list[str]
) -> None:
    hits = ask(
        warehouse,
        "select hits.keyword, substring(text, hits.start_char + 1, hits.end_char - hits.start_char) as quoted "
        "from kwic($pattern) as hits join passages using (passage_id) where path = '0.txt' order by hits.start_char",
        {"pattern": pattern},
    ).to_pylist()
    assert hits == [{"keyword": keyword, "quoted": keyword} for keyword in keywords]


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("factories", "factory"),
        ("processes", "process"),
        ("centres", "centre"),
        ("carried", "carry"),
        ("strengthened", "strengthen"),
        ("developing", "develop"),
        ("promoted", "promote"),
        ("planning", "plan"),
        ("lives", "life"),
        ("leaves", "leaf"),
        ("analyses", "analysis"),
        ("data", "data"),
    ],
)
def test_a_search_finds_the_term_that_a_word_is_a_form_of(word: str, term: str) -> None:
    with Store(None) as store:
        store.rows("insert into passages values ('p', 'd', 0, 'body', ?, 0, 1, null)", [f"They {word} it."])
        store.rows(
            "insert into pipeline.sources (document_id, path, content_sha256, media_type, encoding, language, text_sha256) "
            "values ('d', 'd.txt', 'd', 'text/plain', 'utf-8', 'en', 'd')"
        )
        store.rows("insert into pipeline.bodies (document_id, word_count) values ('d', 3)")
        store.rows("insert into sentences values ('s', 'p', 'd', 0, 0, 1, 'They', 3)")
        store.rows("insert into term_counts values ('d', 'p', 's', ?, 1, 0, 0)", [term])
        assert store.rows("select passage_id, text from search($word)", {"word": word}) == [("p", f"They «{word}» it.")]
        assert store.rows("from search('ring')") == []


@pytest.fixture(scope="module")
def passages() -> Iterator[Store]:
    """Passages of one sentence each, of which few words are terms."""
    texts = (
        "Müller of Müller-Werke and Zürich drove on.",
        "China’s plan was driven by China.",
        "By 2035 women run IT in a café, a Jazzcafé or the U.S.",
        "Of 120352035 2035, and 2035.",
        "O’Brien met state‑owned firms.",
    )
    with Store(None) as store:
        store.rows(
            "insert into pipeline.sources (document_id, path, content_sha256, media_type, encoding, language, text_sha256) "
            "values ('d', 'd.txt', 'd', 'text/plain', 'utf-8', 'en', 'd')"
        )
        store.rows("insert into pipeline.bodies (document_id, word_count) values ('d', 30)")
        for number, text in enumerate(texts):
            store.rows("insert into passages values (?, 'd', ?, 'body', ?, 0, 1, null)", [str(number), number, text])
            store.rows("insert into sentences values (?, ?, 'd', 0, 0, 1, ?, 8)", [f"{number}-0", str(number), text])
        store.rows(
            "insert into term_counts values ('d', '1', '1-0', 'china', 2, 2, 2), ('d', '1', '1-0', 'plan', 1, 0, 1), "
            "('d', '4', '4-0', 'o''brien', 1, 1, 1), ('d', '4', '4-0', 'state-owned', 1, 0, 1)"
        )
        yield store


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("müller", ["«Müller» of «Müller»-Werke and Zürich drove on."]),
        ("Zu\u0308rich", ["Müller of Müller-Werke and «Zürich» drove on."]),
        ("werke", ["Müller of Müller-«Werke» and Zürich drove on."]),
        ("CAFÉ", ["By 2035 women run IT in a «café», a Jazzcafé or the U.S."]),
        ("caf", []),
        ("China's", ["«China»’s plan was driven by «China»."]),
        ("driven", ["China’s plan was «driven» by China."]),
        ("U.S.", ["By 2035 women run IT in a café, a Jazzcafé or the «U.S.»"]),
        ("women", ["By 2035 «women» run IT in a café, a Jazzcafé or the U.S."]),
        ("2035", ["By «2035» women run IT in a café, a Jazzcafé or the U.S.", "Of 120352035 «2035», and «2035»."]),
        ("203", []),
        ("the", ["By 2035 women run IT in a café, a Jazzcafé or «the» U.S."]),
        (
            "IT plan",
            ["China’s «plan» was driven by China.", "By 2035 women run «IT» in a café, a Jazzcafé or the U.S."],
        ),
        ("it plan", ["China’s «plan» was driven by China."]),
        ("O'Brien", ["«O’Brien» met state‑owned firms."]),
        ("state-owned", ["O’Brien met «state‑owned» firms."]),
        ("of the driven", ["China’s plan was «driven» by China."]),
        ("'", []),
    ],
)
def test_a_search_finds_any_word_that_stands_in_a_text(passages: Store, sought: str, found: list[str]) -> None:
    marked = passages.rows("select text from search($sought) order by passage_id", {"sought": sought})
    assert [text for (text,) in marked] == found


def test_the_score_of_a_passage_does_not_depend_on_the_order_in_which_words_are_summed_up(passages: Store) -> None:
    scores = [score for (score,) in passages.rows("select score from search('women café 2035 china plan driven')")]
    assert len(scores) == 3
    assert scores == [round(score, 9) for score in scores]


def test_what_repeats_another_document_changes_no_score(passages: Store) -> None:
    asked = "select passage_id, score from search('china plan driven')"
    with passages.rehearsal() as cursor:
        alone = cursor.execute(asked).fetchall()
        cursor.execute("insert into pipeline.duplicates values ('copy', 'd')")
        cursor.execute(
            "insert into sentences by name "
            "select * replace ('copy' as document_id, 'c' || passage_id as passage_id) from sentences"
        )
        assert cursor.execute(asked).fetchall() == alone != []


def test_terms_that_fill_an_answer_are_all_that_is_looked_for(passages: Store) -> None:
    assert passages.rows("select passage_id from search('plan women', most := 1)") == [("1",)]


def test_counted_tables_counts_every_public_table_and_no_other() -> None:
    with Store(None) as store:
        counts = counted_tables(lambda statement, *_: store._connection.execute(statement).to_arrow_table())
    assert {name: rows for name, rows in counts.items() if rows and name != "data_dictionary"} == {}
    assert {"documents", "mentions", "topic_models", "runs", "keyword_trends", "entity_trends"} <= counts.keys()
    assert not {"ledger", "digests", "sources", "bodies"} & counts.keys()
