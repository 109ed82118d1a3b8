"""Period terms: terms counted by month, and no month counted again for nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from flows.refresh import StageRun, refresh
from flows.settings import Settings
from flows.work import Grown, find_work
from tasks.period_terms import PeriodTerm, PeriodTermsSettings, period_terms
from tasks.stage import collect
from warehouse import ledger
from warehouse.rows import insert_rows
from warehouse.store import Store


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
    for table in ("sources", "bodies", "document_dates", "duplicates", "passage_signatures"):
        cursor.execute(f"delete from pipeline.{table}")
    cursor.execute("delete from term_counts")
    cursor.execute("delete from pipeline.digests where table_name = 'term_counts'")
    for name, document in documents.items():
        cursor.execute(
            "insert into pipeline.sources (document_id, path, content_sha256, text_sha256, media_type, encoding, language, "
            "publisher) values (?, ?, '', '', '', '', 'en', ?)",
            [name, name, document.publisher],
        )
        cursor.execute("insert into pipeline.bodies (document_id, word_count) values (?, 1)", [name])
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
                "insert into pipeline.passage_signatures values (?, ?, 1, 0, ?, '', '')",
                [name, f"{name} {term}", document.wording.encode()],
            )
    digests = {name: repr(sorted(document.terms.items())) for name, document in documents.items() if document.terms}
    ledger.write_digests(cursor, {"term_counts": digests})


def count(store: Store, documents: Mapping[str, Document], settings: Settings) -> StageRun:
    """Make a warehouse hold these documents, and bring what is counted of them up to date."""
    with store.transaction() as cursor:
        put(cursor, documents)
    return refresh(period_terms, store, settings)


COUNTED = (
    "select period, term, publisher, occurrences, documents, largest, last_date::varchar from pipeline.period_terms"
)


def counted(documents: Mapping[str, Document]) -> list[tuple[Any, ...]]:
    """What is counted of each term by period."""
    with Store(None) as store:
        with store.transaction() as cursor:
            put(cursor, documents)
        counts = store.query("period_terms", documents, Grown([]))
        output = collect(period_terms.writes, period_terms.function(counts, PeriodTermsSettings()))
        with store.transaction() as cursor:
            insert_rows(cursor, PeriodTerm.TABLE, output[PeriodTerm])
        return store.rows(f"{COUNTED} order by all")


def test_a_period_is_a_month_or_a_year_by_which_alone_a_document_is_dated() -> None:
    rows = counted(
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


# -- incremental equals rebuild -----------------------------------------------------------------------------------------

NAMES = [f"d{number:02}" for number in range(12)]
DATES = [(None, "day"), ("2020-01-01", "year"), ("2020-01-05", "day"), ("2020-01-09", "day"), ("2020-03-01", "month")]
DOCUMENTS = st.builds(
    lambda terms, dated, publisher, duplicate_of, wording: Document(terms, *dated, publisher, duplicate_of, wording),
    st.dictionaries(st.sampled_from(["port", "rail", "rail road", "rail road board"]), st.integers(1, 3), max_size=4),
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
    settings = make_settings()
    with Store(None) as store:
        for documents in states:
            with Store(None) as anew:
                for place in (store, anew):
                    count(place, documents, settings)
                everything = "from pipeline.period_terms order by all"
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
            done = count(store, state, make_settings())
            assert (done.processed, done.removed) == expected


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        pytest.param({"e": Document({"port": 1})}, {"2021-05": ["e"]}, id="one more document"),
        pytest.param({"e": Document({"port": 1}, date="2019-01-01")}, {"2019-01": ["e"]}, id="the first of its month"),
        pytest.param(
            {"a": Document({"port": 2}), "e": Document({"rail": 1})},
            {"2021-05": ["a", "c", "e"]},
            id="other counts too",
        ),
        pytest.param(
            {"a": Document({"port": 1}, date="2021-05-01"), "e": Document({"rail": 1})},
            {"2021-05": ["a", "c", "e"]},
            id="another day too",
        ),
        pytest.param({"a": Document({}), "e": Document({"rail": 1})}, {"2021-05": ["c", "e"]}, id="one less"),
        pytest.param(
            {f"e{number}": Document({"port": 1}, date=None, wording="one") for number in range(9)},
            {"": [f"e{number}" for number in range(9)], "2020-03": ["b"]},
            id="the tenth document with the same passage",
        ),
    ],
)
def test_a_document_that_comes_is_added_to_what_was_counted(
    make_settings: Callable[..., Settings], change: dict[str, Document], counted: dict[str, list[str]]
) -> None:
    documents = {
        "a": Document({"port": 1}),
        "b": Document({"port": 1}, date="2020-03-01", wording="one"),
        "c": Document({"port": 3, "rail": 1}, date="2021-05-09"),
    }
    settings = make_settings()
    with Store(None) as store:
        count(store, documents, settings)
        with store.transaction() as cursor:
            put(cursor, documents | change)
            work = find_work(cursor, period_terms, settings)
        assert {unit.key_id: work.to_count(unit.key_id) for unit in work.pending} == counted


def test_what_was_counted_with_other_code_is_counted_again(make_settings: Callable[..., Settings]) -> None:
    documents = {"a": Document({"port": 1}), "b": Document({"port": 2})}
    settings = make_settings()
    with Store(None) as store:
        count(store, documents, settings)
        with store.transaction() as cursor:
            cursor.execute("update pipeline.ledger set fingerprint = 'other'")
            put(cursor, documents | {"e": Document({"port": 4})})
            work = find_work(cursor, period_terms, settings)
        assert [work.to_count(unit.key_id) for unit in work.pending] == [["a", "b", "e"]]
        refresh(period_terms, store, settings)
        assert store.rows("select occurrences, documents, largest from pipeline.period_terms") == [(7, 3, 4)]


def test_a_period_that_is_looked_at_again_without_another_document_is_counted_again(
    make_settings: Callable[..., Settings],
) -> None:
    """As after an upgrade that tells otherwise which documents a period has: to the stages behind, it is still there."""
    documents = {"a": Document({"port": 1}), "b": Document({"port": 1}, date="2020-03-01")}
    state = "select key_id, digest from pipeline.digests where table_name = 'period_terms' order by all"
    with Store(None) as store:
        count(store, documents, make_settings())
        before = store.rows(f"{COUNTED} order by all"), store.rows(state)
        with store.transaction() as cursor:
            cursor.execute("update pipeline.ledger set inputs = 'other' where stage = 'period_terms'")
        done = count(store, documents, make_settings())
        assert (done.processed, done.rows) == (2, 2)
        assert (store.rows(f"{COUNTED} order by all"), store.rows(state)) == before
