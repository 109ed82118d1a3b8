"""Parallel passages: paragraphs of two documents that say the same in other words, such as two translations of one speech.

Documents that share rare terms are compared, passage by passage, by the cosine of tf-idf vectors. Two of them are parallel
where several of their passages are each other's best match, alike enough, and in the same order; between these anchors
weaker matches count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

Whole = NDArray[np.int64]
Counts = NDArray[np.int32]

STEMS = 2**22  # numbers that a stem may have; so few share one that it does not show in a cosine
_COMMON = 0.2  # of the passages
_FEW = 100  # passages, among which nothing is too common
_RARE = 100  # passages; what stands in more does not tell which documents to compare
_PARTNERS = 50  # documents that one is compared with
_ALIKE = 0.7  # of the best cosine of a passage: what reaches it is the like of it too
_AT_ONCE = 32  # passages of a document that are compared with all others at once, which bounds memory
_BLOCK = 2000  # documents whose rare terms are compared with all others at once, which bounds memory


class Match(NamedTuple):
    """Two passages, by index, with their cosine."""

    first: int
    second: int
    similarity: float


_MATCH = np.dtype([("first", np.int64), ("second", np.int64), ("similarity", np.float64)])


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
    frequency = np.zeros(counts.shape[1], dtype=np.int32)
    np.add.at(frequency, counts.indices, np.int32(1))  # for so many columns in half the time of `bincount`
    pairs = _partners(counts, frequency, documents, 2 * limits.anchors)
    # Few documents have others to compare them with: the rest is left out.
    passages = np.flatnonzero(np.isin(documents, pairs))
    vectors = _weighted(counts[passages], frequency, counts.shape[0])
    numbers, documents = np.unique(documents[passages], return_inverse=True)
    found = _mutual_best(_matches(vectors, documents, np.searchsorted(numbers, pairs), limits.least), documents, limits)
    for _, run in groupby(found, key=lambda match: (documents[match.first], documents[match.second])):
        matches = list(run)
        anchors = _in_order([match for match in matches if match.similarity >= limits.anchor])
        if len(anchors) >= limits.anchors:
            for match in _filled(anchors, matches):
                yield Match(int(passages[match.first]), int(passages[match.second]), match.similarity)


def _partners(counts: sparse.csr_matrix, frequency: Counts, documents: Whole, fewest: int) -> Whole:
    """The pairs of documents to compare, the lower number first, in order.

    They share at least `fewest` rare terms, and one of the two shares with few others more.
    """
    from scipy import sparse

    is_rare = (frequency > 1) & (frequency <= _RARE)
    places = np.flatnonzero(is_rare[counts.indices])
    rows = documents[np.searchsorted(counts.indptr, places, side="right") - 1]
    terms, columns = np.unique(counts.indices[places], return_inverse=True)
    size = int(documents[-1]) + 1 if len(documents) else 0
    held = sparse.csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(size, len(terms)))
    held.data[:] = 1  # however often
    listed = [np.zeros((2, 0), dtype=np.int64)]
    for start in range(0, size, _BLOCK):
        shared = held[start : start + _BLOCK] @ held.T
        kept = np.flatnonzero(shared.data >= fewest)
        first = np.searchsorted(shared.indptr, kept, side="right") - 1
        second, number = shared.indices[kept].astype(np.int64), shared.data[kept]
        is_other = first + start != second
        first, second, number = first[is_other], second[is_other], number[is_other]
        order = np.lexsort((second, -number, first))
        first, second = first[order], second[order]
        is_listed = np.arange(len(first)) - np.searchsorted(first, first) < _PARTNERS
        listed.append(np.stack((first + start, second))[:, is_listed])
    every = np.concatenate(listed, axis=1)
    pairs = np.unique(every.min(axis=0) * size + every.max(axis=0))
    return np.stack(np.divmod(pairs, max(1, size)), axis=1)


def _weighted(counts: sparse.csr_matrix, frequency: Counts, every: int) -> sparse.csr_matrix:
    """Passages as unit vectors of sublinear tf-idf, given in how many of `every` passage each term stands."""
    from scipy import sparse

    # A term of one passage connects nothing, but makes the passage longer: it stays in the length.
    weights = (1 + np.log(counts.data, dtype=np.float64)) * np.log((1 + every) / frequency[counts.indices])
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=counts.shape[0]))
    # What stands nearly everywhere would bring every passage together with every other, and weighs next to nothing.
    connects = (frequency > 1) & (frequency <= max(_FEW, _COMMON * every))
    kept = np.flatnonzero(connects[counts.indices])
    terms, columns = np.unique(counts.indices[kept], return_inverse=True)
    opens = np.searchsorted(kept, counts.indptr)
    return sparse.csr_matrix((weights[kept] / lengths[rows[kept]], columns, opens), shape=(counts.shape[0], len(terms)))


def _matches(vectors: sparse.csr_matrix, documents: Whole, pairs: Whole, least: float) -> NDArray[np.void]:
    """The passages of the pairs of documents that are alike enough, with their cosines."""
    opens = np.searchsorted(documents, np.arange(int(documents.max(initial=-1)) + 2))
    room = np.zeros(vectors.shape[1] * _AT_ONCE)
    found = [np.zeros(0, dtype=_MATCH)]
    for run in np.split(pairs, np.flatnonzero(np.diff(pairs[:, 0])) + 1) if len(pairs) else ():
        others = np.concatenate([np.arange(opens[other], opens[other + 1]) for other in run[:, 1]])
        theirs = vectors[others]
        stop = int(opens[run[0, 0] + 1])
        for start in range(int(opens[run[0, 0]]), stop, _AT_ONCE):
            cosines = _cosines(theirs, vectors, slice(start, min(start + _AT_ONCE, stop)), room)
            rows, columns = np.nonzero(cosines >= least)
            matches = np.empty(len(rows), dtype=_MATCH)
            matches["first"], matches["second"] = columns + start, others[rows]
            matches["similarity"] = cosines[rows, columns].round(9)
            found.append(matches)
    return np.concatenate(found)


def _cosines(
    theirs: sparse.csr_matrix, vectors: sparse.csr_matrix, own: slice, room: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The cosines of passages (rows) with a run of the others (columns); `room` is for these, and left as it was: empty."""
    part = slice(vectors.indptr[own.start], vectors.indptr[own.stop])
    size = own.stop - own.start
    dense = room[: vectors.shape[1] * size].reshape(-1, size)
    terms = vectors.indices[part]
    dense[terms, np.repeat(np.arange(size), np.diff(vectors.indptr[own.start : own.stop + 1]))] = vectors.data[part]
    result: NDArray[np.float64] = theirs @ dense
    dense[terms] = 0
    return result


def _mutual_best(matches: NDArray[np.void], documents: Whole, limits: Limits) -> list[Match]:
    """The matches of passages that are each other's best there, by pair of documents, in order."""
    first, second = (np.concatenate((matches[a], matches[b])) for a, b in (("first", "second"), ("second", "first")))
    values = np.tile(matches["similarity"], 2)
    # The best of each passage in each other document: the one most alike, then the first.
    order = np.lexsort((second, -values, documents[second], first))
    first, second, values = first[order], second[order], values[order]
    is_best = np.ones(len(first), dtype=bool)
    is_best[1:] = (np.diff(first) != 0) | (np.diff(documents[second]) != 0)
    first, second, values = first[is_best], second[is_best], values[is_best]
    most = np.zeros(len(documents))
    np.maximum.at(most, first, values)
    alike = np.bincount(first[values >= _ALIKE * most[first]], minlength=len(documents))
    kept = alike[first] <= limits.most_documents
    first, second, values = first[kept], second[kept], values[kept]
    size = len(documents)
    is_mutual = (first < second) & np.isin(first * size + second, second * size + first)
    first, second, values = first[is_mutual], second[is_mutual], values[is_mutual]
    order = np.lexsort((first, documents[second], documents[first]))
    return list(map(Match, first[order].tolist(), second[order].tolist(), values[order].tolist()))


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
