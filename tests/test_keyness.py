"""Keyness: the three measures against values by hand, and two sets compared."""

from __future__ import annotations

from math import log, log2, sqrt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from tasks.keyness import compare_sets, keyness


@profile(deadline=None, derandomize=True)
@given(st.integers(0, 400), st.integers(1, 400), st.integers(500, 9_000), st.integers(500, 9_000))
def test_the_log_likelihood_is_scipys_g_test(count: int, reference: int, words: int, reference_words: int) -> None:
    found = float(keyness(count, reference, words, reference_words).log_likelihood)
    table = [[count, reference], [words - count, reference_words - reference]]
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "words", "ratio"),
    [
        pytest.param((20, 10), (1_000, 1_000), log2(20.5 / 10.5), id="twice as often"),
        pytest.param((10, 10), (1_000, 1_000), 0.0, id="alike"),
        pytest.param((0, 8), (1_000, 1_000), log2(0.5 / 8.5), id="not there"),
        pytest.param((8, 0), (1_000, 4_000), log2(8.5 / 1000.5) - log2(0.5 / 4000.5), id="nowhere else"),
    ],
)
def test_the_log_ratio_is_that_of_the_smoothed_rates(
    counts: tuple[int, int], words: tuple[int, int], ratio: float
) -> None:
    found = keyness(*counts, *words)
    assert float(found.log_ratio) == pytest.approx(ratio)
    assert np.sign(found.log_odds_z) == np.sign(ratio)


def test_the_weighted_log_odds_by_hand() -> None:
    # Prior: 40 of 4,000 words, worth the 1,000 words of the shorter text: 10 of them.
    first, second = log(30 / (1_000 + 1_000 - 20 - 10)), log(30 / (3_000 + 1_000 - 20 - 10))
    expected = (first - second) / sqrt(1 / 30 + 1 / 30)
    assert float(keyness(20, 20, 1_000, 3_000).log_odds_z) == pytest.approx(expected)


def test_turned_round_the_measures_change_their_sign() -> None:
    there, back = keyness(30, 10, 5_000, 8_000), keyness(10, 30, 8_000, 5_000)
    assert float(there.log_likelihood) == pytest.approx(float(back.log_likelihood))
    assert float(there.log_ratio) == pytest.approx(-float(back.log_ratio))
    assert float(there.log_odds_z) == pytest.approx(-float(back.log_odds_z))


def test_a_rare_word_does_not_outrank_one_that_is_surely_more_frequent() -> None:
    once, often = keyness(1, 0, 10_000, 90_000), keyness(60, 90, 10_000, 90_000)
    assert once.log_ratio > 1
    assert often.log_odds_z > 2 * once.log_odds_z


def counted(**terms: tuple[int, int]) -> pa.Table:
    return pa.table(
        {
            "term": pa.array(list(terms), pa.string()),
            "occurrences": pa.array([pair[0] for pair in terms.values()], pa.int64()),
            "documents": pa.array([pair[1] for pair in terms.values()], pa.int64()),
        }
    )


def test_two_sets_are_compared_term_by_term() -> None:
    found = compare_sets(counted(port=(9, 3), rail=(5, 2)), counted(rail=(50, 9), road=(7, 4)), 1_000, 2_000)
    assert found.column_names == [
        "term",
        "occurrences",
        "documents",
        "reference_occurrences",
        "reference_documents",
        "log_likelihood",
        "log_ratio",
        "log_odds_z",
    ]
    assert [tuple(row.values())[:5] for row in found.to_pylist()] == [
        ("port", 9, 3, 0, 0),
        ("road", 0, 0, 7, 4),
        ("rail", 5, 2, 50, 9),
    ]
    assert found["log_odds_z"].to_pylist() == sorted(found["log_odds_z"].to_pylist(), reverse=True)
    assert found["log_likelihood"][0].as_py() == pytest.approx(
        float(keyness(9, 0, 1_000, 2_000).log_likelihood), abs=1e-6
    )


@pytest.mark.parametrize("words", [(0, 5), (5, 0)])
def test_a_set_without_words_cannot_be_compared(words: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must have words"):
        compare_sets(counted(), counted(), *words)


def test_sets_without_terms_have_none() -> None:
    assert compare_sets(counted(), counted(), 10, 10).num_rows == 0
