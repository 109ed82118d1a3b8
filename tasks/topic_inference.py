"""Fold-in: how much of each passage is about which topic of a model that is already there.

Every unit is placed by itself, so a passage has the same topics whichever others are placed with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.cores import side_by_side
from tasks.topic_units import Integers, Matrix, Stretches, grouped, row_sums, units_of

Floats = NDArray[np.float64]
_ROUNDS = 30
_BATCH = 2_000_000  # numbers that each thread has in memory at once, about


@dataclass(frozen=True)
class Placed:
    """Passages with their topics: `amounts` (passages x topics) are occurrences of terms that are due to a topic.

    `document_of` gives the position of each passage's document in `documents`; both lists are in reading order.
    """

    passages: list[str]
    documents: list[str]
    document_of: Integers
    amounts: Floats


def place(stretches: Stretches, topics: Floats, prior: Floats, shortest: int, longest: int) -> Placed:
    """Divide the occurrences of the stretches' terms, which are the model's, among its topics (topics x terms).

    A unit gives the shares that its passages have as their context; within it each term goes to the topics that
    explain it. What has none of the terms is left out.
    """
    known = np.flatnonzero(row_sums(stretches.counts) > 0)
    counts, passage_of, document_of = (
        part[known] for part in (stretches.counts, stretches.passage_of, stretches.document_of)
    )
    within = Stretches(counts, stretches.terms, stretches.passages, stretches.documents, passage_of, document_of)
    members = units_of(within, shortest, longest)
    shares = fold_in(grouped(counts, members), topics, prior)
    used, position = np.unique(passage_of, return_inverse=True)
    amounts = np.zeros((len(used), len(topics)))
    for rows in _batches(counts, len(topics)):
        np.add.at(amounts, position[rows], _divider(counts[rows], topics)(shares[members[rows]]))
    owner = np.zeros(len(used), dtype=np.intp)
    owner[position] = document_of
    return Placed([stretches.passages[p] for p in used], stretches.documents, owner, amounts)


def fold_in(units: Matrix, topics: Floats, prior: Floats) -> Floats:
    """The share of each topic in each unit (units x topics), by the variational update of LDA with the topics held fixed.

    After Hoffman, Blei and Bach (2010), "Online learning for LDA". Started from equal shares and not from chance.
    """
    from scipy.special import psi

    def weighed(rows: Integers) -> Floats:
        divided, weights = _divider(units[rows], topics), np.ones((len(rows), len(topics)))
        for _ in range(_ROUNDS):
            weights = np.exp(psi(weights) - psi(weights.sum(axis=1, keepdims=True)))
            weights = prior + divided(weights)
        return weights

    found = side_by_side(weighed, _batches(units, len(topics)))
    gamma = np.concatenate(found) if found else np.ones((0, len(topics)))
    shares: Floats = gamma / gamma.sum(axis=1, keepdims=True)
    return shares


def log_likelihood(units: Matrix, topics: Floats, prior: Floats) -> float:
    """The mean logarithm of the probability that the topics, in the shares of each unit, give to an occurrence in it."""
    shares, columns, total = fold_in(units, topics, prior), np.ascontiguousarray(topics.T), 0.0
    for rows in _batches(units, len(topics)):
        some = units[rows]
        row = np.repeat(rows, np.diff(some.indptr))
        chances = np.einsum("nk,nk->n", shares[row], columns[some.indices])
        total += float(some.data @ np.log(np.maximum(chances, 1e-300)))
    return total / max(float(units.sum()), 1.0)


def _divider(counts: Matrix, topics: Floats) -> Callable[[Floats], Floats]:
    """A function that divides each row's counts among the topics, by the weight that it is given and the topic's of a term."""
    from scipy.sparse import csr_matrix

    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    columns = np.ascontiguousarray(topics.T)
    chances = columns[counts.indices]

    def divided(weights: Floats) -> Floats:
        likelihood = np.einsum("nk,nk->n", weights[row], chances)
        ratio = csr_matrix(
            (counts.data / np.maximum(likelihood, 1e-300), counts.indices, counts.indptr), shape=counts.shape
        )
        result: Floats = weights * (ratio @ columns)
        return result

    return divided


def _batches(counts: Matrix, topics: int) -> list[Integers]:
    """The rows in runs of a bounded number of entries."""
    ends = counts.indptr[1:].astype(np.int64) * topics // _BATCH
    return np.split(np.arange(counts.shape[0]), np.flatnonzero(np.diff(ends)) + 1) if counts.shape[0] else []
