"""What a topic is called: its most distinctive terms, phrases first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

# Weight of a term's probability against its lift over the corpus, after Sievert and Shirley (2014), "LDAvis".
_RELEVANCE = 0.6
_LABEL_TERMS = 3


def label_topics(
    topics: NDArray[np.float64], vocabulary: list[str], kept: Mapping[int, str] | None = None
) -> list[str]:
    """A label for each topic (topics x vocabulary): its three most relevant terms, no word twice, no two labels alike.

    `kept` has the labels of topics, by their position, that have one already.
    """
    kept = kept or {}
    overall = topics.mean(axis=0)
    lift = np.log((topics + 1e-12) / (overall + 1e-12))
    relevance = _RELEVANCE * np.log(topics + 1e-12) + (1 - _RELEVANCE) * lift
    labels: list[str] = []
    taken = set(kept.values())
    for position, (topic, row) in enumerate(zip(topics, np.argsort(-relevance, axis=1, kind="stable"), strict=True)):
        if position in kept:
            labels.append(kept[position])
            continue
        candidates = [vocabulary[position] for position in row[:40]]
        phrases = [vocabulary[p] for p in row[:15] if " " in vocabulary[p] and topic[p] >= overall[p]]
        chosen: list[str] = []
        for term in (*phrases, *candidates):
            if len(chosen) < _LABEL_TERMS and not any(_overlap(term, other) for other in chosen):
                chosen.append(term)
        label = ", ".join(chosen)
        for term in candidates:
            if label not in taken:
                break
            if term not in chosen:
                label = ", ".join((*chosen, term))
        number = 2
        while label in taken:  # topics of few terms may be alike
            label, number = f"{', '.join(chosen)} ({number})", number + 1
        taken.add(label)
        labels.append(label)
    return labels


def _overlap(term: str, other: str) -> bool:
    return bool(set(term.split()) & set(other.split()))
