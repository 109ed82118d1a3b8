"""How good a topic model is: whether the terms of a topic keep company, and whether another seed finds it again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tasks.topic_units import Matrix

Floats = NDArray[np.float64]
_TOP = 10


def top_terms(topics: Floats, count: int) -> NDArray[np.intp]:
    """The positions of each topic's most probable terms (topics x count), ties by position."""
    return np.argsort(-topics, axis=1, kind="stable")[:, :count]


def npmi_coherence(topics: Floats, units: Matrix, top: int = _TOP) -> Floats:
    """Mean normalised pointwise mutual information of each topic's top terms over the units (units x terms) they occur in.

    Between -1 (never together) and 1 (always together); nan for a topic with fewer than two terms. After Lau, Newman and
    Baldwin (2014), "Machine reading tea leaves", with whole units in place of a sliding window. Terms that occur
    everywhere say nothing of each other and count as 0.
    """
    ranked = top_terms(topics, top)
    if ranked.shape[1] < 2:
        return np.full(len(topics), np.nan)
    used, places = np.unique(ranked, return_inverse=True)
    present = units[:, used].astype(bool).astype(np.float64)
    together = np.asarray((present.T @ present).todense()) / units.shape[0]
    first, second = np.triu_indices(ranked.shape[1], 1)
    rows = places.reshape(ranked.shape)
    joint = together[rows[:, first], rows[:, second]]
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(joint / (alone[rows[:, first]] * alone[rows[:, second]])) / -np.log(joint)
    values = np.where(joint <= 0, -1.0, np.where(joint >= 1, 0.0, values))
    means: Floats = values.mean(axis=1)
    return means


def agreements(models: list[Floats], top: int = _TOP) -> Floats:
    """How alike each fit's topics are to those of the others: mean Jaccard of their top terms, paired off at their best.

    Between 0 and 1, one number a fit; nothing where there are no two fits to compare. After Greene, O'Callaghan and
    Cunningham (2014), "How many topics?": the fits are to samples of the units, so that agreement says something of these.
    """
    from scipy.optimize import linear_sum_assignment

    scores = np.zeros((len(models), len(models)))
    for (one, first), (other, second) in combinations(enumerate(models), 2):
        sets_a, sets_b = ([set(row) for row in top_terms(model, top)] for model in (first, second))
        jaccard = np.array([[len(a & b) / len(a | b) for b in sets_b] for a in sets_a])
        scores[one, other] = scores[other, one] = float(jaccard[linear_sum_assignment(-jaccard)].mean())
    alike: Floats = scores.sum(axis=1) / (len(models) - 1) if len(models) > 1 else np.zeros(0)
    return alike
