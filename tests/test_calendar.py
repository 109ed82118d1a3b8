"""The calendar: by which of its dates a document is counted, and in which periods."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.settings import Settings
from tasks.calendar import CalendarDate, CalendarSettings, calendar
from tasks.stage import arrow_schema, collect
from tests.conftest import query, run_corpus
from warehouse.store import Store

MAY, JUNE = datetime.date(2021, 5, 6), datetime.date(2021, 6, 1)


@pytest.mark.parametrize(
    ("use_event_date", "expected"), [(True, ["a", "b"]), (False, ["a"])], ids=["event dates too", "publication alone"]
)
def test_event_dates_are_used_unless_they_are_switched_off(use_event_date: bool, expected: list[str]) -> None:
    rows = [CalendarDate("a", MAY, "day", "publication"), CalendarDate("b", JUNE, "month", "event")]
    schema = arrow_schema(CalendarDate)
    stated = pa.Table.from_pylist([{name: getattr(row, name) for name in schema.names} for row in rows], schema=schema)
    found = collect(
        calendar.writes, calendar.function(stated, CalendarSettings.model_validate({"use_event_date": use_event_date}))
    )
    assert found[CalendarDate]["document_id"].to_pylist() == expected


DOCUMENTS = {
    "both": "publication_date: 2021-05-06\nevent_date: 2020-04-03",
    "event": "event_date: 2020-04-03",
    "event month": "event_date: 2020-04",
    "neither": "title: Ports and harbours",
    "year": "publication_date: 2019",
}
BODY = "The harbour of {} takes in grain, timber and coal all the year round, and its cranes never stand still."


@pytest.fixture
def folder(make_settings: Callable[..., Settings]) -> Settings:
    settings = make_settings()
    settings.seeds.mkdir(exist_ok=True)
    for name, head in DOCUMENTS.items():
        (settings.seeds / f"{name}.md").write_text(f"---\n{head}\n---\n\n{BODY.format(name)}\n", encoding="utf-8")
    return settings


def periods(settings: Settings) -> dict[str, Any]:
    """For each document by which date it is counted, and its month, quarter and year where its date tells them."""
    rows = query(
        settings,
        "select replace(path, '.md', ''), counted_by, list(granularity || ' ' || period_start order by period_start desc) "
        "from documents left join pipeline.document_periods as periods using (document_id) group by all order by all",
    )
    return {path: (role, [text for text in found if text]) for path, role, found in rows}


def test_a_document_takes_part_in_the_periods_that_its_date_allows(
    folder: Settings, make_settings: Callable[..., Settings]
) -> None:
    run_corpus(folder)
    by_event = ("event", ["month 2020-04-01", "quarter 2020-04-01", "year 2020-01-01"])
    found = periods(folder)
    expected = {
        "both": ("publication", ["month 2021-05-01", "quarter 2021-04-01", "year 2021-01-01"]),
        "event": by_event,
        "event month": by_event,
        "neither": (None, []),
        "year": ("publication", ["year 2019-01-01"]),
    }
    assert {name: (role, sorted(rows)) for name, (role, rows) in found.items()} == expected
    assert query(folder, "select max(undated_occurrences) from terms where term = 'harbour'") == [(1,)]

    run_corpus(make_settings(calendar={"use_event_date": False}))
    assert {name: role for name, (role, _) in periods(folder).items() if role} == {
        "both": "publication",
        "year": "publication",
    }
    assert query(folder, "select undated_occurrences from terms where term = 'harbour'") == [(3,)]


def test_what_has_no_body_is_counted_in_no_period(folder: Settings) -> None:
    run_corpus(folder)
    counted = "select granularity, period_start, period_documents, is_partial from pipeline.periods order by all"
    before = query(folder, counted)
    head = "publication_date: 2022-08-09\npublisher: Nobody"
    furniture = f"---\n{head}\n---\n\nAll rights reserved by those who reserve them here.\n"
    (folder.seeds / "furniture.md").write_text(furniture, encoding="utf-8")
    (folder.seeds / "_boilerplate.csv").write_text("pattern\nAll rights reserved by\n", encoding="utf-8")
    run_corpus(folder)
    assert query(folder, "select path from rejections where reason = 'boilerplate_only'") == [("furniture.md",)]
    assert query(folder, counted) == before
    assert query(folder, "select count(*) from pipeline.counted_documents where publisher = 'Nobody'") == [(0,)]
    (folder.seeds / "_boilerplate.csv").unlink()
    run_corpus(folder)
    assert ("year", datetime.date(2022, 1, 1), 1) in [row[:3] for row in query(folder, counted)]


MONTHS = [f"{year}-{month:02}-01" for year in (2019, 2020) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("dates", "precision", "partial"),
    [
        pytest.param(MONTHS, "month", [], id="every month of two years"),
        pytest.param(
            MONTHS[:-1],
            "month",
            [("quarter", "2020-10-01"), ("year", "2020-01-01")],
            id="all but the last month of the year",
        ),
        pytest.param(["2018-01-01", "2019-01-01", "2020-01-01"], "year", [], id="every year"),
        pytest.param(["2020-12-01", "2020-12-11", "2020-12-21"], "day", [], id="days, and none is due"),
        pytest.param(
            ["2020-12-01", "2020-12-08", "2020-12-15"],
            "day",
            [("month", "2020-12-01"), ("quarter", "2020-10-01"), ("year", "2020-01-01")],
            id="days, and another is due",
        ),
    ],
)
def test_a_period_is_unfinished_if_another_document_is_due_before_its_end(
    dates: list[str], precision: str, partial: list[tuple[str, str]]
) -> None:
    with Store(None) as store, store.transaction() as cursor:
        for number, date in enumerate(dates):
            cursor.execute(
                "insert into pipeline.document_dates values (?, ?, ?, 'publication')", [str(number), date, precision]
            )
        asked = "select granularity, period_start::varchar from pipeline.periods where is_partial order by all"
        assert cursor.execute(asked).fetchall() == partial
        cursor.execute(
            "insert into pipeline.document_dates values ('copy', '2020-12-31', ?, 'publication')", [precision]
        )
        cursor.execute("insert into pipeline.duplicates values ('copy', '0')")
        assert cursor.execute(asked).fetchall() == partial  # what repeats another document does not end a period


def test_a_document_without_a_date_of_publication_is_shown_with_that_of_its_event(folder: Settings) -> None:
    body = "The harbour of Guizhou opened in May, and its cranes carried grain for Guizhou all the year round."
    (folder.seeds / "event.md").write_text(f"---\nevent_date: 2020-04\n---\n\n{body}\n", encoding="utf-8")
    run_corpus(folder)
    shown = [("event.md", datetime.date(2020, 4, 1), "month", None)] * 2
    for macro in ("kwic('Guizhou')", "entity_mentions('Guizhou')"):
        assert query(folder, f"select path, date, date_precision, publication_date from {macro}") == shown
    for command in (("kwic", "Guizhou"), ("search", "Guizhou"), ("explain", "entity", "Guizhou")):
        printed = CliRunner().invoke(main, [*command, "--warehouse", str(folder.warehouse)]).stdout
        assert re.search(r"(?:^|\s)2020-04 +event\.md  ", printed), printed
    assert query(folder, "select first_date, last_date from entities where name = 'Guizhou'") == [
        (datetime.date(2020, 4, 1), datetime.date(2020, 4, 1))
    ]
