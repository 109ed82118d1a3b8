"""Where a fit may start: topics by matrix factorisation and by clustering, which owe nothing to chance.

Variational LDA stops at the local optimum next to where it starts, so a random start makes the topics a lottery. The
non-negative factors of the tf-idf matrix, started from its singular vectors (Boutsidis and Gallopoulos 2008, "SVD based
initialization"), are tight and coherent, but a few tight ones may leave all the rest to one topic. Clusters of units in the
space of these vectors (Dhillon and Modha 2001, "Concept decompositions") share the units out, and come closer to the
sections of a corpus. Neither is best everywhere; the same matrix has the same of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tasks.cores import side_by_side
from tasks.topic_inference import log_likelihood
from tasks.topic_units import Integers, Matrix

Floats = NDArray[np.float64]
_ROUNDS = 40
_OVERSAMPLING, _POWER_ROUNDS = 10, 4
_SMOOTHING = 0.01  # share of each topic that is spread over the whole vocabulary
_TINY = 1e-12
# Spaces that clusters are looked for in: dimensions a topic, and how much the first themes count for more than the others.
_DIMENSIONS, _POWERS, _MOST_DIMENSIONS = (2, 4), (0.5, 1.0), 100
_JUDGED = 1000  # units that tell which clusters are best
_ATTEMPTS, _CANDIDATES = 10, 8  # starts of the clustering, and units among which each next centre is chosen


def factored_topics(units: Matrix, count: int) -> Floats:
    """Term probabilities of `count` topics (topics x terms) for a matrix of counts (units x terms), as its factors."""
    used = np.flatnonzero(np.diff(units.tocsc().indptr))  # a sample of the units is without many of the terms
    weighted = _tf_idf(units[:, used])
    transposed = weighted.T.tocsr()
    left, right = _singular_start(weighted, transposed, count)
    # Hierarchical alternating least squares: Cichocki and Phan (2009).
    for _ in range(_ROUNDS):
        _improve(left, weighted @ right.T, right)
        _improve(right, transposed @ left.T, left)
    weights = np.zeros((count, units.shape[1]))
    weights[:, used] = right
    return _smoothed(weights)


def clustered_topics(units: Matrix, count: int) -> Floats:
    """Term probabilities of `count` topics (topics x terms) for a matrix of counts (units x terms), as clusters of units."""
    from scipy.sparse import csr_matrix

    weighted = _tf_idf(units)
    left, values, _ = _singular_vectors(weighted, weighted.T.tocsr(), min(max(_DIMENSIONS) * count, _MOST_DIMENSIONS))
    found = []
    for dimensions, power in product(_DIMENSIONS, _POWERS):
        size = dimensions * count
        places = _unit_length(left[:, :size] * values[:size] ** power)
        attempts = side_by_side(partial(_clustered, places, count), range(_ATTEMPTS))
        cluster, _ = max(attempts, key=lambda attempt: attempt[1])
        members = csr_matrix((np.ones(len(cluster)), (cluster, np.arange(len(cluster)))), shape=(count, len(cluster)))
        found.append(_smoothed((members @ units).toarray()))
    return _likeliest(found, units[:_JUDGED])


def _clustered(places: Floats, count: int, seed: int) -> tuple[Integers, float]:
    """Clusters by spherical k-means from centres far apart (k-means++), and how near the units are to their centres."""
    draw, size = np.random.default_rng(seed), len(places)
    centres = places[[int(draw.integers(size))]]
    nearest = places @ centres[0]
    while len(centres) < count:
        chances = np.maximum(1 - nearest, _TINY)
        drawn = draw.choice(size, _CANDIDATES, p=chances / chances.sum())
        likeness = np.maximum(nearest[:, None], places @ places[drawn].T)
        best = int(likeness.sum(axis=0).argmax())
        centres, nearest = np.vstack([centres, places[drawn[best]]]), likeness[:, best]
    cluster = np.zeros(size, dtype=np.intp)
    for _ in range(_ROUNDS):
        before, cluster = cluster, (places @ centres.T).argmax(axis=1)
        if (before == cluster).all():
            break
        members = np.zeros((size, count))
        members[np.arange(size), cluster] = 1
        centres = _unit_length(members.T @ places)
    return cluster, float((places @ centres.T).max(axis=1).sum())


def _likeliest(found: Sequence[Floats], units: Matrix) -> Floats:
    """Of several sets of as many topics (topics x terms) the one under which the units are the likeliest, the first of equals."""
    prior = np.full(len(found[0]), 1 / len(found[0]))
    likelihoods = [log_likelihood(units, topics, prior) for topics in found]
    return found[int(np.argmax(likelihoods))]


def _unit_length(rows: Floats) -> Floats:
    scaled: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)
    return scaled


def _smoothed(weights: Floats) -> Floats:
    """Rows of weights as probabilities without zeros."""
    topics: Floats = weights / np.maximum(weights.sum(axis=1, keepdims=True), _TINY)
    topics = (1 - _SMOOTHING) * topics + _SMOOTHING / weights.shape[1]
    topics /= topics.sum(axis=1, keepdims=True)
    return topics


def _tf_idf(units: Matrix) -> Matrix:
    from scipy.sparse import csr_matrix, diags

    in_units = np.diff(units.tocsc().indptr)
    rarity = np.log((1 + units.shape[0]) / (1 + in_units)) + 1
    weighted = csr_matrix((np.sqrt(units.data) * rarity[units.indices], units.indices, units.indptr), shape=units.shape)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, _TINY)) @ weighted).tocsr()


def _singular_vectors(weighted: Matrix, transposed: Matrix, count: int) -> tuple[Floats, Floats, Floats]:
    """The first left singular vectors, singular values and right singular vectors, of `count` as many as there are.

    They come from a random projection (Halko, Martinsson and Tropp 2011), which is always the same one.
    """
    draw = np.random.default_rng(0)
    size = min(count + _OVERSAMPLING, *weighted.shape)
    basis = draw.normal(size=(weighted.shape[1], size))
    for _ in range(_POWER_ROUNDS):
        basis, _ = np.linalg.qr(transposed @ (weighted @ basis))
    left, values, rotation = np.linalg.svd(weighted @ basis, full_matrices=False)
    return left[:, :count], values[:count], (basis @ rotation.T)[:, :count]


def _singular_start(weighted: Matrix, transposed: Matrix, count: int) -> tuple[Floats, Floats]:
    """The positive parts of the first singular vectors, as rows; what there are too few of is filled with noise."""
    first, values, second = _singular_vectors(weighted, transposed, count)
    draw = np.random.default_rng(0)
    mean = float(weighted.mean())
    left, right = (draw.random((count, length)) * mean for length in weighted.shape)
    for topic in range(len(values)):
        pairs = [(np.maximum(sign * first[:, topic], 0), np.maximum(sign * second[:, topic], 0)) for sign in (1, -1)]
        norms = [(float(np.linalg.norm(a)), float(np.linalg.norm(b))) for a, b in pairs]
        # Both signs are one factor; the side that holds more of it is the one without negative entries.
        side = int(norms[1][0] * norms[1][1] > norms[0][0] * norms[0][1])
        (a, b), (length_a, length_b) = pairs[side], norms[side]
        if length_a * length_b > _TINY:
            scale = np.sqrt(values[topic] * length_a * length_b)
            left[topic], right[topic] = a / length_a * scale, b / length_b * scale
    return np.maximum(left, 0.01 * mean), np.maximum(right, 0.01 * mean)


def _improve(factor: Floats, product: Floats, other: Floats) -> None:
    """One round over the rows of a factor, in place, each at its best while the others stay.

    `product` is that of the matrix and the other factor.
    """
    products, gram = np.ascontiguousarray(product.T), other @ other.T
    for topic in range(len(factor)):
        step = (products[topic] - gram[topic] @ factor) / max(gram[topic, topic], _TINY)
        factor[topic] = np.maximum(factor[topic] + step, _TINY)
