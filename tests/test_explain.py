"""The sentences behind a number add up to it, and what has none is said with what is near."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli import main
from flows.endings import WRONG_USAGE
from flows.report import QUERIES
from flows.settings import Settings
from tests.conftest import query
from warehouse.definitions import sql
from warehouse.reader import ask

Publish = Callable[[Mapping[str, str]], Settings]

TEXTS = {
    "2020-03-01-a.txt": "Guizhou Report\n\nGuizhou builds data platforms. In Guizhou the data economy grows with platforms.\n",
    "2020-09-01-b.txt": "Second Report\n\nGuizhou has more platforms than before. It sells data to everybody there.\n",
    "2021-05-01-c.txt": "Third Report\n\nThe platforms of Guizhou trade more than the market had expected.\n",
    "copy-of-c.txt": "Third Report\n\nThe platforms of Guizhou trade more than the market had expected.  \n\n",
    "_watchlist.csv": "concept,variants\nplatform trade,platforms|trade more\n",
    "undated.txt": "Fourth Report\n\nNobody dates this text on platforms, and Guizhou is named in it.\n",
}


@pytest.fixture
def published(published_copy: Callable[..., Settings]) -> Settings:
    return published_copy(TEXTS)


def explain(capsys: pytest.CaptureFixture[str], settings: Settings, *arguments: str) -> dict[str, Any]:
    with pytest.raises(SystemExit) as end:
        main(["explain", *arguments, "--warehouse", str(settings.warehouse), "--json"])
    assert end.value.code == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_mentions_of_an_entity_add_up(published: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    found = explain(capsys, published, "entity", "guizhou")
    stated = query(published, "select mention_count from entities where name = 'Guizhou'")[0][0]
    assert (found["stated"], found["total"], len(found["evidence"])) == (stated, stated, stated)
    assert {row["path"] for row in found["evidence"]} == set(TEXTS) - {"copy-of-c.txt", "_watchlist.csv"}
    assert all(row["text"] == "Guizhou" and "Guizhou" in row["sentence"] for row in found["evidence"])
    ((entity_id,),) = query(published, "select entity_id from entities where name = 'Guizhou'")
    assert (
        explain(capsys, published, "entity", entity_id) == explain(capsys, published, "entity", "the Guizhou") == found
    )


def test_an_alias_stands_for_its_entity(publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    settings = publish(
        {
            "2020-03-01-a.txt": "First Report\n\nThe Data Club met twice. DClub members had data to trade there.\n",
            "_entities.csv": "name,label,aliases,action\nData Club,ORG,DClub,add\n",
        }
    )
    by_alias = explain(capsys, settings, "entity", "dclub")
    assert (by_alias["what"], by_alias["total"]) == ("mentions of Data Club (ORG)", 2)
    assert by_alias == explain(capsys, settings, "entity", "Data Club")
    (by_name,) = query(settings, "select occurrences, documents from entity_trend('DClub')")
    assert by_name == (2, 1)


@pytest.mark.parametrize(
    ("period", "paths"),
    [
        (None, ["2020-03-01-a.txt", "2020-03-01-a.txt", "2020-09-01-b.txt", "2021-05-01-c.txt"]),
        ("2020", ["2020-03-01-a.txt", "2020-03-01-a.txt", "2020-09-01-b.txt"]),
        ("2020-Q3", ["2020-09-01-b.txt"]),
        ("2021-05", ["2021-05-01-c.txt"]),
        ("2019", []),
    ],
)
def test_the_occurrences_of_a_term_add_up(
    published: Settings, capsys: pytest.CaptureFixture[str], period: str | None, paths: list[str]
) -> None:
    found = explain(capsys, published, "trend", "Platforms", *(["--period", period] if period else []))
    assert [row["path"] for row in found["evidence"]] == paths
    assert found["total"] == found["stated"] == len(paths)


@pytest.mark.parametrize(("period", "expected"), [(None, 5), ("2020", 3), ("2021-Q2", 2), ("2019", 0)])
def test_the_places_of_a_concept_add_up(
    published: Settings, capsys: pytest.CaptureFixture[str], period: str | None, expected: int
) -> None:
    found = explain(capsys, published, "concept", "Platform Trade", *(["--period", period] if period else []))
    assert (found["stated"], found["total"], len(found["evidence"])) == (expected, expected, expected)
    assert all(row["variant"].split()[0] in row["sentence"] for row in found["evidence"])


def test_the_report_counts_a_concept_as_explained_and_what_is_undated_besides(published: Settings) -> None:
    (found,) = ask(published.warehouse, sql(QUERIES, "concepts")).to_pylist()
    assert (found["occurrences"], found["documents"], found["undated_occurrences"]) == (5, 3, 1)


def test_both_sides_of_a_keyness_add_up(publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    ports = {
        f"2020-01-0{day}.txt": f"Report {day}\n\nThe ports open ports {day} to traders of ports.\n" for day in (5, 6)
    }
    hills = {
        f"2021-01-0{day}.txt": f"Report {day}\n\nThe hills of hills have {day} flocks on hills, hills, hills and hills.\n"
        for day in (5, 6)
    }
    settings = publish({**ports, **hills})
    (stated,) = query(
        settings,
        "select occurrences, reference_occurrences from period_keyness where term = 'hills' and granularity = 'year'",
    )
    found = explain(capsys, settings, "keyness", "Hills", "--period", "2021")
    assert (found["stated"], found["reference_occurrences"]) == stated == (12, 0)
    assert (found["total"], found["reference_total"], found["rank"]) == (12, 0, 1)
    assert {row["path"] for row in found["evidence"]} == set(hills)
    with pytest.raises(SystemExit):
        main(["explain", "keyness", "hills", "--period", "2021", "--warehouse", str(settings.warehouse)])
    assert "0 in all other years; the warehouse states 0, a log-likelihood of" in capsys.readouterr().out


def test_the_passages_of_a_topic_add_up(published: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    topics = query(published, "select topic_id, label, share from topics order by topic_id")
    assert topics
    for topic, label, share in topics:
        for named in (topic, label.upper()):
            found = explain(capsys, published, "topic", named)
            assert found["stated"] == share
            assert found["total"] == pytest.approx(share, abs=1e-9)
            assert len({row["passage_id"] for row in found["evidence"]}) == len(found["evidence"]) > 0


def test_people_get_the_sentences_and_the_sum(published: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["explain", "trend", "platforms", "--period", "2021", "--warehouse", str(published.warehouse)])
    passage = query(
        published, "select passage_id from term_occurrences('platforms') where period_start = '2021-01-01'"
    )[0][0]
    assert capsys.readouterr().out.splitlines() == [
        f"2021-05-01  2021-05-01-c.txt  {passage}",
        "    The platforms of Guizhou trade more than the market had expected.",
        "1 occurrence of platforms in 2021, in 1 document; the warehouse states 1",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("entity", "Guizou"), "no entity is called 'Guizou'; the nearest: Guizhou"),
        (("trend", "platfrms"), "'platfrms' is no term; the nearest: platforms"),
        (("topic", "nothing"), "there is no topic 'nothing'; the nearest: "),
        (("concept", "platfrm"), "no concept is called 'platfrm'; the nearest: platform trade"),
        (
            ("keyness", "platforms", "--period", "2020"),
            "'platforms' is not listed as setting 2020 apart; what does most: ",
        ),
        (("trend", "platforms", "--period", "spring"), "'spring' is no period: write 2023, 2023-Q2 or 2023-05"),
        (("trend", "platforms", "--period", "２０２０"), "'２０２０' is no period: write 2023, 2023-Q2 or 2023-05"),
    ],
)
def test_what_has_no_number_is_said_with_what_is_near(
    published: Settings, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["explain", *arguments, "--warehouse", str(published.warehouse)])
    assert end.value.code == WRONG_USAGE
    assert said in capsys.readouterr().err


def test_what_is_not_counted_by_is_not_taken_for_nothing(
    published_copy: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = published_copy(TEXTS, trends={"granularities": ["month"]})
    assert query(settings, "select distinct granularity from keyword_counts") == [("month",)]
    assert query(settings, "from term_trend('platforms')") == []
    assert len(query(settings, "from term_trend('platforms', period := 'month')")) == 3
    for macro in ("term_trend", "term_occurrences", "entity_trend", "concept_occurrences"):
        with pytest.raises(duckdb.InvalidInputException, match="period must be month, quarter or year, not week"):
            query(settings, f"from {macro}('platforms', period := 'week')")
    in_all = explain(capsys, settings, "trend", "platforms")
    assert in_all["stated"] == in_all["total"] > 0
    in_month = explain(capsys, settings, "trend", "platforms", "--period", "2020-03")
    assert in_month["stated"] == in_month["total"] > 0
    for command in ("trend", "keyness"):
        with pytest.raises(SystemExit) as end:
            main(["explain", command, "platforms", "--period", "2020", "--warehouse", str(settings.warehouse)])
        assert end.value.code == WRONG_USAGE
        assert capsys.readouterr().err == (
            "corpus: 2020 is a year, and terms are counted by month (trends.granularities)\n"
        )


def test_views_of_entities_add_up(published: Settings) -> None:
    assert (
        query(
            published,
            "select entities.entity_id from entities join entity_aliases using (entity_id) "
            "group by all having any_value(mention_count) <> sum(mentions)",
        )
        == []
    )


def test_no_file_is_left_to_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["explain", "entity", "x", "--warehouse", str(tmp_path)])
    assert "nothing has been published yet" in capsys.readouterr().err


def _caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Query interrupted"),
        duckdb.Error("KeyboardInterrupt: <EMPTY MESSAGE>\n\nAt:\n  somewhere"),
        _caused(ImportError("initialization failed"), KeyboardInterrupt()),
        KeyboardInterrupt(),
    ],
    ids=["by DuckDB", "within a callback of DuckDB's", "while it is imported", "elsewhere"],
)
def test_an_interrupted_query_says_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def interrupted(_: Path) -> None:
        raise error

    monkeypatch.setattr("warehouse.reader.asking", interrupted)
    with pytest.raises(SystemExit) as end:
        main(["explain", "entity", "x", "--warehouse", str(tmp_path)])
    assert end.value.code == 1
    assert capsys.readouterr().err == "corpus: interrupted\n"
