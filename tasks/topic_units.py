"""What a topic model is fitted to: stretches of documents of a sensible length, and the terms that tell them apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tasks.splitmix import STEP, finalised

Integers = NDArray[np.intp]
Matrix = Any  # scipy.sparse.csr_matrix, which has no types


@dataclass(frozen=True)
class Stretches:
    """The stretches of passages in reading order, as a sparse matrix of counts (stretches x terms).

    `passage_of` and `document_of` give the position of a stretch's passage and document in `passages` and `documents`.
    """

    counts: Matrix
    terms: list[str]
    passages: list[str]
    documents: list[str]
    passage_of: Integers
    document_of: Integers

    def only(self, terms: Sequence[int] | Integers) -> Stretches:
        """The same stretches with some of the terms, in that order."""
        kept = [self.terms[term] for term in terms]
        return Stretches(self.counts[:, terms], kept, self.passages, self.documents, self.passage_of, self.document_of)


def read_stretches(table: pa.Table) -> Stretches:
    """The rows of `document_id`, `passage_id`, `stretch`, `term` and `occurrences` as a matrix, in the order of the rows.

    The rows of one stretch stand together, and so do the stretches of one document.
    """
    from scipy.sparse import csr_matrix

    (documents, document), (passages, passage), (terms, term) = (
        _encoded(table[name]) for name in ("document_id", "passage_id", "term")
    )
    stretch = table["stretch"].to_numpy()
    is_first = np.ones(len(stretch), dtype=bool)
    if len(stretch):
        is_first[1:] = (np.diff(passage) != 0) | (np.diff(document) != 0) | (np.diff(stretch) != 0)
    firsts = np.flatnonzero(is_first)
    counts = csr_matrix(
        (table["occurrences"].to_numpy().astype(np.float64), (np.cumsum(is_first) - 1, term)),
        shape=(len(firsts), len(terms)),
    )
    return Stretches(counts, terms, passages, documents, passage[firsts], document[firsts])


def _encoded(column: pa.ChunkedArray) -> tuple[list[str], Integers]:
    """The distinct values of a column, sorted, and the position of each row's value among them."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    values = encoded.dictionary.to_pylist()
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = np.empty(len(values), dtype=np.intp)
    rank[order] = np.arange(len(values))
    return [values[position] for position in order], rank[encoded.indices.to_numpy()]


def units_of(stretches: Stretches, shortest: int, longest: int) -> Integers:
    """The unit that each stretch belongs to.

    A stretch of fewer than `shortest` terms is merged with its neighbours in the document, up to `longest` terms.
    """
    lengths = row_sums(stretches.counts)
    units = np.zeros(len(lengths), dtype=np.intp)
    unit, filled, document = -1, 0.0, -1
    for position, (length, owner) in enumerate(zip(lengths.tolist(), stretches.document_of.tolist(), strict=True)):
        if owner != document or min(filled, length) >= shortest or filled + length > longest:
            unit, filled, document = unit + 1, 0.0, owner
        filled += length
        units[position] = unit
    return units


def grouped(counts: Matrix, groups: Integers) -> Matrix:
    """The rows of a matrix summed by group; the groups are numbered from 0."""
    from scipy.sparse import csr_matrix

    size = int(groups.max()) + 1 if len(groups) else 0
    members = csr_matrix((np.ones(len(groups)), (groups, np.arange(len(groups)))), shape=(size, len(groups)))
    return (members @ counts).tocsr()


def row_sums(counts: Matrix) -> NDArray[np.float64]:
    """The total of each row of a sparse matrix."""
    return np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()


def choose_vocabulary(
    units: Matrix, documents: Matrix, fewest_documents: int, largest_share: float, size: int
) -> Integers:
    """The terms in at least `fewest_documents` documents and at most a share of the units: the commonest `size`, in order.

    The columns of both matrices are the terms, in the order of the alphabet.
    """
    in_units, in_documents = (np.diff(counts.tocsc().indptr) for counts in (units, documents))
    fewest = min(fewest_documents, max(1, int((row_sums(documents) > 0).sum())))
    most = max(largest_share * units.shape[0], 2)
    kept = np.flatnonzero((in_documents >= fewest) & (in_units <= most))
    return np.sort(kept[np.argsort(-in_units[kept], kind="stable")[:size]])


def by_content(units: Matrix, terms: list[str]) -> Integers:
    """An order of the units that depends on nothing but the terms in each: that of a digest."""
    units.sort_indices()
    digests = np.array([int.from_bytes(hashlib.sha256(term.encode()).digest()[:8]) for term in terms], dtype=np.uint64)
    # Sums of what the finaliser gives do not collide for bags that differ.
    mixed = finalised(digests[units.indices] + units.data.astype(np.uint64) * STEP)
    sums = np.zeros(units.shape[0], dtype=np.uint64)
    np.add.at(sums, np.repeat(np.arange(units.shape[0]), np.diff(units.indptr)), mixed)
    order: Integers = np.argsort(sums, kind="stable")
    return order


def matrix_of(lists: pa.ChunkedArray) -> NDArray[np.float64]:
    """A column of lists of numbers, all of one length, as a matrix."""
    numbers = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in lists.chunks]
    matrix: NDArray[np.float64] = np.concatenate(numbers).reshape(len(lists), -1)
    return matrix
