"""Parallel passages: paragraphs of two documents that say the same in other words, such as two translations of one speech.

Documents that share rare terms are compared, passage by passage, by the cosine of tf-idf vectors. Two of them are parallel
where several of their passages are each other's best match, alike enough, and in the same order; between these anchors
weaker matches count.
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

Whole = NDArray[np.int64]

STEMS = 2**22  # numbers that a stem may have; so few share one that it does not show in a cosine
_COMMON = 0.2  # of the passages
_FEW = 100  # passages, among which nothing is too common
_RARE = 100  # passages; what stands in more does not tell which documents to compare
_PARTNERS = 50  # documents that one is compared with
_ALIKE = 0.7  # of the best cosine of a passage: what reaches it is the like of it too
_BLOCK = 2000  # documents whose rare terms are compared with all others at once, which bounds memory


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


def parallel_passages(counts: sparse.csr_matrix, documents: Whole, limits: Limits) -> Iterator[Match]:
    """Yield the parallel passages, in order.

    `counts` has a row per passage, in reading order, and a column per term, each pair of them once; `documents` the number
    of each passage's document, ascending from 0.
    """
    if counts.nnz == 0:
        return
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    partners = _partners(counts, frequency, documents, 2 * limits.anchors)
    for pairs in _mutual_best(_weighted(counts, frequency, partners, documents), documents, partners, limits).values():
        anchors = _in_order([match for match in pairs if match.similarity >= limits.anchor])
        if len(anchors) >= limits.anchors:
            yield from _filled(anchors, pairs)


def _partners(counts: sparse.csr_matrix, frequency: Whole, documents: Whole, fewest: int) -> list[Whole]:
    """For each document those to compare it with: they share at least `fewest` rare terms, and most of all documents."""
    from scipy import sparse

    is_rare = (frequency > 1) & (frequency <= _RARE)
    places = np.flatnonzero(is_rare[counts.indices])
    rows = documents[np.searchsorted(counts.indptr, places, side="right") - 1]
    _, columns = np.unique(counts.indices[places], return_inverse=True)
    size = int(documents[-1]) + 1
    held = sparse.csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(size, len(places)))
    held.data[:] = 1  # however often
    listed = []
    for start in range(0, size, _BLOCK):
        shared = (held[start : start + _BLOCK] @ held.T).tocoo()
        kept = (shared.data >= fewest) & (shared.row + start != shared.col)
        first, second, number = (values[kept].astype(np.int64) for values in (shared.row, shared.col, shared.data))
        order = np.lexsort((second, -number, first))
        first, second = first[order], second[order]
        is_listed = np.arange(len(first)) - np.searchsorted(first, first) < _PARTNERS
        listed.append(np.stack((first + start, second))[:, is_listed])
    first, second = np.concatenate(listed, axis=1)
    both = np.unique(np.concatenate((first * size + second, second * size + first)))
    return np.split(both % size, np.searchsorted(both // size, np.arange(1, size)))


def _weighted(
    counts: sparse.csr_matrix, frequency: Whole, partners: list[Whole], documents: Whole
) -> sparse.csr_matrix:
    """The passages of documents with partners as unit vectors of sublinear tf-idf; those of the others are empty."""
    from scipy import sparse

    has_partners = np.array([len(others) > 0 for others in partners])[documents]
    weights = sparse.csr_matrix(sparse.diags(has_partners.astype(np.float64)) @ counts)
    weights.eliminate_zeros()
    idf = np.log((1 + counts.shape[0]) / np.maximum(frequency, 1))
    # A term of one passage connects nothing, but makes the passage longer: it stays in the length.
    weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    weights = sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weights)
    # What stands nearly everywhere would bring every passage together with every other, and weighs next to nothing.
    common = frequency > max(_FEW, _COMMON * counts.shape[0])
    kept = np.zeros(counts.shape[1], dtype=bool)
    kept[weights.indices] = True
    return sparse.csr_matrix(weights[:, np.flatnonzero(kept & (frequency > 1) & ~common)])


def _mutual_best(
    vectors: sparse.csr_matrix, documents: Whole, partners: list[Whole], limits: Limits
) -> dict[tuple[int, int], list[Match]]:
    """For each pair of documents, the matches of passages that are each other's best there."""
    opens = np.searchsorted(documents, np.arange(len(partners) + 1))
    best: dict[tuple[int, int], Match] = {}  # of a passage in another document
    for document, others in enumerate(partners):
        if not len(others):
            continue
        passages = np.concatenate([np.arange(opens[other], opens[other + 1]) for other in others])
        own = slice(opens[document], opens[document + 1])
        cosines = _cosines(vectors, own, [slice(opens[other], opens[other + 1]) for other in others])
        columns, rows = np.nonzero(cosines >= limits.least)
        second, values = passages[columns], cosines[columns, rows].round(9)
        # The best of each passage in each other document: the one most alike, then the first.
        order = np.lexsort((second, -values, documents[second], rows))
        rows, second, values = rows[order], second[order], values[order]
        is_best = np.ones(len(rows), dtype=bool)
        is_best[1:] = (np.diff(rows) != 0) | (np.diff(documents[second]) != 0)
        rows, second, values = rows[is_best], second[is_best], values[is_best]
        most = np.zeros(own.stop - own.start)
        np.maximum.at(most, rows, values)
        alike = np.bincount(rows[values >= _ALIKE * most[rows]], minlength=len(most))
        kept = alike[rows] <= limits.most_documents
        for match in map(Match, (rows[kept] + own.start).tolist(), second[kept].tolist(), values[kept].tolist()):
            best[match.first, int(documents[match.second])] = match
    pairs: dict[tuple[int, int], list[Match]] = defaultdict(list)
    for (passage, other), match in sorted(best.items()):
        document = int(documents[passage])
        back = best.get((match.second, document))
        if document < other and back is not None and back.second == passage:
            pairs[document, other].append(match)
    return pairs


def _cosines(vectors: sparse.csr_matrix, own: slice, others: list[slice]) -> NDArray[np.float64]:
    """The cosines of the passages of some documents (rows) with those of one (columns), each a run of `vectors`.

    A document has few of all terms, and what else the others have does not count: so only they are multiplied.
    """
    from scipy import sparse

    dense = vectors[own]
    terms = np.unique(dense.indices)
    place = np.full(vectors.shape[1], -1)
    place[terms] = np.arange(len(terms))
    runs = [slice(vectors.indptr[run.start], vectors.indptr[run.stop]) for run in others]
    columns = place[np.concatenate([vectors.indices[run] for run in runs])]
    values = np.concatenate([vectors.data[run] for run in runs])
    sizes = np.concatenate([np.diff(vectors.indptr[run.start : run.stop + 1]) for run in others])
    shared = columns >= 0
    ends = np.concatenate(([0], np.cumsum(shared)))[np.concatenate(([0], np.cumsum(sizes)))]
    part = sparse.csr_matrix((values[shared], columns[shared], ends), shape=(len(sizes), len(terms)))
    result: NDArray[np.float64] = part @ dense[:, terms].toarray().T
    return result


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
