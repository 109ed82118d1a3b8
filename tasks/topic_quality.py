"""How good a topic model is: whether the terms of a topic keep company, and whether another seed finds it again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TOP = 10


def top_terms(topics: Floats, count: int) -> NDArray[np.intp]:
    """The positions of each topic's most probable terms (topics x count), ties by position."""
    return np.argsort(-topics, axis=1, kind="stable")[:, :count]


def npmi_coherence(topics: Floats, bags: list[list[tuple[int, int]]], top: int = _TOP) -> Floats:
    """Mean normalised pointwise mutual information of each topic's top terms over the units that they occur in.

    Between -1 (never together) and 1 (always together); nan for a topic with fewer than two terms. After Lau, Newman and
    Baldwin (2014), "Machine reading tea leaves", with whole units in place of a sliding window. Terms that occur
    everywhere say nothing of each other and count as 0.
    """
    from scipy.sparse import csr_matrix

    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    columns = np.array([term for bag in bags for term, _ in bag], dtype=np.intp)
    present = csr_matrix((np.ones(len(columns)), (rows, columns)), shape=(len(bags), topics.shape[1]))
    coherence = np.full(len(topics), np.nan)
    for position, terms in enumerate(top_terms(topics, top)):
        if len(terms) < 2:
            continue
        chosen = present[:, terms]
        together = np.asarray((chosen.T @ chosen).todense()) / len(bags)
        alone = np.diag(together)
        values = [_npmi(together[a, b], alone[a], alone[b]) for a, b in combinations(range(len(terms)), 2)]
        coherence[position] = float(np.mean(values))
    return coherence


def _npmi(together: float, first: float, second: float) -> float:
    if together <= 0:
        return -1.0
    if together >= 1:
        return 0.0
    return float(np.log(together / (first * second)) / -np.log(together))


def stability(models: list[Floats], top: int = _TOP) -> float:
    """How alike the topics of several fits are: mean Jaccard of their top terms, paired off at their best.

    Between 0 and 1; nan where there are no two fits to compare. After Greene, O'Callaghan and Cunningham (2014), "How
    many topics?"
    """
    from scipy.optimize import linear_sum_assignment

    scores = []
    for first, second in combinations(models, 2):
        sets_a, sets_b = ([set(row) for row in top_terms(model, top)] for model in (first, second))
        jaccard = np.array([[len(a & b) / len(a | b) for b in sets_b] for a in sets_a])
        scores.append(float(jaccard[linear_sum_assignment(-jaccard)].mean()))
    return float(np.mean(scores)) if scores else float("nan")
