"""Keyness: which terms set one part of a corpus apart from another, by three measures that check each other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Keyness(NamedTuple):
    """For each term how sure it is that the rates differ (G²), how much they do (log2), and both in one (z)."""

    log_likelihood: Floats
    log_ratio: Floats
    log_odds_z: Floats


def keyness(count: Any, reference_count: Any, tokens: Any, reference_tokens: Any) -> Keyness:
    """Compare how often terms stand in a text and in a reference text of so many words each; all may be arrays.

    Each term must stand in one of the texts at least.

    G² is Dunning's (1993) over the table of term and other words. The log-ratio is that of the two rates, half an occurrence
    added to each. The z is that of the weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn
    2008): the rates of both texts together, worth as many words as the shorter of the two. It is positive, as is the
    log-ratio, where the term is more frequent than in the reference.
    """
    first, second = np.asarray(count, dtype=np.float64), np.asarray(reference_count, dtype=np.float64)
    first_words, second_words = np.asarray(tokens, dtype=np.float64), np.asarray(reference_tokens, dtype=np.float64)
    words = first_words + second_words
    both = first + second
    g2 = np.zeros_like(both)
    for observed, row, column in (
        (first, both, first_words),
        (second, both, second_words),
        (first_words - first, words - both, first_words),
        (second_words - second, words - both, second_words),
    ):
        expected = row * column / words
        g2 += 2 * observed * np.log(np.divide(observed, expected, out=np.ones_like(both), where=observed > 0))
    log_ratio = np.log2((first + 0.5) / (first_words + 0.5)) - np.log2((second + 0.5) / (second_words + 0.5))
    worth = np.minimum(first_words, second_words)
    prior = worth * both / words
    odds = [
        np.log((own + prior) / (own_words + worth - own - prior))
        for own, own_words in ((first, first_words), (second, second_words))
    ]
    z = (odds[0] - odds[1]) / np.sqrt(1 / (first + prior) + 1 / (second + prior))
    return Keyness(np.maximum(0, g2), log_ratio, z)


def compare_sets(target: pa.Table, reference: pa.Table, tokens: int, reference_tokens: int) -> pa.Table:
    """The terms of two sets of documents with their keyness, the most distinctive of `target` first.

    Both tables have `term` (each once), `occurrences` and `documents`; the sets hold so many words. The result has these
    for both sides (`reference_` in front) and the three measures. Raises `ValueError` if a set has no words.
    """
    if min(tokens, reference_tokens) <= 0:
        raise ValueError("both sets must have words to be compared")
    joined = target.join(reference, keys="term", join_type="full outer", right_suffix="_of_reference")
    columns = {
        "term": joined["term"],
        "occurrences": joined["occurrences"],
        "documents": joined["documents"],
        "reference_occurrences": joined["occurrences_of_reference"],
        "reference_documents": joined["documents_of_reference"],
    }
    columns = {name: values if name == "term" else pc.fill_null(values, 0) for name, values in columns.items()}
    measures = keyness(
        columns["occurrences"].to_numpy(), columns["reference_occurrences"].to_numpy(), tokens, reference_tokens
    )
    return pa.table(columns | rounded(measures)).sort_by([("log_odds_z", "descending"), ("term", "ascending")])


def rounded(measures: Keyness) -> dict[str, Floats]:
    """The measures by name, without the digits in which two machines may differ."""
    return {name: np.asarray(values).round(6) for name, values in measures._asdict().items()}
