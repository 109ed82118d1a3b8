"""Term totals: what is known of each term over all periods, what is no term of its own, and what is summed up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from flows.refresh import refresh
from flows.settings import load_settings
from tasks.period_terms import period_terms
from tasks.term_totals import term_totals
from tests.test_period_terms import DOCUMENTS, NAMES, Document, put
from warehouse.store import Store


def bring(store: Store, documents: Mapping[str, Document]) -> int:
    """Bring a warehouse up to date with these documents; returns how many rows were written."""
    with store.transaction() as cursor:
        put(cursor, documents)
    settings = load_settings()
    refresh(period_terms, store, settings)
    return refresh(term_totals, store, settings).rows


def summed(documents: Mapping[str, Document]) -> dict[str, dict[str, Any]]:
    """What is known of each term."""
    with Store(None) as store:
        bring(store, documents)
        with store.transaction() as cursor:
            rows = cursor.execute("from pipeline.term_totals").to_arrow_table().to_pylist()
    return {row["term"]: row for row in rows}


def terms_of(totals: dict[str, dict[str, Any]]) -> set[str]:
    return {term for term, row in totals.items() if row["left_out"] is None}


def test_a_term_is_summed_up_over_periods_and_publishers() -> None:
    port = summed(
        {
            "a": Document({"port": 3}),
            "b": Document({"port": 1}, date="2021-05-20", publisher="Gazette"),
            "c": Document({"port": 7}, date="2022-01-01", precision="year", publisher="Review"),
            "d": Document({"port": 5}, date=None),
            "e": Document({"port": 6}, date="2021-06-01", precision="month", publisher="Gazette"),
            "f": Document({"port": 9}, duplicate_of="a"),
        }
    )["port"]
    assert (port["document_count"], port["occurrences"], port["undated_occurrences"]) == (5, 22, 5)
    assert (port["month_largest"], str(port["month_last_seen"])) == (6, "2021-06-01")
    assert (port["year_largest"], str(port["year_last_seen"])) == (7, "2022-01-01")
    assert (port["month_documents"], port["month_occurrences"]) == (3, 10)
    assert (port["year_documents"], port["year_occurrences"]) == (4, 17)
    assert [str(port[f"{end}_month"]) for end in ("first", "last")] == ["2021-05-01", "2021-06-01"]
    assert [str(port[f"{end}_year"]) for end in ("first", "last")] == ["2021-01-01", "2022-01-01"]
    assert (port["month_publishers"], port["year_publishers"]) == (["", "Gazette"], ["", "Gazette", "Review"])
    assert port["periods"] == [0, 202105, 202106, 202200]
    assert (port["period_occurrences"], port["period_documents"]) == ([5, 4, 6, 7], [1, 2, 1, 1])


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
    totals = summed({"a": Document(terms)})
    assert terms.keys() - terms_of(totals) == ({"economy governance"} if is_fragment else set())


@pytest.mark.parametrize(("copies", "duplicates", "is_formula"), [(10, (), True), (9, (), False), (10, ("d7",), False)])
def test_what_ten_documents_say_word_for_word_is_a_formula_and_no_term(
    copies: int, duplicates: tuple[str, ...], is_formula: bool
) -> None:
    documents = {
        f"d{number}": Document({"speaker": 2}, wording="one", duplicate_of="d0" if f"d{number}" in duplicates else None)
        for number in range(copies)
    }
    totals = summed(documents | {"e": Document({"port": 2})})
    assert terms_of(totals) == ({"port"} if is_formula else {"port", "speaker"})


def test_summing_up_few_terms_at_a_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = {
        "a": Document({"economy": 9, "economy governance": 5, "global economy governance": 5}),
        "b": Document({"port": 1, "economy": 2}, date="2021-05-20", publisher="Gazette"),
    }
    expected = summed(documents)
    assert {term for term, row in expected.items() if row["left_out"] == "piece"} == {"economy governance"}
    monkeypatch.setattr("tasks.term_totals._TERMS_AT_ONCE", 1)
    assert summed(documents) == expected


# -- incremental equals rebuild -----------------------------------------------------------------------------------------


@profile(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), DOCUMENTS, max_size=12), min_size=2, max_size=4))
def test_whatever_documents_come_and_go_the_totals_are_those_of_a_rebuild(states: list[dict[str, Document]]) -> None:
    with Store(None) as store:
        for documents in states:
            with Store(None) as anew:
                found = []
                for place in (store, anew):
                    bring(place, documents)
                    digests = "select digest from pipeline.digests where table_name = 'term_totals'"
                    found.append((place.rows("from pipeline.term_totals order by all"), place.rows(digests)))
                assert found[0] == found[1]


@pytest.mark.parametrize(
    ("change", "terms"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"c": Document({"rail": 1})}, {"rail"}, id="a document of a month that has others"),
        pytest.param({"c": Document({"rail": 1}, date="2022-01-09")}, {"rail"}, id="a document of a new month"),
        pytest.param({"c": Document({"coal": 1}, date=None)}, {"coal"}, id="one without a date"),
        pytest.param({"a": Document({})}, set(), id="a term that is gone"),
        pytest.param(
            {"c": Document({"sea port fee": 1}, date="2022-01-09")},
            {"sea port fee", "sea port"},
            id="parts of a phrase",
        ),
    ],
)
def test_only_terms_of_what_has_changed_are_summed_up_again(change: dict[str, Document], terms: set[str]) -> None:
    documents = {
        "a": Document({"port": 1}),
        "b": Document({"sea port": 3, "steel": 2, "rail": 2}, date="2020-03-01"),
    }
    with Store(None) as store:
        bring(store, documents)
        assert bring(store, documents | change) == len(terms)
        found = dict(store.rows("select term, occurrences from pipeline.term_totals"))
    everything: dict[str, int] = {}
    for document in (documents | change).values():
        for term, number in document.terms.items():
            everything[term] = everything.get(term, 0) + number
    assert found == everything
