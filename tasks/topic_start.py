"""Where a fit starts: topics by non-negative matrix factorisation, which owe nothing to chance.

Variational LDA stops at the local optimum next to where it starts, so a random start makes the topics a lottery. The
factors of the tf-idf matrix, themselves started from its singular vectors (Boutsidis and Gallopoulos 2008, "SVD based
initialization"), lie close to a good optimum, and the same matrix has the same factors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tasks.topic_units import Matrix

Floats = NDArray[np.float64]
_ROUNDS = 40
_OVERSAMPLING, _POWER_ROUNDS = 10, 4
_SMOOTHING = 0.01  # share of each topic that is spread over the whole vocabulary
_TINY = 1e-12


def starting_topics(units: Matrix, count: int) -> Floats:
    """Term probabilities of `count` topics (topics x terms) for a matrix of counts (units x terms): always the same ones."""
    weighted = _tf_idf(units)
    transposed = weighted.T.tocsr()
    left, right = _singular_start(weighted, transposed, count)
    # Hierarchical alternating least squares: Cichocki and Phan (2009).
    for _ in range(_ROUNDS):
        _improve(left, weighted @ right, right.T @ right)
        _improve(right, transposed @ left, left.T @ left)
    topics: Floats = right.T / np.maximum(right.sum(axis=0)[:, None], _TINY)
    topics = (1 - _SMOOTHING) * topics + _SMOOTHING / units.shape[1]
    topics /= topics.sum(axis=1, keepdims=True)
    return topics


def _tf_idf(units: Matrix) -> Matrix:
    from scipy.sparse import csr_matrix, diags

    in_units = np.diff(units.tocsc().indptr)
    rarity = np.log((1 + units.shape[0]) / (1 + in_units)) + 1
    weighted = csr_matrix((np.sqrt(units.data) * rarity[units.indices], units.indices, units.indptr), shape=units.shape)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, _TINY)) @ weighted).tocsr()


def _singular_start(weighted: Matrix, transposed: Matrix, count: int) -> tuple[Floats, Floats]:
    """The positive parts of the first singular vectors, as columns; what there are too few of is filled with noise.

    The vectors come from a random projection (Halko, Martinsson and Tropp 2011), which is always the same one.
    """
    draw = np.random.default_rng(0)
    size = min(count + _OVERSAMPLING, *weighted.shape)
    basis = draw.normal(size=(weighted.shape[1], size))
    for _ in range(_POWER_ROUNDS):
        basis, _ = np.linalg.qr(transposed @ (weighted @ basis))
    first, values, rotation = np.linalg.svd(weighted @ basis, full_matrices=False)
    second = basis @ rotation.T
    mean = float(weighted.mean())
    left, right = (draw.random((length, count)) * mean for length in weighted.shape)
    for topic in range(min(count, len(values))):
        pairs = [(np.maximum(sign * first[:, topic], 0), np.maximum(sign * second[:, topic], 0)) for sign in (1, -1)]
        norms = [(float(np.linalg.norm(a)), float(np.linalg.norm(b))) for a, b in pairs]
        # Both signs are one factor; the side that holds more of it is the one without negative entries.
        side = int(norms[1][0] * norms[1][1] > norms[0][0] * norms[0][1])
        (a, b), (length_a, length_b) = pairs[side], norms[side]
        if length_a * length_b > _TINY:
            scale = np.sqrt(values[topic] * length_a * length_b)
            left[:, topic], right[:, topic] = a / length_a * scale, b / length_b * scale
    return np.maximum(left, 0.01 * mean), np.maximum(right, 0.01 * mean)


def _improve(factor: Floats, product: Floats, gram: Floats) -> None:
    """One round over the columns of a factor, in place, each at its best while the others stay."""
    for topic in range(factor.shape[1]):
        step = (product[:, topic] - factor @ gram[:, topic]) / max(gram[topic, topic], _TINY)
        factor[:, topic] = np.maximum(factor[:, topic] + step, _TINY)
