"""Which topic of a new model is which of the one before: by their terms and by the passages that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Relation = Literal["continued", "split", "merged", "born", "retired"]


@dataclass(frozen=True, slots=True)
class Link:
    """What became of a topic: `old` and `new` are its positions in the two models, None for one that is born or retired."""

    old: int | None
    new: int | None
    relation: Relation
    similarity: float


def term_similarity(old: Floats, old_terms: list[str], new: Floats, new_terms: list[str]) -> Floats:
    """One less the Jensen-Shannon distance of each pair of topics (old x new), over the terms of both vocabularies."""
    union = sorted({*old_terms, *new_terms})
    place = {term: position for position, term in enumerate(union)}
    first, second = np.zeros((len(old), len(union))), np.zeros((len(new), len(union)))
    first[:, [place[term] for term in old_terms]] = old
    second[:, [place[term] for term in new_terms]] = new
    entropies = [_entropy(topics) for topics in (first, second)]
    divergence = np.array(
        [
            _entropy((topic + second) / 2) - (entropy + entropies[1]) / 2
            for topic, entropy in zip(first, entropies[0], strict=True)
        ]
    ).reshape(len(old), len(new))
    alike: Floats = 1 - np.sqrt(np.clip(divergence, 0, 1))
    return alike


def _entropy(topics: Floats) -> Floats:
    """In bits, of each row."""
    from scipy.special import entr

    bits: Floats = entr(topics).sum(axis=1) / np.log(2)
    return bits


def passage_similarity(old: Floats, new: Floats, lengths: Floats) -> Floats:
    """How far two topics (old x new) have the same part (units x topics) in the same passages: their weighted Jaccard index."""
    first, second = old * lengths[:, None], new * lengths[:, None]
    both = np.array([np.minimum(topic[:, None], second).sum(axis=0) for topic in first.T]).reshape(old.shape[1], -1)
    either = first.sum(axis=0)[:, None] + second.sum(axis=0) - both
    alike: Floats = both / np.maximum(either, 1e-12)
    return alike


def link_topics(similarity: Floats, least: float) -> list[Link]:
    """Pair the topics off at their best (Hungarian assignment); a pair that is less alike than `least` is none.

    A topic left over is split from or merged into the likest of the other model if that is alike enough, else it is born
    or retired. Every topic of both models has one link at least.
    """
    from scipy.optimize import linear_sum_assignment

    pairs = [pair for pair in zip(*linear_sum_assignment(-similarity), strict=True) if similarity[pair] >= least]
    links = [Link(int(old), int(new), "continued", float(similarity[old, new])) for old, new in pairs]
    kept_old, kept_new = {old for old, _ in pairs}, {new for _, new in pairs}
    for new in sorted(set(range(similarity.shape[1])) - kept_new):
        likest = int(np.argmax(similarity[:, new]))
        value = float(similarity[likest, new])
        links.append(Link(likest, new, "split", value) if value >= least else Link(None, new, "born", value))
    for old in sorted(set(range(similarity.shape[0])) - kept_old):
        likest = int(np.argmax(similarity[old]))
        value = float(similarity[old, likest])
        links.append(Link(old, likest, "merged", value) if value >= least else Link(old, None, "retired", value))
    return links
