"""Dates as they are written: each pattern with its precision, and what is refused because it would be a guess."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.dates import StatedDate, UnreadableDate, find_dates, find_written_dates, parse_date

A_DAY = "2021-10-18"


def found(text: str) -> list[tuple[str, str, str]]:
    """Each date of a text as (ISO date, precision, the words that state it)."""
    return [(date.date.isoformat(), date.precision, text[date.start : date.end]) for date in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        pytest.param("2021-10-18", A_DAY, "day", id="iso"),
        pytest.param("2021/10/18", A_DAY, "day", id="year first, slashes"),
        pytest.param("2021/3/5", "2021-03-05", "day", id="year first, single digits"),
        pytest.param("20211018", A_DAY, "day", id="compact"),
        pytest.param("October 18, 2021", A_DAY, "day", id="month first"),
        pytest.param("October 18 2021", A_DAY, "day", id="month first without comma"),
        pytest.param("October 18th, 2021", A_DAY, "day", id="month first, ordinal"),
        pytest.param("OCTOBER 18, 2021", A_DAY, "day", id="capitals"),
        pytest.param("october 18, 2021", A_DAY, "day", id="small letters"),
        pytest.param("Oct 18, 2021", A_DAY, "day", id="short month"),
        pytest.param("Oct. 18, 2021", A_DAY, "day", id="short month with full stop"),
        pytest.param("Oct.18, 2021", A_DAY, "day", id="short month without space"),
        pytest.param("Sept. 3, 2021", "2021-09-03", "day", id="four letters of September"),
        pytest.param("Sep 3, 2021", "2021-09-03", "day", id="three letters of September"),
        pytest.param("May 3, 2021", "2021-05-03", "day", id="May has no short form"),
        pytest.param("October  18,\n2021", A_DAY, "day", id="broken over lines"),
        pytest.param("18 October 2021", A_DAY, "day", id="day first"),
        pytest.param("18 October, 2021", A_DAY, "day", id="day first with comma"),
        pytest.param("18th of October 2021", A_DAY, "day", id="day first with of"),
        pytest.param("1st May 2021", "2021-05-01", "day", id="first"),
        pytest.param("2nd May 2021", "2021-05-02", "day", id="second"),
        pytest.param("3rd May 2021", "2021-05-03", "day", id="third"),
        pytest.param("October 18-20, 2021", A_DAY, "day", id="range, month first"),
        pytest.param("October 18–20, 2021", A_DAY, "day", id="range with a dash"),
        pytest.param("October 18 - 20, 2021", A_DAY, "day", id="range with spaces"),
        pytest.param("18-20 October 2021", A_DAY, "day", id="range, day first"),
        pytest.param("18th–20th October 2021", A_DAY, "day", id="range of ordinals"),
        pytest.param("10/18/2021", A_DAY, "day", id="month/day, told by the size of the day"),
        pytest.param("18/10/2021", A_DAY, "day", id="day/month, told by the size of the day"),
        pytest.param("5/5/2021", "2021-05-05", "day", id="both readings agree"),
        pytest.param("2021.10.18", A_DAY, "day", id="year first, full stops"),
        pytest.param("18.10.2021", A_DAY, "day", id="day first, full stops"),
        pytest.param("10-18-2021", A_DAY, "day", id="month first, hyphens"),
        pytest.param("18-Oct-2021", A_DAY, "day", id="day first, hyphens"),
        pytest.param("18th of October, 2021", A_DAY, "day", id="day first with of and comma"),
        pytest.param("October 18,2021", A_DAY, "day", id="no space behind the comma"),
        pytest.param("2021 October 18", A_DAY, "day", id="year first, name of the month"),
        pytest.param("2021-Oct-18", A_DAY, "day", id="year first, name of the month, hyphens"),
        pytest.param("2021年10月18日", A_DAY, "day", id="East Asian"),
        pytest.param("2021 年 10 月 18 日", A_DAY, "day", id="East Asian with spaces"),
        pytest.param("２０２１－１０－１８", A_DAY, "day", id="full width"),
        pytest.param("October\xa018,\xa02021", A_DAY, "day", id="spaces that do not break"),
        pytest.param("2021\u201110\u201118", A_DAY, "day", id="hyphens that do not break"),
        pytest.param("2021\u201010\u201018", A_DAY, "day", id="hyphens of Unicode"),
        pytest.param("2021–10–18", A_DAY, "day", id="dashes for hyphens"),
        pytest.param("December 30, 2020 – January 2, 2021", "2020-12-30", "day", id="span with both years"),
        pytest.param("30 December 2020 to 2 January 2021", "2020-12-30", "day", id="span with both years, day first"),
        pytest.param("March 30, 2021 - April 2, 2021", "2021-03-30", "day", id="span with its year twice"),
        pytest.param("2021年10月", "2021-10-01", "month", id="East Asian month"),
        pytest.param("March 30 – April 2, 2021", "2021-03-30", "day", id="span over two months"),
        pytest.param("31 October and 1 November 2016", "2016-10-31", "day", id="span, day first"),
        pytest.param("January 31–February 1, 2023", "2023-01-31", "day", id="span without spaces"),
        pytest.param("December 30 to January 2, 2021", "2020-12-30", "day", id="span over the new year"),
        pytest.param("October 30 and 31, 2017", "2017-10-30", "day", id="two days"),
        pytest.param("29 February 2020", "2020-02-29", "day", id="leap day"),
        pytest.param("October 2021", "2021-10-01", "month", id="month"),
        pytest.param("Oct. 2021", "2021-10-01", "month", id="short month only"),
        pytest.param("October, 2021", "2021-10-01", "month", id="month with comma"),
        pytest.param("2021-10", "2021-10-01", "month", id="iso month"),
        pytest.param("2021", "2021-01-01", "year", id="year"),
        pytest.param("1000", "1000-01-01", "year", id="earliest year"),
        pytest.param("2999", "2999-01-01", "year", id="latest year"),
    ],
)
def test_a_date_is_read_to_the_precision_that_it_states(text: str, iso: str, precision: str) -> None:
    assert found(text) == [(iso, precision, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Oct 20, 2021 03:49 PM", ("2021-10-20", "day", "Oct 20, 2021"), id="time of day behind"),
        pytest.param("2021-10-18T15:49:00Z", (A_DAY, "day", "2021-10-18"), id="iso time behind"),
        pytest.param("speech-2021-10-18-final", (A_DAY, "day", "2021-10-18"), id="inside a file name"),
        pytest.param("report20211018final", (A_DAY, "day", "20211018"), id="compact between letters"),
        pytest.param("1999-annual-report", ("1999-01-01", "year", "1999"), id="year before a word"),
        pytest.param("outline 2021-10 draft", ("2021-10-01", "month", "2021-10"), id="iso month before a word"),
        pytest.param("20211018153000", (A_DAY, "day", "20211018"), id="time of day behind without separators"),
        pytest.param("(18 October 2021)", (A_DAY, "day", "18 October 2021"), id="in brackets"),
        pytest.param("in the year 2021.", ("2021-01-01", "year", "2021"), id="year at the end of a sentence"),
    ],
)
def test_a_date_is_found_among_other_words(text: str, expected: tuple[str, str, str]) -> None:
    assert found(text) == [expected]


def test_two_full_dates_joined_by_and_are_two() -> None:
    assert [iso for iso, _, _ in found("on May 5, 2020 and June 7, 2021")] == ["2020-05-05", "2021-06-07"]


def test_dates_come_in_reading_order_whatever_their_pattern() -> None:
    text = "In 2019, then May 2020, then 3/31/2020, then 4 June 2021 and at last 2022-01-02."
    assert found(text) == [
        ("2019-01-01", "year", "2019"),
        ("2020-05-01", "month", "May 2020"),
        ("2020-03-31", "day", "3/31/2020"),
        ("2021-06-04", "day", "4 June 2021"),
        ("2022-01-02", "day", "2022-01-02"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("03/04/2021", id="day and month may be either"),
        pytest.param("1/2/2021", id="single digits may be either"),
        pytest.param("13/14/2021", id="no month is so large"),
        pytest.param("0/0/2021", id="zeros"),
        pytest.param("February 30, 2021", id="30 February"),
        pytest.param("29 February 2021", id="29 February of a common year"),
        pytest.param("31 June 2021", id="31 June"),
        pytest.param("2021-02-30", id="iso, no such day"),
        pytest.param("2021-13-01", id="iso, no such month"),
        pytest.param("2021-00", id="iso month zero"),
        pytest.param("20211345", id="compact, no such month"),
        pytest.param("2021-22", id="two years, as of a budget"),
        pytest.param("2016-2020", id="span of years"),
        pytest.param("120211018", id="digits before a compact date"),
        pytest.param("202110181", id="digits behind a compact date"),
        pytest.param("12021", id="digits before a year"),
        pytest.param("20215", id="digits behind a year"),
        pytest.param("0999", id="no such year"),
        pytest.param("3021", id="a year too far"),
        pytest.param("5G2021x", id="part of a word"),
        pytest.param("October 18", id="day without a year"),
        pytest.param("they may 2 or 3", id="the verb may"),
        pytest.param("to march 14 miles", id="the verb march"),
        pytest.param("5.4.2021", id="full stops, either"),
        pytest.param("iso-8601-2004", id="number of a standard"),
        pytest.param("1,999 boats and $2000", id="amounts"),
        pytest.param("no date at all", id="no date"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_impossible_ambiguous_or_no_date_yields_nothing(text: str) -> None:
    assert found(text) == []
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on 03/04/2021", UnreadableDate("ambiguous", 3, 13), id="ambiguous"),
        pytest.param("February 30, 2021", UnreadableDate("impossible", 0, 17), id="30 February"),
        pytest.param("2021-13-01", UnreadableDate("impossible", 0, 10), id="month 13"),
        pytest.param("February 30", UnreadableDate("impossible", 0, 11), id="30 February of any year"),
        pytest.param("on Oct. 18", UnreadableDate("no_year", 3, 10, 10, 18), id="month first"),
        pytest.param("the 18th of Oct", UnreadableDate("no_year", 4, 15, 10, 18), id="day first"),
        pytest.param("10月18日", UnreadableDate("no_year", 0, 6, 10, 18), id="East Asian"),
        pytest.param("Oct. 18-20", UnreadableDate("no_year", 0, 10, 10, 18, is_span=True), id="span"),
    ],
)
def test_what_states_no_date_is_reported_with_the_problem(text: str, expected: UnreadableDate) -> None:
    assert find_written_dates(text) == [expected]


@pytest.mark.parametrize("text", ["Oct. 18%", "May 3.5", "Section 18 Octopus", "may 3", "in 18 of the ports"])
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert find_written_dates(text) == []


def test_parse_date_takes_the_first_date() -> None:
    assert parse_date("from 2 May 2021 to 2021-06-01") == StatedDate(datetime.date(2021, 5, 2), "day", 5, 15)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Auguſt 1, 1776", id="long s in a day"),
        pytest.param("auguſt 1776", id="long s in a month"),
        pytest.param("1 Aprİl 2021", id="dotted capital i"),
        pytest.param("Aprıl 2021", id="dotless i"),
    ],
)
def test_letters_that_only_look_like_a_month_do_no_harm(text: str) -> None:
    assert all(1000 <= date.date.year <= 2999 for date in find_dates(text))


# -- properties -------------------------------------------------------------------------------------------------------

DATES = st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(2999, 12, 31))
WRITTEN = ("{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}", "{0:%B} {0.day}, {0.year}", "{0.day} {0:%b} {0.year}")
FRAGMENTS = st.sampled_from(
    [*"-–/,\nſİı²١0", "2021", "2021-10", "10", "18", "30", "99", "1/2/", "31/12/", "Oct", "May.", "sept", "of", "st"]
)
MESSY = st.lists(FRAGMENTS | st.text(max_size=6), max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda space: space.join(parts))
)


@settings(deadline=None, derandomize=True)
@given(date=DATES, written=st.sampled_from(WRITTEN))
def test_a_written_day_is_read_back(date: datetime.date, written: str) -> None:
    text = written.format(date)
    assert list(find_dates(f"On {text} it met.")) == [StatedDate(date, "day", 3, 3 + len(text))]


@settings(deadline=None, derandomize=True)
@given(latest=DATES, month=st.integers(1, 12), day=st.integers(1, 29), days=st.integers(0, 300))
def test_a_day_gets_the_year_in_which_it_last_came(latest: datetime.date, month: int, day: int, days: int) -> None:
    found = UnreadableDate("no_year", 0, 0, month, day).before(latest, days)
    possible = [latest - datetime.timedelta(back) for back in range(days + 1) if latest.toordinal() > back]
    assert (found.date if found else None) == next((d for d in possible if (d.month, d.day) == (month, day)), None)


@settings(deadline=None, derandomize=True)
@given(date=DATES)
def test_an_iso_month_is_read_back_as_its_first_day(date: datetime.date) -> None:
    assert parse_date(f"{date:%Y-%m}") == StatedDate(date.replace(day=1), "month", 0, 7)


@settings(deadline=None, derandomize=True)
@given(date=DATES)
def test_slashes_are_read_only_when_one_reading_is_left(date: datetime.date) -> None:
    stated = {parse_date(f"{date.month}/{date.day}/{date.year}"), parse_date(f"{date.day}/{date.month}/{date.year}")}
    if date.day <= 12 and date.day != date.month:
        assert stated == {None}
    else:
        assert {found.date for found in stated if found} == {date}
        assert None not in stated


@settings(deadline=None, derandomize=True, max_examples=400)
@given(text=MESSY)
def test_any_text_yields_dates_in_order_none_inside_another(text: str) -> None:
    end = 0
    for stated in find_dates(text):
        assert end <= stated.start < stated.end <= len(text)
        assert text[stated.start : stated.end].strip() == text[stated.start : stated.end]
        assert 1000 <= stated.date.year <= 2999
        first = {"day": stated.date, "month": stated.date.replace(day=1), "year": stated.date.replace(month=1, day=1)}
        assert stated.date == first[stated.precision]
        end = stated.end
