"""Parallel passages: paragraphs of two documents that say the same in other words, such as two translations of one speech.

Passages are compared by the cosine of their tf-idf vectors over lemmas. Two documents are parallel where several of their
passages are each other's best match, alike enough, and in the same order; between these anchors weaker matches count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

_COMMON = 0.2  # of the passages
_FEW = 100  # passages, among which nothing is too common
_BLOCK = 2000  # passages compared with all others at once, which bounds memory


class Match(NamedTuple):
    """Two passages, by index, with their cosine."""

    first: int
    second: int
    similarity: float


class Limits(NamedTuple):
    """What makes two passages parallel; similarities are cosines."""

    anchor: float  # of a match that counts by itself
    least: float  # of a match between two anchors
    anchors: int  # that two documents need
    most_documents: int  # in which a passage may have its like; one with more is a formula


def parallel_passages(counts: sparse.csr_matrix, documents: NDArray[np.int64], limits: Limits) -> Iterator[Match]:
    """Yield the parallel passages, in order.

    `counts` has a row per passage, in reading order, and a column per term; `documents` the number of each passage's
    document.
    """
    matches = _mutual_best(_weighted(counts), documents, limits)
    for pairs in matches.values():
        anchors = _in_order([match for match in pairs if match.similarity >= limits.anchor])
        if len(anchors) >= limits.anchors:
            yield from _filled(anchors, pairs)


def _weighted(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """The passages as unit vectors of sublinear tf-idf."""
    from scipy import sparse

    weights = sparse.csr_matrix(counts, dtype=np.float64)
    frequency = np.bincount(weights.indices, minlength=weights.shape[1])
    idf = np.log((1 + weights.shape[0]) / np.maximum(frequency, 1))
    # A term of one passage connects nothing, but makes the passage longer: it stays in the length.
    weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    weights = sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weights)
    # What stands nearly everywhere would bring every passage together with every other, and weighs next to nothing.
    common = frequency > max(_FEW, _COMMON * weights.shape[0])
    return sparse.csr_matrix(weights[:, (frequency > 1) & ~common])


def _mutual_best(
    vectors: sparse.csr_matrix, documents: NDArray[np.int64], limits: Limits
) -> dict[tuple[int, int], list[Match]]:
    """For each pair of documents, the matches of passages that are each other's best there."""
    from scipy import sparse

    best: dict[tuple[int, int], Match] = {}  # of a passage in another document
    transposed = sparse.csc_matrix(vectors.T)
    for start in range(0, vectors.shape[0], _BLOCK):
        block = sparse.csr_matrix(vectors[start : start + _BLOCK] @ transposed)
        for row in range(block.shape[0]):
            passage = start + row
            others = block.indices[block.indptr[row] : block.indptr[row + 1]]
            values = block.data[block.indptr[row] : block.indptr[row + 1]]
            kept = (values >= limits.least) & (documents[others] != documents[passage])
            found = sorted(zip(-values[kept], others[kept], strict=True))
            alike = {int(documents[other]) for value, other in found if -value >= 0.7 * -found[0][0]}
            if len(alike) > limits.most_documents:
                continue
            for value, other in found:
                best.setdefault((passage, int(documents[other])), Match(passage, int(other), float(-value)))
    pairs: dict[tuple[int, int], list[Match]] = defaultdict(list)
    for (passage, document), match in sorted(best.items()):
        back = best.get((match.second, int(documents[passage])))
        if documents[passage] < document and back is not None and back.second == passage:
            pairs[int(documents[passage]), document].append(match)
    return pairs


def _in_order(matches: list[Match]) -> list[Match]:
    """The longest run of matches whose second passages follow each other as the first ones do."""
    tails: list[int] = []  # the second passage of the shortest end of a run of each length
    places: list[int] = []
    before: list[int | None] = []
    for place, match in enumerate(matches):
        length = bisect_left(tails, match.second)
        before.append(places[length - 1] if length else None)
        tails[length : length + 1] = [match.second]
        places[length : length + 1] = [place]
    run, at = [], places[-1] if places else None
    while at is not None:
        run.append(matches[at])
        at = before[at]
    return run[::-1]


def _filled(anchors: list[Match], matches: list[Match]) -> Iterator[Match]:
    """The anchors, and the matches that keep their order."""
    kept = list(anchors)
    for match in sorted(set(matches) - set(anchors), key=lambda match: (-match.similarity, match)):
        if all((match.first < other.first) == (match.second < other.second) for other in kept):
            kept.append(match)
    yield from sorted(kept)
