"""Trends: terms counted by period, a verdict where the evidence suffices, and else the evidence that is missing."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.bursts import Counts
from tasks.stage import arrow_schema, collect
from tasks.term_totals import TermTotal
from tasks.trends import TrendsSettings, trends
from tasks.verdicts import Evidence, Known, Periods, VerdictSettings, Whole, weigh
from warehouse.rows import delete_rows, insert_rows, replace_rows
from warehouse.store import Store

PUBLISHERS = pa.schema([("publisher", pa.string()), ("month_documents", pa.int64()), ("year_documents", pa.int64())])
PERIODS = pa.schema(
    [
        ("granularity", pa.string()),
        ("period_start", pa.date32()),
        ("period_documents", pa.int64()),
        ("period_tokens", pa.int64()),
        ("is_partial", pa.bool_()),
    ]
)
VIEWS = ("terms", "keyword_trends", "period_keyness")
LAST = datetime.date(2021, 5, 6)

Tables = dict[str, list[dict[str, Any]]]


def years(*numbers: int) -> list[datetime.date]:
    return [datetime.date(number, 1, 1) for number in numbers]


DECADE = years(*range(2010, 2020))


def total(term: str, counts: dict[int, int], documents: int, largest: int, speaking: int) -> dict[str, Any]:
    """A term that occurs so often in periods such as 202105, 202100 or 0, in so many documents of each."""
    dated = {period: number for period, number in counts.items() if period}
    monthly = {period: number for period, number in dated.items() if period % 100}
    ends: dict[str, datetime.date | None] = {}
    for name, periods in (("month", monthly), ("year", dated)):
        for end, choose in (("first", min), ("last", max)):
            period = choose(periods, default=0)
            ends[f"{end}_{name}"] = datetime.date(period // 100, period % 100 or 1, 1) if period else None
    return {
        "term": term,
        "word_count": term.count(" ") + 1,
        "document_count": 9 if dated else 1,
        "occurrences": sum(counts.values()),
        "undated_occurrences": counts.get(0, 0),
        "is_name": False,
        "left_out": None,
        "month_documents": documents * len(monthly),
        "month_occurrences": sum(monthly.values()),
        "year_documents": documents * len(dated),
        "year_occurrences": sum(dated.values()),
        **{
            f"{name}_{what}": value
            for name, periods in (("month", monthly), ("year", dated))
            for what, value in (
                ("last_seen", LAST if periods else None),
                ("largest", largest),
                ("publishers", [str(number) for number in range(min(speaking, len(periods)))]),
            )
        },
        "periods": list(counts),
        "period_occurrences": list(counts.values()),
        "period_documents": [documents] * len(counts),
        **ends,
    }


def inputs(
    series: dict[str, Sequence[int]],
    *,
    starts: Sequence[datetime.date] = DECADE,
    granularity: str = "year",
    tokens: int | Sequence[int] = 10_000,
    documents: int = 2,
    largest: int = 1,
    is_partial: bool = False,
    undated: tuple[str, ...] = (),
    publishers: tuple[int, ...] = (5, 5),
    speaking: int = 2,
) -> list[pa.Table]:
    """What the stage reads for terms that occur so often in the periods of one granularity.

    A period has so many words, a term that occurs in it so many documents, and with `is_partial` the last is unfinished. The
    publishers have so many documents each, and the first ones in turn use every term, so many of them as are `speaking`.
    """
    words = [tokens] * len(starts) if isinstance(tokens, int) else tokens
    totals = [
        total(
            term,
            {
                start.year * 100 + (0 if granularity == "year" else start.month): number
                for start, number in zip(starts, row, strict=True)
                if number
            },
            documents,
            largest,
            speaking,
        )
        for term, row in reversed(series.items())
    ]
    totals += [total(term, {0: 4}, 1, 0, 0) for term in undated]
    periods = [
        (granularity, start, 9, size, is_partial and start == starts[-1])
        for start, size in zip(starts, words, strict=True)
    ]
    return [
        pa.Table.from_pylist(totals, schema=arrow_schema(TermTotal)),
        pa.Table.from_pylist(
            [{"publisher": str(n), "month_documents": d, "year_documents": d} for n, d in enumerate(publishers)],
            schema=PUBLISHERS,
        ),
        pa.Table.from_pylist([dict(zip(PERIODS.names, row, strict=True)) for row in periods], schema=PERIODS),
    ]


SHAPES = frozenset(inspect.signature(inputs).parameters)


def count(series: dict[str, Sequence[int]], **options: Any) -> Tables:
    """Run the stage; options are those of `inputs`, and settings."""
    tables = inputs(series, **{name: value for name, value in options.items() if name in SHAPES})
    settings = TrendsSettings(**{name: value for name, value in options.items() if name not in SHAPES})
    return judged(tables, settings)


def judged(tables: list[pa.Table], settings: TrendsSettings, *earlier: list[pa.Table]) -> Tables:
    """What readers see of what the stage makes of its inputs, after it has run on `earlier` ones."""
    store = _store()
    with store.transaction() as cursor:
        for record in trends.writes:
            delete_rows(cursor, record.TABLE, None)
    for totals, publishers, periods in (*earlier, tables):
        with store.transaction() as cursor:
            delete_rows(cursor, TermTotal.TABLE, None)
            insert_rows(cursor, TermTotal.TABLE, totals)
        terms = store.query("term_series", settings=settings)
        known = [store.query(name) for name in trends.recalls]
        output = collect(trends.writes, trends.function(terms, publishers, periods, *known, settings))
        with store.transaction() as cursor:
            for record, table in output.items():
                replace_rows(cursor, record.TABLE, table)
    with store.transaction() as cursor:
        return {view: cursor.execute(f"from {view} order by all").to_arrow_table().to_pylist() for view in VIEWS}


@cache
def _store() -> Store:
    """A warehouse in memory that all tests of this file share: to make one takes longer than to judge some terms."""
    return Store(None)


def verdicts(found: Tables) -> dict[str, tuple[str, str | None]]:
    return {row["term"]: (row["verdict"], row["gate"]) for row in found["keyword_trends"]}


RISING = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
FALLING = RISING[::-1]
STEADY = [4, 6, 5, 4, 6, 5, 4, 6, 5, 5]


def test_a_rising_a_falling_and_a_steady_term() -> None:
    found = count({"apple": RISING, "cider": FALLING, "soil": STEADY})
    assert verdicts(found) == {"apple": ("rising", None), "cider": ("falling", None), "soil": ("steady", None)}
    apple = found["keyword_trends"][0]
    p_value = apple.pop("p_value")
    assert apple == {
        "term": "apple",
        "granularity": "year",
        "periods": 10,
        "documents": 20,
        "occurrences": 55,
        "first_period": DECADE[0],
        "last_period": DECADE[-1],
        "slope": 1.0,
        "slope_low": 1.0,
        "slope_high": 1.0,
        "tau": 1.0,
        "q_value": pytest.approx(1.5 * p_value, abs=1e-8),
        "burst_start": None,
        "burst_end": None,
        "burst_strength": None,
        "burst_q_value": 1.0,
        "absence_q_value": 1.0,
        "last_seen_date": LAST,
        "verdict": "rising",
        "gate": None,
    }
    assert p_value == pytest.approx(0.000083, abs=1e-6)
    assert found["keyword_trends"][1]["slope"] == -1.0


def test_terms_are_passed_on_as_they_are_and_judged_if_they_have_a_date() -> None:
    found = count({"fruit tree": [0, 3], "apple": [1, 2]}, starts=years(2019, 2020), undated=("zest",))
    common = {"document_count": 9, "undated_occurrences": 0, "is_name": False}
    assert found["terms"] == [
        {"term": "apple", "word_count": 1, "occurrences": 3, **common},
        {"term": "fruit tree", "word_count": 2, "occurrences": 3, **common},
        {"term": "zest", "word_count": 1, "occurrences": 4, **common, "document_count": 1, "undated_occurrences": 4},
    ]
    assert [(row["term"], row["first_period"].year, row["occurrences"]) for row in found["keyword_trends"]] == [
        ("apple", 2019, 3),
        ("fruit tree", 2020, 3),
    ]


@pytest.mark.parametrize(("undated", "terms"), [((), []), (("apple",), ["apple"])])
def test_without_dated_documents_there_are_terms_alone(undated: tuple[str, ...], terms: list[str]) -> None:
    found = count({}, starts=[], undated=undated, publishers=())
    assert [row["term"] for row in found.pop("terms")] == terms
    assert found == {"keyword_trends": [], "period_keyness": []}


@pytest.mark.parametrize(
    ("options", "gate"),
    [
        pytest.param(
            {"starts": DECADE[:5], "series": RISING[:5]},
            "5 finished periods with text; fewest_periods is 6",
            id="too few periods",
        ),
        pytest.param(
            {"starts": DECADE[:6], "series": RISING[:6], "is_partial": True},
            "5 finished periods with text; fewest_periods is 6",
            id="the unfinished one does not count",
        ),
        pytest.param(
            {"series": [0] * 8 + [9, 9]}, "fewer than 5 documents (fewest_documents)", id="too few documents"
        ),
        pytest.param(
            {"series": [0] * 5 + [1, 2, 2, 2, 2]},
            "fewer than 10 occurrences (fewest_occurrences)",
            id="too few occurrences",
        ),
        pytest.param(
            {"series": [0] * 6 + [5, 5, 9, 9], "is_partial": True, "documents": 1, "fewest_documents": 4},
            "fewer than 4 documents in finished periods (fewest_documents)",
            id="too few documents where the unfinished period is left aside",
        ),
        pytest.param(
            {"series": [0, 0, 0, 0, 1, 1, 1, 1, 1, 9], "is_partial": True},
            "fewer than 10 occurrences in finished periods (fewest_occurrences)",
            id="too few occurrences where the unfinished period is left aside",
        ),
        pytest.param(
            {"largest": 40},
            "one document holds more than 70% of the occurrences (largest_share)",
            id="one document has most of them",
        ),
        pytest.param(
            {"publishers": (5, 5), "speaking": 1}, "fewer than 2 publishers (fewest_publishers)", id="one publisher's word"
        ),
        pytest.param(
            {"starts": DECADE[:2], "series": [1, 1], "largest": 55},
            "2 finished periods with text; fewest_periods is 6",
            id="the first of several is told",
        ),
        pytest.param(
            {"series": [0] * 8 + [1, 1], "largest": 55},
            "fewer than 5 documents (fewest_documents)",
            id="documents before occurrences and share",
        ),
    ],
)  # fmt: skip
def test_where_evidence_is_missing_the_verdict_is_insufficient_and_says_which(
    options: dict[str, Any], gate: str
) -> None:
    found = count({"apple": options.pop("series", RISING)}, **options)
    assert verdicts(found) == {"apple": ("insufficient", gate)}
    (row,) = found["keyword_trends"]
    assert {row[name] for name in ("slope", "slope_low", "slope_high", "p_value", "q_value")} == {None}


def test_what_has_no_date_is_no_evidence() -> None:
    totals, publishers, periods = inputs({"apple": [0] * 5 + [1, 2, 2, 2, 2]})
    (row,) = totals.to_pylist()
    row |= {"occurrences": 12, "undated_occurrences": 3}
    tables = [pa.Table.from_pylist([row], schema=totals.schema), publishers, periods]
    expected = "fewer than 10 occurrences (fewest_occurrences)"
    assert verdicts(judged(tables, TrendsSettings())) == {"apple": ("insufficient", expected)}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"starts": DECADE[:6], "series": [1, 3, 5, 7, 9, 11]}, id="six periods"),
        pytest.param({"documents": 1, "series": [0] * 5 + [2, 3, 4, 5, 6]}, id="five documents"),
        pytest.param({"series": [0, 0, 0, 0, 1, 1, 1, 2, 2, 3]}, id="ten occurrences"),
        pytest.param({"largest": 38}, id="most of them in one document"),
        pytest.param(
            {"publishers": (51, 49), "speaking": 1}, id="the word of the publisher that the corpus is mostly by"
        ),
        pytest.param({"publishers": (5, 5, 90)}, id="two publishers"),
    ],
)
def test_evidence_that_just_suffices_is_tested(options: dict[str, Any]) -> None:
    found = count({"apple": options.pop("series", RISING)}, **options)
    assert verdicts(found) == {"apple": ("rising", None)}


@pytest.mark.parametrize(
    ("setting", "value", "gate"),
    [
        ("fewest_periods", 11, "10 finished periods with text; fewest_periods is 11"),
        ("fewest_documents", 21, "fewer than 21 documents (fewest_documents)"),
        ("fewest_occurrences", 56, "fewer than 56 occurrences (fewest_occurrences)"),
        ("largest_share", 0.01, "one document holds more than 1% of the occurrences (largest_share)"),
    ],
)
def test_each_gate_is_a_setting(setting: str, value: float, gate: str) -> None:
    assert verdicts(count({"apple": RISING}, **{setting: value})) == {"apple": ("insufficient", gate)}


@pytest.mark.parametrize(
    ("setting", "value", "options"),
    [
        ("fewest_periods", 5, {"starts": DECADE[:5], "series": [1, 3, 5, 7, 9]}),
        ("fewest_documents", 4, {"series": [0] * 8 + [9, 9]}),
        ("fewest_occurrences", 9, {"series": [0] * 5 + [1, 2, 2, 2, 2]}),
        ("largest_share", 1.0, {"largest": 55}),
        ("fewest_publishers", 1, {"publishers": (1, 9), "speaking": 1}),
    ],
)
def test_a_gate_may_be_opened(setting: str, value: float, options: dict[str, Any]) -> None:
    series = {"apple": options.pop("series", RISING)}
    assert verdicts(count(series, **options))["apple"][0] == "insufficient"
    assert verdicts(count(series, **options, **{setting: value}))["apple"][1] is None


# -- periods ----------------------------------------------------------------------------------------------------------


def test_the_unfinished_period_is_counted_and_not_tested() -> None:
    found = count({"apple": [5, 5, 5, 5, 5, 5, 900]}, starts=DECADE[:7], is_partial=True)
    (row,) = found["keyword_trends"]
    assert (row["verdict"], row["periods"], row["occurrences"], row["slope"]) == ("steady", 6, 930, 0.0)
    assert row["last_period"] == DECADE[6]


def test_a_period_with_text_and_without_the_term_is_nought() -> None:
    found = count({"apple": [0, 0, 0, 0, 0, 4, 4, 4, 4, 4], "soil": STEADY})
    apple = found["keyword_trends"][0]
    assert (apple["verdict"], apple["periods"], apple["first_period"]) == ("rising", 10, DECADE[5])


def test_a_period_without_text_is_no_period() -> None:
    tokens = [10_000] * 5 + [0] + [10_000] * 4
    rows = count({"apple": [5, 5, 5, 5, 5, 0, 5, 5, 5, 5]}, tokens=[size or 1 for size in tokens])["keyword_trends"]
    assert rows[0]["periods"] == 10
    rows = count({"apple": [5, 5, 5, 5, 5, 0, 5, 5, 5, 5]}, tokens=tokens)["keyword_trends"]
    assert (rows[0]["periods"], rows[0]["p_value"]) == (9, 1.0)


def test_the_share_of_words_is_tested_and_not_the_count() -> None:
    tokens = [10_000 * n for n in RISING]
    found = count({"apple": RISING, "soil": [5] * 10}, tokens=tokens)
    assert verdicts(found) == {"apple": ("steady", None), "soil": ("falling", None)}


@pytest.mark.parametrize(
    ("granularity", "starts"),
    [
        pytest.param("year", years(2001, 2002, 2003, 2004, 2005, 2015), id="years"),
        pytest.param(
            "quarter",
            [datetime.date(2001 + n // 4, 3 * (n % 4) + 1, 1) for n in (0, 1, 2, 3, 4, 14)],
            id="quarters",
        ),
        pytest.param("month", [datetime.date(2001 + n // 12, n % 12 + 1, 1) for n in (0, 1, 2, 3, 4, 14)], id="months"),
    ],
)
def test_a_gap_in_the_calendar_counts_as_the_time_that_it_is(granularity: str, starts: list[datetime.date]) -> None:
    found = count({"apple": [1, 3, 5, 7, 9, 29]}, starts=starts, granularity=granularity)
    (row,) = found["keyword_trends"]
    assert (row["granularity"], row["verdict"]) == (granularity, "rising")
    assert (row["slope"], row["slope_low"], row["slope_high"]) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("granularities", "expected"),
    [
        pytest.param(("year",), ["year"], id="one"),
        pytest.param(("year", "month"), ["month", "year"], id="two"),
        pytest.param(("month", "month"), ["month"], id="one twice"),
        pytest.param(("month", "quarter", "year"), ["month", "quarter", "year"], id="all"),
    ],
)
def test_terms_are_counted_by_the_granularities_that_are_set(
    granularities: tuple[str, ...], expected: list[str]
) -> None:
    starts = {
        "month": [datetime.date(2020, month, 1) for month in range(1, 11)],
        "quarter": [datetime.date(2020, month, 1) for month in (1, 4, 7, 10)],
        "year": years(2020),
    }
    totals, publishers, _ = inputs({"apple": RISING}, starts=starts["month"], granularity="month")
    periods = pa.concat_tables([inputs({}, starts=starts[name], granularity=name)[2] for name in sorted(starts)])
    settings = TrendsSettings.model_validate({"granularities": granularities})
    found = judged([totals, publishers, periods], settings)
    assert [(row["granularity"], row["occurrences"]) for row in found["keyword_trends"]] == [
        (name, 55) for name in expected
    ]
    assert len(found["terms"]) == 1


# -- what has been tested is not tested again ---------------------------------------------------------------------------

SOME = st.lists(st.integers(0, 9), min_size=10, max_size=10)
STATES = st.lists(
    st.fixed_dictionaries(
        {
            "series": st.dictionaries(st.sampled_from(["apple", "cider", "soil", "tree"]), SOME, min_size=1),
            "tokens": st.lists(st.sampled_from([8_000, 10_000]), min_size=10, max_size=10),
            "starts": st.sampled_from([DECADE, DECADE, years(*range(2010, 2019), 2022)]),
            "is_partial": st.booleans(),
            "largest": st.sampled_from([1, 40]),
        }
    ),
    min_size=2,
    max_size=4,
)


@profile(max_examples=20, deadline=None, derandomize=True, database=None)
@given(STATES)
def test_whatever_was_tested_before_the_verdicts_are_those_of_a_rebuild(states: list[dict[str, Any]]) -> None:
    tables = [inputs(**state) for state in states]
    settings = TrendsSettings(burst_documents=1)
    assert judged(tables[-1], settings, *tables[:-1]) == judged(tables[-1], settings)


def counted_tests(
    monkeypatch: pytest.MonkeyPatch, before: list[pa.Table], now: list[pa.Table]
) -> list[tuple[int, int]]:
    """How many terms each run tests for a trend and for a burst."""
    found: list[tuple[int, int]] = []

    def weighed(
        counts: Counts, tested: Whole, periods: Periods, settings: VerdictSettings, known: Known | None
    ) -> Evidence:
        flags = known and (known.is_trend, known.is_burst)
        found.append(tuple(int((~kept).sum()) for kept in flags) if flags else (len(tested), len(tested)))
        return weigh(counts, tested, periods, settings, known)

    monkeypatch.setattr("tasks.trends.weigh", weighed)
    judged(now, TrendsSettings(), before)
    return found


THREE = {"apple": RISING, "cider": [0, 0, *FALLING[2:]], "soil": STEADY}


@pytest.mark.parametrize(
    ("change", "again"),
    [
        pytest.param({}, (0, 0), id="nothing"),
        pytest.param({"series": THREE | {"soil": [*STEADY[:9], 9]}}, (1, 1), id="other counts of a term"),
        pytest.param({"tokens": [11_000] + [10_000] * 9}, (2, 3), id="other words in a period that one is not in"),
        pytest.param({"starts": years(*range(2010, 2019), 2022)}, (3, 3), id="other periods"),
        pytest.param({"is_partial": True}, (3, 3), id="another number of finished periods"),
    ],
)
def test_only_what_has_changed_is_tested_again(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], again: tuple[int, int]
) -> None:
    before = inputs(THREE)
    assert counted_tests(monkeypatch, before, inputs(**{"series": THREE} | change)) == [(3, 3), again]


def test_what_comes_in_the_unfinished_period_tests_no_term_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = (
        inputs(THREE | {"soil": [*STEADY[:9], soil]}, is_partial=True, tokens=[10_000] * 9 + [words])
        for soil, words in ((0, 10_000), (7, 12_000))
    )
    assert counted_tests(monkeypatch, before, now) == [(3, 3), (0, 0)]


# -- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stopwords", "expected"),
    [
        pytest.param((), ["apple", "fruit tree", "soil"], id="none"),
        pytest.param(("soil",), ["apple", "fruit tree"], id="a word"),
        pytest.param(("SOIL", "Fruit Tree"), ["apple"], id="whatever its case, and a phrase"),
        pytest.param(("tree",), ["apple", "fruit tree", "soil"], id="a word does not take its phrases along"),
        pytest.param(("apple", "soil", "fruit tree"), [], id="all"),
    ],
)
def test_stopwords_are_left_out_of_every_table(stopwords: tuple[str, ...], expected: list[str]) -> None:
    terms = {"apple": RISING, "fruit tree": FALLING, "großer see": STEADY, "soil": STEADY}
    found = count(terms, stopwords=("Großer See", *stopwords))
    for view in ("terms", "keyword_trends"):
        assert sorted({row["term"] for row in found[view]}) == expected


def test_a_stopword_is_not_among_the_tests_that_p_values_are_adjusted_for() -> None:
    with_it = count({"apple": RISING, "soil": STEADY})
    without = count({"apple": RISING, "soil": STEADY}, stopwords=("soil",))
    q_values = [found["keyword_trends"][0]["q_value"] for found in (with_it, without)]
    assert q_values[0] == pytest.approx(2 * q_values[1], abs=1e-8)
    assert q_values[1] == without["keyword_trends"][0]["p_value"]


def test_the_false_discovery_rate_bounds_what_is_called_a_trend() -> None:
    series = {"apple": [1, 3, 2, 4, 6, 5, 7, 4, 6, 5]}
    (row,) = count(series)["keyword_trends"]
    assert 0.01 < row["q_value"] < 0.05
    assert [verdicts(count(series, false_discovery_rate=rate))["apple"][0] for rate in (0.01, 0.05)] == [
        "steady",
        "rising",
    ]


def test_many_tests_make_each_of_them_more_careful() -> None:
    series = {"apple": [1, 3, 2, 4, 6, 5, 7, 4, 6, 5]}
    others = {f"term{number:02}": STEADY for number in range(20)}
    assert verdicts(count(series | others))["apple"][0] == "steady"


def test_the_confidence_widens_the_interval() -> None:
    series = {"apple": [1, 3, 2, 4, 6, 5, 7, 4, 9, 8]}
    narrow, wide = (count(series, confidence=confidence)["keyword_trends"][0] for confidence in (0.5, 0.99))
    assert narrow["slope"] == wide["slope"]
    assert wide["slope_low"] < narrow["slope_low"] <= narrow["slope"] <= narrow["slope_high"] < wide["slope_high"]
    assert {key: narrow[key] for key in ("p_value", "verdict")} == {key: wide[key] for key in ("p_value", "verdict")}


@pytest.mark.parametrize(
    "values",
    [
        {"granularities": ()},
        {"granularities": ("week",)},
        {"fewest_periods": 2},
        {"fewest_occurrences": 0},
        {"fewest_documents": 0},
        {"largest_share": 0},
        {"largest_share": 1.1},
        {"false_discovery_rate": 0},
        {"false_discovery_rate": 1},
        {"fewest_publishers": 0},
        {"smallest_tau": -0.1},
        {"smallest_tau": 1},
        {"burst_ratio": 1},
        {"burst_cost": 0},
        {"burst_documents": 0},
        {"burst_share": 1.1},
        {"keyness_terms": 0},
        {"keyness_occurrences": 0},
        {"confidence": 0},
        {"confidence": 1},
        {"periods": 6},
    ],
    ids=str,
)
def test_settings_have_bounds(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TrendsSettings(**values)


# -- bursts, silence and keyness in the tables --------------------------------------------------------------------------

CENTURY = years(*range(1900, 1960))


def test_a_burst_has_its_years_and_a_silence_its_last_date() -> None:
    burst = [0, 1] * 10 + [19, 22, 18, 21, 20, 19] + [1, 0] * 17
    gone = [3, 4] * 24 + [0] * 12
    found = count({"boom": burst, "gone": gone, "soil": [4] * 60}, starts=CENTURY, documents=1)
    assert verdicts(found) == {"boom": ("burst", None), "gone": ("vanished", None), "soil": ("steady", None)}
    boom, gone_row, soil = found["keyword_trends"]
    assert (boom["burst_start"], boom["burst_end"]) == (CENTURY[20], CENTURY[25])
    assert boom["burst_strength"] > 10
    assert boom["burst_q_value"] < 0.001
    assert gone_row["absence_q_value"] < 0.001
    assert gone_row["last_seen_date"] == LAST
    assert {soil[name] for name in ("burst_start", "burst_end", "burst_strength")} == {None}


def keyness_of(series: dict[str, Sequence[int]], **options: Any) -> list[tuple[int, str, int, int, int]]:
    return [
        (row["period_start"].year, row["term"], row["occurrences"], row["reference_occurrences"], row["rank"])
        for row in count(series, **options)["period_keyness"]
    ]


EVEN, PEAK, RARE = [20, 20, 20, 20], [2, 2, 60, 2], [0, 0, 12, 0]


def test_a_period_is_set_apart_by_what_it_has_more_of() -> None:
    options = {"starts": years(2001, 2002, 2003, 2004)}
    found = count({"even": EVEN, "peak": PEAK, "rare": RARE}, **options)["period_keyness"]
    assert [(row["term"], row["rank"]) for row in found] == [("peak", 1), ("rare", 2)]
    assert found[0] | {"log_likelihood": 0, "log_ratio": 0, "log_odds_z": 0} == {
        "granularity": "year",
        "period_start": datetime.date(2003, 1, 1),
        "term": "peak",
        "occurrences": 60,
        "documents": 2,
        "reference_occurrences": 6,
        "log_likelihood": 0,
        "log_ratio": 0,
        "log_odds_z": 0,
        "rank": 1,
        "is_partial": False,
    }
    assert found[0]["log_ratio"] == pytest.approx(4.8, abs=0.1)
    assert keyness_of({"peak": PEAK, "rare": RARE}, **options, keyness_terms=1) == [(2003, "peak", 60, 6, 1)]
    assert keyness_of({"peak": PEAK, "rare": RARE}, **options, keyness_occurrences=13) == [(2003, "peak", 60, 6, 1)]


def test_what_sets_an_unfinished_period_apart_is_marked() -> None:
    found = count({"peak": PEAK, "rare": [0, 0, 0, 12]}, starts=years(2001, 2002, 2003, 2004), is_partial=True)
    marked = [(row["period_start"].year, row["term"], row["is_partial"]) for row in found["period_keyness"]]
    assert marked == [(2003, "peak", False), (2004, "rare", True)]


def test_one_document_of_many_does_not_set_its_period_apart() -> None:
    assert keyness_of({"peak": PEAK}, starts=years(2001, 2002, 2003, 2004), documents=1) == []


def test_a_single_period_is_compared_with_nothing() -> None:
    assert keyness_of({"peak": [60]}, starts=years(2001)) == []
