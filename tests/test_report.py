"""The report: what it says, that nothing in a document can change the page, and how it gets beside the warehouse."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import vl_convert
from click.testing import CliRunner, Result

import flows.report
from flows.cli import main
from flows.report import QUERIES, answers, every_answer, make_report, report_published, write_page
from flows.settings import Settings
from flows.verify import verify
from tasks.report import Answer, Flip, clip, content_security_policy, flips
from tasks.report.differences import Piece, differences
from tests.conftest import document, packed, query, run_corpus
from warehouse.definitions import sql, sql_names
from warehouse.paths import published_file
from warehouse.publish import version_before
from warehouse.reader import ask, ask_file, published_version, reading_file
from warehouse.store import Store

CHARTS = "window.vegaEmbed = () => Promise.resolve(); // </script><!--"


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A charting library that takes no time to bundle; the list holds what was asked of it."""
    asked: list[str] = []

    def bundle(snippet: str) -> str:
        asked.append(snippet)
        return CHARTS

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    return asked


@pytest.fixture
def reporting(make_settings: Callable[..., Settings], documents: Path, bundled: list[str]) -> Settings:
    """Settings under which each run makes the report, and six documents."""
    return make_settings(report={"on_run": True})


@pytest.fixture
def published(published_copy: Callable[..., Settings], bundled: list[str]) -> Settings:
    """The same, published once with its report."""
    texts = {f"{number}.txt": document(number, year=2016 + number) for number in range(6)}
    return published_copy(texts, report={"on_run": True})


def page_of(settings: Settings) -> str:
    return published_file(settings.warehouse).with_name("report.html").read_text(encoding="utf-8")


def column(answer: dict[str, Any], name: str) -> list[Any]:
    values = answer["columns"][name]
    return [values["texts"][code] for code in values["codes"]] if isinstance(values, dict) else values


def corpus(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--warehouse", str(settings.warehouse)])


# ---- pure parts ----


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("one two", "one\n two", ([("one two", False)], [("one two", False)])),
        ("One, two", "one two.", ([("One, two", False)], [("one two.", False)])),
        (
            "data as an element of production",
            "data as a factor of production",
            (
                [("data as", False), ("an element", True), ("of production", False)],
                [("data as", False), ("a factor", True), ("of production", False)],
            ),
        ),
        ("a b", "b", ([("a", True), ("b", False)], [("b", False)])),
        ("", "new", ([], [("new", True)])),
        ("— x", "– x", ([("—", True), ("x", False)], [("–", True), ("x", False)])),
    ],
)
def test_differences(first: str, second: str, expected: tuple[list[tuple[str, bool]], ...]) -> None:
    assert differences(first, second) == tuple([Piece(*piece) for piece in side] for side in expected)


def test_verdicts_flip_in_either_direction() -> None:
    before = Answer(
        "", {"granularity": ["year"] * 3, "term": ["a", "b", "c"], "verdict": ["rising", "falling", "burst"]}
    )
    after = Answer("", {"granularity": ["year"] * 3, "term": ["d", "b", "c"], "verdict": ["rising", "rising", "burst"]})
    assert flips(before, after) == [
        Flip("year", "a", "rising", None),
        Flip("year", "b", "falling", "rising"),
        Flip("year", "d", None, "rising"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [(None, ""), ("short", "short"), ("a bc defg", "a bc…"), ("x" * 9, "xxxxx…")]
)
def test_clip(text: str | None, expected: str) -> None:
    assert clip(text, 6) == expected


def test_the_policy_names_the_code_of_the_page_and_allows_nothing_else() -> None:
    policy = content_security_policy("a {}", ["f()"])
    digest = base64.b64encode(hashlib.sha256(b"f()").digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy


# ---- the page of a warehouse ----


def test_the_page_is_published_with_the_warehouse(reporting: Settings) -> None:
    done = run_corpus(reporting)
    assert done is not None
    assert (done.report, done.report_error) == (str(reporting.warehouse / "current" / "report.html"), None)
    version = published_version(reporting.warehouse)
    assert sorted(path.name for path in version.parent.iterdir()) == ["corpus.duckdb", "report.html"]
    page = page_of(reporting)
    assert packed(page, "data")["run"]["columns"]["run_id"] == [version.parent.name]
    assert query(reporting, "select max(run_id) from runs") == [(version.parent.name,)]
    assert "Report number 3 on the digital economy" in page
    assert "No earlier version is kept to compare with." in page


def test_a_page_is_the_same_for_the_same_version(published: Settings) -> None:
    assert make_report(published_version(published.warehouse), CHARTS) == page_of(published)


def test_every_script_of_the_page_is_one_that_its_policy_names(published: Settings) -> None:
    page = page_of(published)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) == 3
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy.replace("&#43;", "+")
    assert scripts[0] == "window.vegaEmbed = () => Promise.resolve(); // \\x3c/script>\\x3c!--"


def test_one_of_a_thing_is_not_said_to_be_several(published: Settings) -> None:
    found = every_answer(partial(ask_file, published_version(published.warehouse)))
    for name in ("documents", "duplicates", "undated", "words", "entities", "terms", "topics", "documents_in_full"):
        found["run"].columns[name][0] = 1
    found["run"].columns["documents"][0] = 2  # one of which repeats the other
    page = " ".join(make_report(published_version(published.warehouse), CHARTS, found).split())
    assert "1 document and 1 word, 2016–2021: 1 entity, 1 term, 1 topic." in page
    assert "Of 2 documents, 1 repeats another and is not counted, and 1 has no date" in page
    found["run"].columns["documents"][0] = 1
    page = " ".join(make_report(published_version(published.warehouse), CHARTS, found).split())
    assert "The one document is here in full." in page


def test_of_a_date_as_much_is_shown_as_is_stated(published_copy: Callable[..., Settings], bundled: list[str]) -> None:
    texts = {
        f"{number}.md": f"---\ndate: {date}\n---\n\n{document(number, year=None)}"
        for number, date in enumerate(("2019", "2020-08", "2021-02-03"))
    }
    page = page_of(published_copy(texts, report={"on_run": True}))
    found = re.findall(r'<td class="date">([^<]*)</td>', page)
    assert found == ["2021-02-03", "2020-08", "2019", "2019", "2021-02-03"]  # of the documents, and of their publisher


def test_the_page_names_no_other_place(published: Settings) -> None:
    page = re.sub(r"<script>.*?</script>", "", page_of(published), flags=re.DOTALL)
    assert re.findall(r"""(?:src|href|action)=["'](?!#)[^"']*|url\(|@import|https?:""", page) == []


HOSTILE = {
    "script.md": '---\ntitle: "</script></title><script>alert(1)</script>"\npublisher: "<b onclick=alert(1)>"\n---\n\n',
    "quotes.md": '---\ntitle: "\\" onmouseover=alert(1) x=\'{{ 7 * 7 }}{% raw %}"\n---\n\n',
    "bidi.md": '---\ntitle: "\\u202e evil \\u2066 text"\n---\n\n',
    "long.md": f"---\ntitle: {'w' * 10_000}\n---\n\n",
    '"><svg onload=alert(1)>.txt': "",
}


def test_documents_change_nothing_in_the_page(make_settings: Callable[..., Settings], bundled: list[str]) -> None:
    settings = make_settings(report={"on_run": True})
    for number, (name, front) in enumerate(HOSTILE.items()):
        (settings.seeds / name).write_text(f"{front}{document(number)}", encoding="utf-8")
    (settings.seeds / "<img src=x onerror=alert(1)>.txt").write_text("No.", encoding="utf-8")
    run_corpus(settings)
    page = page_of(settings)
    for markup in ("<b onclick", "<svg", "<img", "alert(1)</script>", "onmouseover=alert(1) x='"):
        assert markup not in page
    assert "&lt;/script&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}{% raw %}" in page
    assert "w" * 300 not in page
    titles = set(column(packed(page, "data")["documents"], "title"))
    assert "w" * 10_000 in titles  # in the data, which is no markup


@pytest.mark.parametrize("name", sql_names(QUERIES))
def test_the_sql_shown_runs_as_it_stands(published: Settings, name: str) -> None:
    shown = sql(QUERIES, name)
    assert ask(published.warehouse, shown).num_rows == len(
        answers(partial(ask_file, published_version(published.warehouse)), [name])[name]
    )


AS_THE_VIEWS_SAY = {
    "trends": "select trends.* exclude (p_value) from keyword_trends as trends "
    "where term in (select term from pipeline.report_terms) "
    "and granularity in (select granularity from pipeline.report_periods)",
    "verdict_counts": "select granularity, verdict, coalesce(gate, '') as gate, count(*) as terms from keyword_trends "
    "where granularity in (select granularity from pipeline.report_periods) group by all",
    "term_periods": "select term, granularity, period_start, occurrences, documents from keyword_counts "
    "where term in (select term from pipeline.report_terms) "
    "and granularity in (select granularity from pipeline.report_periods)",
    "entity_periods": "select entity_id, granularity, period_start, occurrences, documents from entity_trends "
    "where entity_id in (select entity_id from pipeline.report_entities) "
    "and granularity in (select granularity from pipeline.report_periods)",
    "mentions": "select document_id, passage_id, start_char, end_char, label, entity_id from mentions "
    "where document_id in (select document_id from pipeline.report_documents) and entity_id is not null",
    "term_sentences": "select counts.term, sentences.sentence_id, sentences.document_id, sentences.passage_id, sentences.text "
    "from term_counts as counts join sentences on sentences.sentence_id = counts.sentence_id "
    "join pipeline.document_dates as dates on dates.document_id = counts.document_id "
    "where counts.term in (select term from pipeline.report_terms) "
    "qualify row_number() over (partition by counts.term order by dates.date desc, counts.sentence_id desc) <= 6",
    "topic_passages": "select placed.topic_id, placed.passage_id, placed.document_id, placed.weight, placed.occurrences, "
    "passages.text[:1500] as text from passage_topics as placed join passages on passages.passage_id = placed.passage_id "
    "qualify row_number() over (partition by placed.topic_id order by placed.occurrences desc, placed.passage_id desc) <= 6",
    "topic_periods": "select topic_id, granularity, period_start, "
    "round(amount / round(sum(amount) over (partition by granularity, period_start), 6), 9) as share, "
    "amount as occurrences, documents from ("
    "select placed.topic_id, periods.granularity, periods.period_start, round(sum(placed.occurrences), 6) as amount, "
    "count(distinct placed.document_id) filter (weights.weight >= 0.1) as documents from passage_topics as placed "
    "join document_topics as weights on weights.document_id = placed.document_id and weights.topic_id = placed.topic_id "
    "join pipeline.document_periods as periods on periods.document_id = placed.document_id group by all) "
    "where granularity in (select granularity from pipeline.report_periods)",
    "verdicts": "select granularity, term, verdict from keyword_trends "
    "where verdict in ('rising', 'falling', 'burst', 'vanished')",
}


@pytest.mark.parametrize("name", AS_THE_VIEWS_SAY)
def test_what_is_asked_of_the_tables_is_what_the_views_say(judged: Path, name: str) -> None:
    columns = answers(partial(ask_file, judged), [name])[name].columns
    listed = ", ".join(f"{column}::varchar" for column in columns)
    with reading_file(judged) as connection:
        expected = connection.execute(f"select {listed} from ({AS_THE_VIEWS_SAY[name]}) order by all").fetchall()
        found = connection.execute(
            f"select {listed} from ({sql(QUERIES, name).strip().rstrip(';')}) order by all"
        ).fetchall()
    assert found == expected
    assert found


def test_terms_shown_are_the_strongest_of_each_verdict_and_the_most_widespread(judged: Path) -> None:
    with reading_file(judged) as connection:
        shown = {term for (term,) in connection.execute("from pipeline.report_terms").fetchall()}
        expected = set()
        for order, verdicts, most in (
            ("abs(tau) desc, term desc", ("rising", "falling"), 24),
            ("burst_strength desc, term desc", ("burst",), 24),
            ("absence_q_value, term desc", ("vanished",), 24),
            ("documents desc, term desc", ("steady", "insufficient"), 6),
        ):
            for verdict in verdicts:
                expected |= {
                    term
                    for (term,) in connection.execute(
                        "select term from keyword_trends where verdict = $verdict "
                        f"qualify row_number() over (partition by granularity order by {order}) <= {most}",
                        {"verdict": verdict},
                    ).fetchall()
                }
        widespread = "select term from terms order by document_count desc, occurrences desc, term limit 600"
        expected |= {term for (term,) in connection.execute(widespread).fetchall()}
    assert shown == expected


@pytest.fixture
def judged(published: Settings, tmp_path: Path) -> Path:
    """A version in which terms have verdicts of each kind, and more terms than the report shows."""
    path = tmp_path / "judged.duckdb"
    shutil.copyfile(published_version(published.warehouse), path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into pipeline.term_totals by name select * exclude (number) replace ("
            "term || number as term, document_count * number as document_count, "
            "year_documents + number as year_documents, month_documents + number as month_documents) "
            "from pipeline.term_totals, (select unnest(range(1, 40)) as number)"
        )
        connection.execute(
            "insert into pipeline.period_terms by name select * exclude (number) replace (term || number as term) "
            "from pipeline.period_terms, (select unnest(range(1, 40)) as number)"
        )
        connection.execute(
            "update pipeline.tested_periods set periods_gate = null, fewest_documents = 2, fewest_occurrences = 1"
        )
        for granularity in ("year", "quarter", "month"):
            documents = "year_documents" if granularity == "year" else "month_documents"
            connection.execute(
                "insert into pipeline.term_verdicts by name select term, $granularity as granularity, 0 as series, "
                "if(rowid % 6 = 5, 'too few publishers', null) as gate, rowid % 37 / 37 - 0.5 as tau, 0 as p_value, "
                "date '2016-01-01' as burst_start, rowid % 41 as burst_strength, rowid % 6 = 2 as is_burst, "
                "rowid % 43 / 43 as absence_q_value, "
                "['rising', 'falling', 'burst', 'vanished', 'steady', 'insufficient'][1 + rowid % 6] as verdict "
                f"from pipeline.term_totals where left_out is null and {documents} >= 2",
                {"granularity": granularity},
            )
    return path


def test_the_report_says_what_differs_from_the_version_before(published: Settings) -> None:
    (published.seeds / "late.txt").write_text(document(9, year=2022), encoding="utf-8")
    (published.seeds / "short.txt").write_text("Too short.", encoding="utf-8")
    run_corpus(published)
    page = page_of(published)
    before = version_before(published_version(published.warehouse))
    assert before is not None
    assert f"None since the version of {before.parent.name}." in page
    data = packed(page, "data")
    assert column(data["added_documents"], "path") == ["late.txt"]
    assert column(data["quarantined"], "path") == ["short.txt"]
    assert "a file with" not in page
    assert "short.txt" in page


def test_topic_changes_are_those_of_the_last_refit() -> None:
    """Model A gives way to B and comes back, twice."""
    links = [("A", "B", "t1", None, "retired"), ("B", "A", None, "t2", "born"), ("C", "A", None, "t3", "born")]
    found = []
    with Store(None) as store, store.transaction() as cursor:
        cursor.executemany(
            "insert into topic_lineage values (?, ?, ?, ?, ?, 0.1, upper(?), null)",
            [(*link, link[2]) for link in links],
        )
        for run_id, model in zip("1234", "ABAA", strict=True):
            cursor.execute(
                "insert into runs by name select $run as run_id, now()::timestamp as started_at, 'published' as status, "
                "0 as added, 0 as changed, 0 as renamed, 0 as removed, 0 as quarantined, [] as notices",
                {"run": run_id},
            )
            cursor.execute(
                "insert into topic_runs by name select $run as run_id, now()::timestamp as recorded_at, $model as model_id, "
                "'fitted' as decision, 'new documents' as reason, 9 as tokens, 0 as lost_labels",
                {"run": run_id, "model": model},
            )
            rows = cursor.execute(sql(flows.report.QUERIES, "topic_changes")).fetchall()
            found.append([(row[0], *row[2:5]) for row in rows])
    assert found == [
        [("fitted", None, None, None)],
        [("fitted", "retired", "T1", None)],  # what it was called
        [("fitted", "born", None, "t2")],
        [("fitted again, with the same topics", None, None, None)],
    ]


def test_documents_added_are_those_that_the_version_before_did_not_have(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def added() -> list[str]:
        run_corpus(published)
        return column(packed(page_of(published), "data")["added_documents"], "path")

    late = published.seeds / "late.txt"
    late.write_text(document(9, year=2022), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(flows.execution, "publish_run", lambda *_: (_ for _ in ()).throw(ZeroDivisionError))
        with pytest.raises(ZeroDivisionError):
            run_corpus(published)
    assert added() == ["late.txt"]
    late.rename(published.seeds / "renamed.txt")
    (published.seeds / "0.txt").rename(published.seeds.parent / "0.txt")
    assert added() == []
    (published.seeds.parent / "0.txt").rename(published.seeds / "0.txt")
    assert added() == ["0.txt"]


def test_a_flip_is_listed_with_both_verdicts(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (published.seeds / "late.txt").write_text(document(9, year=2022), encoding="utf-8")
    run_corpus(published)
    monkeypatch.setattr(flows.report, "flips", lambda *_: [Flip("year", "<i>5g/6 g</i>", "rising", None)])
    page = make_report(published_version(published.warehouse), CHARTS)
    link = '<a href="#term/%3Ci%3E5g%2F6%20g%3C%2Fi%3E">&lt;i&gt;5g/6 g&lt;/i&gt;</a>'
    assert f"<td>{link}</td><td>year</td><td>rising</td><td>no trend</td>" in page


def test_numbers_that_json_lacks_are_missing(published: Settings, statements: Path) -> None:
    (statements / QUERIES / "languages.sql").write_text(
        "select unnest(['nan', 'inf', '0.5']::double[]) as share", encoding="utf-8"
    )
    (answer,) = answers(partial(ask_file, published_version(published.warehouse)), ["languages"]).values()
    assert answer.columns == {"share": [None, None, 0.5]}


def test_a_version_that_lacks_what_the_report_asks_for_is_said_to_be_old(published: Settings, statements: Path) -> None:
    (statements / QUERIES / "languages.sql").write_text("select 1 from pipeline.later", encoding="utf-8")
    outcome = corpus(published, "report")
    assert outcome.exit_code == 1
    assert "`corpus run` brings it up to date" in outcome.stderr


def test_a_version_before_that_cannot_be_asked_is_compared_with_nothing(
    published: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = published_version(published.warehouse)
    monkeypatch.setattr(flows.report, "version_before", lambda _: None)
    alone = make_report(file, "")
    damaged = tmp_path / "before" / "corpus.duckdb"
    damaged.parent.mkdir()
    for make in (Path.touch, lambda path: path.write_bytes(b"no warehouse")):
        make(damaged)
        monkeypatch.setattr(flows.report, "version_before", lambda _: damaged)
        assert make_report(file, "") == alone


# ---- how it is made ----


def test_a_verification_makes_no_report(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.report, "make_report", lambda *_: pytest.fail("a report was made"))
    assert verify(published, lambda *_: None).differences == []


def test_a_run_makes_no_report_if_told_so(settings: Settings, documents: Path) -> None:
    done = run_corpus(settings)
    assert done is not None
    assert (done.report, done.report_error) == (None, None)
    assert not published_file(settings.warehouse).with_name("report.html").exists()


def test_a_report_that_fails_does_not_cost_the_publication(
    reporting: Settings, monkeypatch: pytest.MonkeyPatch, toy_model: Path
) -> None:
    monkeypatch.setenv("CORPUS_ANNOTATE__MODEL", str(toy_model))
    monkeypatch.setenv("CORPUS_TOPICS", '{"seeds": 1, "passes": 1, "count": 2}')
    monkeypatch.setenv("CORPUS_REPORT__ON_RUN", "true")

    def fail(*_: object) -> str:
        raise ZeroDivisionError("no pages left")

    with monkeypatch.context() as patch:
        patch.setattr(flows.report, "render", fail)
        outcome = corpus(reporting, "run", "--inline", "--seeds", str(reporting.seeds))
    assert outcome.exit_code == 3
    assert "ZeroDivisionError: no pages left" in outcome.stderr
    assert "corpus report" in outcome.stderr
    assert query(reporting, "select status from runs") == [("published",)]
    assert corpus(reporting, "report").exit_code == 0
    assert page_of(reporting).startswith("<!doctype html>")


def test_the_charts_are_bundled_once(reporting: Settings, bundled: list[str]) -> None:
    run_corpus(reporting)
    report_published(reporting.warehouse, None)
    assert len(bundled) == 1


def test_a_report_that_cannot_be_written_leaves_the_one_before(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page_of(published)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(flows.report.Path, "replace", full)
    outcome = corpus(published, "report")
    assert outcome.exit_code == 1
    assert "cannot be written: No space left on device" in outcome.stderr
    assert page_of(published) == before
    assert sorted(path.name for path in published_version(published.warehouse).parent.iterdir()) == [
        "corpus.duckdb",
        "report.html",
    ]


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    descriptor = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_page("the page", tmp_path / "pipe")
        assert os.read(descriptor, 100) == b"the page"
    finally:
        os.close(descriptor)
    assert (tmp_path / "pipe").is_fifo()


def test_the_command_says_where_the_report_is(published: Settings, tmp_path: Path) -> None:
    path = published_file(published.warehouse).with_name("report.html")
    path.unlink()
    outcome = corpus(published, "report", "--json")
    assert json.loads(outcome.stdout) == {"report": str(path), "bytes": path.stat().st_size}
    other = tmp_path / "other.html"
    assert corpus(published, "report", "--output", str(other)).stdout.startswith(f"{other} (")
    assert other.read_text(encoding="utf-8") == page_of(published)


@pytest.mark.parametrize(("code", "exit_code"), [(0, 0), (1, 1)])
def test_the_report_is_opened(published: Settings, monkeypatch: pytest.MonkeyPatch, code: int, exit_code: int) -> None:
    opened: list[str] = []

    def launch(url: str) -> int:
        opened.append(url)
        return code

    monkeypatch.setattr("click.launch", launch)
    outcome = corpus(published, "report", "--open")
    assert outcome.exit_code == exit_code
    assert opened == [published_version(published.warehouse).with_name("report.html").as_uri()]
    assert ("no browser" in outcome.stderr) == bool(code)


def test_without_a_warehouse_there_is_no_report(settings: Settings) -> None:
    outcome = corpus(settings, "report")
    assert outcome.exit_code == 1
    assert "start `corpus run`" in outcome.stderr


def test_an_empty_corpus_has_a_report(make_settings: Callable[..., Settings], bundled: list[str]) -> None:
    settings = make_settings(report={"on_run": True})
    run_corpus(settings)
    page = page_of(settings)
    assert "0 documents and 0 words, undated" in page
    assert "There are no documents." in page
    assert "No passages of different documents" in page
