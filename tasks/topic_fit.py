"""Fits of gensim's LDA to units of text, and the number of topics and the seed by coherence and stability."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tasks.cores import side_by_side
from tasks.topic_inference import log_likelihood
from tasks.topic_quality import agreements, npmi_coherence
from tasks.topic_start import clustered_topics, factored_topics
from tasks.topic_units import Matrix

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """A fit: term probabilities (topics x terms), the prior weight of each topic, and each topic's coherence."""

    seed: int
    topics: Floats
    prior: Floats
    coherence: Floats


def load_gensim(_: object) -> None:
    """Import what a fit needs."""
    import scipy.optimize
    import scipy.sparse  # noqa: F401
    from gensim.models import LdaModel  # noqa: F401


_SAMPLE = 1000  # units on which the number of topics and the start are chosen
_DRAWN = 0.8  # share of the sample that each factorisation sees
_STABILITY_WEIGHT = 0.25  # against coherence; both fall as topics get many, stability much the faster


def choose(units: Matrix, count: int | None, seeds: Sequence[int], passes: int) -> tuple[Fit, float, int]:
    """Try each number of topics on several samples; take the number with the best coherence and stability, and fit it to all.

    Also return that number's stability (nan for a single sample) and how many trials there were. What is tried are the
    factors that a fit may start from: they cost a fraction of a fit, and tell as much of the number of topics (Greene,
    O'Callaghan and Cunningham 2014). Topics whose coherence cannot be computed count as the worst, not as an average. The
    samples are drawn from the first of the units: they are in the order of a digest, and that is as good as chance. The
    seed is that whose topics agree most with the others'. A `count` that is given is the only one tried.
    """
    sample = units[:_SAMPLE]
    counts = _grid(units.shape[0], int(units.sum())) if count is None else [min(count, units.shape[0])]
    if len(counts) == len(seeds) == 1:
        return fit_topics(units, counts[0], seeds[0], passes), float("nan"), 1
    scored: list[tuple[float, int, int, float]] = []
    for tried in counts:
        samples = [_drawn(sample, tried, seed) for seed in seeds]
        found = side_by_side(partial(factored_topics, count=tried), samples)
        agreement = agreements(found)
        stable = float(np.mean(agreement)) if len(agreement) else float("nan")
        coherence = np.concatenate([npmi_coherence(topics, sample) for topics in found])
        score = float(np.mean(np.nan_to_num(coherence, nan=-1.0))) + _STABILITY_WEIGHT * float(np.nan_to_num(stable))
        likest = int(np.argmax(agreement)) if len(agreement) else 0
        scored.append((score, -tried, -likest, stable))
    _, negative_count, negative_seed, stable = max(scored)
    return fit_topics(units, -negative_count, seeds[-negative_seed], passes), stable, len(counts) * len(seeds)


def _grid(units: int, tokens: int) -> list[int]:
    """The numbers of topics to try; more text supports more topics."""
    largest = int(min(units // 6, 3 + 2 * (tokens / 1000) ** 0.5, 60))
    grid = [k for k in (3, 4, 5, 6, 8, 12, 16, 24, 32, 45, 60) if largest / 4 <= k <= largest]
    return grid[-4:] or [min(2, units)]


def _drawn(sample: Matrix, count: int, seed: int) -> Matrix:
    """A part of the sample, in its order, with no fewer units than topics."""
    size = min(sample.shape[0], max(count, round(_DRAWN * sample.shape[0])))
    return sample[np.sort(np.random.default_rng(seed).permutation(sample.shape[0])[:size])]


_STARTED = 4000  # units from which the starts are made
_ROUNDS = 10  # of placing a unit at each of its turns; the next pass goes on from a better model
_CHUNK = 2000  # units between two updates of the model at most
_FEWEST_UNIT_PASSES, _MOST_PASSES = 2000, 15  # a small corpus is gone through more often, up to a bound


def fit_topics(units: Matrix, count: int, seed: int, passes: int) -> Fit:
    """Fit `count` topics, in so many passes over the units at least.

    Of the starts that is taken which, fitted to a sample of the units, makes it the likeliest. Not the most coherent: a few
    tight topics beside one that has all the rest are coherent, and explain little.
    """
    first, sample = units[:_STARTED], units[:_SAMPLE]
    starts = side_by_side(lambda start: start(first, count), (factored_topics, clustered_topics))
    fits = side_by_side(lambda start: _fitted(sample, start, seed, passes), starts)
    likelihoods = [log_likelihood(sample, fit.topics, fit.prior) for fit in fits]
    best = int(np.argmax(likelihoods))
    return fits[best] if sample.shape[0] == units.shape[0] else _fitted(units, starts[best], seed, passes)


def _fitted(units: Matrix, start: Floats, seed: int, passes: int) -> Fit:
    """The fit next to a start (topics x terms). Raises `FloatingPointError` if it comes to numbers that are not finite."""
    from gensim.models import LdaModel

    # It warns whenever a step of a learned prior would leave the positive numbers; such a step is not taken.
    logging.getLogger("gensim.models.ldamodel").setLevel(logging.ERROR)
    parts = -(-units.shape[0] // _CHUNK)
    model = LdaModel(
        id2word=_Places(units.shape[1]),
        num_topics=len(start),
        passes=max(passes, min(_MOST_PASSES, _FEWEST_UNIT_PASSES // units.shape[0])),
        # Parts of one size: an update counts a part for the whole, so a small last one would undo the others.
        chunksize=-(-units.shape[0] // parts),
        alpha="auto" if len(start) > 1 else "symmetric",
        eta="auto" if units.shape[1] > 1 else "symmetric",
        eval_every=None,
        iterations=_ROUNDS,
        random_state=seed,
        dtype=np.float32,
    )
    # The first step sees these topics in place of random ones.
    model.state.sstats = (start * units.sum() / len(start)).astype(np.float32)
    model.sync_state()
    # Vectors of a few numbers leave lanes of a register to chance, and numpy warns of what the processor finds there.
    with np.errstate(invalid="ignore"):
        model.update(_Bags(units))
    topics = np.asarray(model.get_topics(), dtype=np.float64)
    if not np.isfinite(topics).all():
        raise FloatingPointError(f"a fit of {len(start)} topics to {units.shape[0]} units has not stayed finite")
    topics /= topics.sum(axis=1, keepdims=True)
    return Fit(seed, topics, np.asarray(model.alpha, dtype=np.float64), npmi_coherence(topics, units))


class _Bags:
    """A sparse matrix as gensim reads a corpus: one list of pairs of term and count at a time."""

    def __init__(self, units: Matrix) -> None:
        self._units = units

    def __len__(self) -> int:
        return int(self._units.shape[0])

    def __iter__(self) -> Iterator[list[tuple[int, float]]]:
        units = self._units
        for start, end in zip(units.indptr[:-1], units.indptr[1:], strict=True):
            yield list(zip(units.indices[start:end].tolist(), units.data[start:end].tolist(), strict=True))


class _Places(dict[int, str]):
    """A vocabulary that gensim asks for no more than its size."""

    def __init__(self, size: int) -> None:
        super().__init__((place, "") for place in range(size))
