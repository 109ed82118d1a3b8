"""Period terms: terms counted by month, what is known of each over all months, and no month counted again for nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from flows.refresh import refresh
from flows.settings import Settings
from tasks.period_terms import PeriodTerm, PeriodTermsSettings, period_terms
from tasks.stage import collect
from warehouse import ledger
from warehouse.store import Store, insert_rows


class Document(NamedTuple):
    """A document for the counting: how often which term stands in it; `wording` makes its passages copies of others."""

    terms: Mapping[str, int]
    date: str | None = "2021-05-06"
    precision: str = "day"
    publisher: str | None = None
    duplicate_of: str | None = None
    wording: str = ""


def put(cursor: Any, documents: Mapping[str, Document]) -> None:
    """Make a warehouse hold these documents and no others, with the digests of their term counts."""
    tables = ("pipeline.sources", "pipeline.document_dates", "pipeline.duplicates", "pipeline.passage_signatures")
    for table in (*tables, "term_counts"):
        cursor.execute(f"delete from {table}")
    cursor.execute("delete from pipeline.digests where table_name = 'term_counts'")
    for name, document in documents.items():
        cursor.execute(
            "insert into pipeline.sources (document_id, path, content_sha256, text_sha256, media_type, encoding, language, "
            "publisher) values (?, ?, '', '', '', '', 'en', ?)",
            [name, name, document.publisher],
        )
        if document.date:
            cursor.execute(
                "insert into pipeline.document_dates values (?, ?, ?, 'publication')",
                [name, document.date, document.precision],
            )
        if document.duplicate_of:
            cursor.execute("insert into pipeline.duplicates values (?, ?)", [name, document.duplicate_of])
        for term, number in document.terms.items():
            cursor.execute(
                "insert into term_counts values (?, ?, ?, ?, ?, 0, 0)", [name, f"{name} {term}", name, term, number]
            )
            cursor.execute(
                "insert into pipeline.passage_signatures values (?, ?, ?, '', '')",
                [name, f"{name} {term}", document.wording.encode()],
            )
    digests = {name: repr(sorted(document.terms.items())) for name, document in documents.items() if document.terms}
    ledger.write_digests(cursor, {"term_counts": digests})


COUNTED = (
    "select period, term, publisher, occurrences, documents, largest, last_date::varchar from pipeline.period_terms"
)


def counted(documents: Mapping[str, Document]) -> tuple[list[tuple[Any, ...]], dict[str, dict[str, Any]]]:
    """What is counted of each term by period, and what is known of it over all."""
    with Store(None) as store:
        with store.transaction() as cursor:
            put(cursor, documents)
            found = cursor.execute("select distinct period from pipeline.counted_documents").fetchall()
        counts = store.query("period_terms", [period for (period,) in found])
        output = collect(period_terms.writes, period_terms.function(counts, PeriodTermsSettings()))
        with store.transaction() as cursor:
            insert_rows(cursor, PeriodTerm.TABLE, output[PeriodTerm])
        totals = store.query("term_totals").to_pylist()
        return store.rows(f"{COUNTED} order by all"), {row["term"]: row for row in totals}


def test_a_period_is_a_month_or_a_year_by_which_alone_a_document_is_dated() -> None:
    rows, totals = counted(
        {
            "a": Document({"port": 3}),
            "b": Document({"port": 1}, date="2021-05-20"),
            "c": Document({"port": 4}, date="2021-01-01", precision="year"),
            "d": Document({"port": 5}, date=None),
            "e": Document({"port": 6}, date="2021-06-01", precision="month", publisher="Gazette"),
            "f": Document({"port": 9}, duplicate_of="a"),
        }
    )
    assert rows == [
        ("", "port", "", 5, 1, 5, None),
        ("2021", "port", "", 4, 1, 4, "2021-01-01"),
        ("2021-05", "port", "", 4, 2, 3, "2021-05-20"),
        ("2021-06", "port", "Gazette", 6, 1, 6, "2021-06-01"),
    ]
    port = totals["port"]
    assert (port["document_count"], port["occurrences"], port["undated_occurrences"]) == (5, 19, 5)
    assert (port["largest"], str(port["last_seen_date"])) == (6, "2021-06-01")
    cells = [(str(cell["date"]), cell["is_year"], cell["publisher"], cell["occurrences"]) for cell in port["cells"]]
    assert sorted(cells) == [
        ("2021-01-01", True, 0, 4),
        ("2021-05-20", False, 0, 4),
        ("2021-06-01", False, 1, 6),
    ]


@pytest.mark.parametrize(
    ("longer", "is_fragment"),
    [
        pytest.param({"digital economy governance": 5}, True, id="always in one longer phrase"),
        pytest.param({"digital economy governance": 4}, True, id="nearly always"),
        pytest.param({"digital economy governance": 3}, False, id="often"),
        pytest.param({"economy governance reform": 5}, True, id="at the beginning of it"),
        pytest.param(
            {"digital economy governance": 3, "world economy governance": 2}, False, id="behind several words"
        ),
        pytest.param(
            {"economy governance rule": 3, "economy governance reform": 2}, True, id="in front of several words"
        ),
        pytest.param({"economy governance rule": 3, "economy governance reform": 1}, False, id="once by itself"),
        pytest.param({"green economy": 5}, False, id="in none"),
    ],
)
def test_a_phrase_that_stands_in_a_longer_one_is_a_piece_of_it_and_no_term(
    longer: dict[str, int], is_fragment: bool
) -> None:
    terms = {"economy": 9, "economy governance": 5, **longer}
    _, totals = counted({"a": Document(terms)})
    assert terms.keys() - totals.keys() == ({"economy governance"} if is_fragment else set())


@pytest.mark.parametrize(("copies", "duplicates", "is_formula"), [(10, (), True), (9, (), False), (10, ("d7",), False)])
def test_what_ten_documents_say_word_for_word_is_a_formula_and_no_term(
    copies: int, duplicates: tuple[str, ...], is_formula: bool
) -> None:
    documents = {
        f"d{number}": Document({"speaker": 2}, wording="one", duplicate_of="d0" if f"d{number}" in duplicates else None)
        for number in range(copies)
    }
    _, totals = counted(documents | {"e": Document({"port": 2})})
    assert totals.keys() == ({"port"} if is_formula else {"port", "speaker"})


# -- incremental equals rebuild -----------------------------------------------------------------------------------------

NAMES = [f"d{number:02}" for number in range(12)]
DATES = [(None, "day"), ("2020-01-01", "year"), ("2020-01-05", "day"), ("2020-01-09", "day"), ("2020-03-01", "month")]
DOCUMENTS = st.builds(
    lambda terms, dated, publisher, duplicate_of, wording: Document(terms, *dated, publisher, duplicate_of, wording),
    st.dictionaries(st.sampled_from(["port", "rail", "rail road"]), st.integers(1, 3), max_size=3),
    st.sampled_from(DATES),
    st.sampled_from([None, "Gazette"]),
    st.sampled_from([None, None, None, "d00"]),
    st.sampled_from(["", "one", "one", "one"]),
)


@profile(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), DOCUMENTS, max_size=12), min_size=2, max_size=4))
def test_whatever_documents_come_and_go_the_counts_are_those_of_a_rebuild(
    make_settings: Callable[..., Settings], states: list[dict[str, Document]]
) -> None:
    settings, everything = make_settings(), "from pipeline.period_terms order by all"
    with Store(None) as store:
        for documents in states:
            with store.transaction() as cursor:
                put(cursor, documents)
            refresh(period_terms, store, settings)
            with Store(None) as anew:
                with anew.transaction() as cursor:
                    put(cursor, documents)
                refresh(period_terms, anew, settings)
                assert store.rows(everything) == anew.rows(everything)


@pytest.mark.parametrize(
    ("change", "processed", "removed"),
    [
        pytest.param({}, 0, 0, id="nothing"),
        pytest.param({"e": Document({"port": 1})}, 1, 0, id="one more document"),
        pytest.param({"a": Document({"port": 2})}, 1, 0, id="other counts"),
        pytest.param({"a": Document({"port": 1}, date="2020-03-01")}, 1, 1, id="from a month of its own to another"),
        pytest.param({"b": Document({"port": 1}, date="2020-03-01", publisher="Gazette")}, 1, 0, id="a publisher"),
        pytest.param({"b": Document({"port": 1}, date="2020-03-01", duplicate_of="a")}, 0, 1, id="a duplicate"),
        pytest.param({"e": Document({}, date="2020-03-01")}, 0, 0, id="a document without terms"),
    ],
)
def test_only_what_has_changed_is_counted_again(
    make_settings: Callable[..., Settings], change: dict[str, Document], processed: int, removed: int
) -> None:
    documents = {"a": Document({"port": 1}), "b": Document({"port": 1}, date="2020-03-01")}
    with Store(None) as store:
        for state, expected in ((documents, (2, 0)), (documents | change, (processed, removed))):
            with store.transaction() as cursor:
                put(cursor, state)
            done = refresh(period_terms, store, make_settings())
            assert (done.processed, done.removed) == expected
