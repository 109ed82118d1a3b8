"""Similarity: documents that say the same are told, so that they count once; passages that do are linked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.clean import Body, Passage
from tasks.ingest import Source
from tasks.near_duplicates import Hashes, Keys, body_shingles, near_duplicates, shingles
from tasks.parallels import STEMS, Limits, parallel_passages
from tasks.signatures import DocumentSignature, PassageSignature
from tasks.stage import stage

Relation = Literal["duplicate", "near_duplicate", "parallel"]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document whose text or body repeats that of another, which represents both."""

    TABLE: ClassVar[str] = "duplicates"

    document_id: str
    duplicate_of: str


@dataclass(frozen=True, slots=True)
class PassageLink:
    """Two passages in different documents that say the same: word for word, nearly so, or in other words."""

    TABLE: ClassVar[str] = "passage_links"

    passage_id_a: str
    passage_id_b: str
    document_id_a: str
    document_id_b: str
    similarity: float
    relation: Relation


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """Two documents that say the same."""

    TABLE: ClassVar[str] = "document_links"

    document_id_a: str
    document_id_b: str
    similarity: float
    relation: Relation


class SimilaritySettings(BaseModel, frozen=True, extra="forbid"):
    """How documents and passages are compared."""

    fewest_words: int = Field(
        20, ge=1, description="documents with a shorter body are duplicates only if their whole text is the same"
    )
    fewest_passage_words: int = Field(12, ge=1, description="shorter passages are not compared")
    copy_similarity: float = Field(
        0.9, gt=0, le=1, description="share of the word sequences of both that two copies have in common"
    )
    anchor: float = Field(0.3, gt=0, le=1, description="cosine of two passages that makes them parallel")
    least: float = Field(
        0.15, gt=0, le=1, description="cosine of two passages between such that makes them parallel too"
    )
    fewest_anchors: int = Field(3, ge=1, description="parallel passages that parallel documents need")
    most_documents: int = Field(5, ge=1, description="documents with the like of a passage; in more it is a formula")


@stage(
    reads=(Body, Source, Passage, DocumentSignature, PassageSignature),
    writes=(Duplicate, PassageLink, DocumentLink),
    version=1,
    settings=SimilaritySettings,
    queries=("document_bodies", "body_passages"),
    libraries=("numpy", "scipy"),
)
def similarity(
    bodies: pa.Table, passages: pa.Table, settings: SimilaritySettings
) -> Iterator[Duplicate | PassageLink | DocumentLink]:
    """Find documents and passages that say the same; the earliest dated document represents others, then the first by path.

    `bodies` has `document_id`, `text_sha256`, `body_sha256`, `word_count` and `bands`, in the order of preference;
    `passages` `passage_id`, `document_id`, `text`, `bands`, `stems` and `counts` of body passages in reading order.
    """
    exact = dict(_exact(bodies, settings))
    nearly = list(_nearly(bodies, passages, exact, settings))
    represented = dict(exact)
    for first, second, _ in nearly:  # the first of a pair is the preferred one
        represented.setdefault(second, represented.get(first, first))
    for document in bodies["document_id"].to_pylist():
        if document in represented:
            yield Duplicate(document, represented[document])
    yield from (_document_link(a, b, 1.0, "duplicate") for b, a in sorted(exact.items()))
    yield from (_document_link(a, b, value, "near_duplicate") for a, b, value in sorted(nearly))
    yield from _copied_passages(passages, settings)
    yield from _parallels(passages, represented, settings)


def _exact(bodies: pa.Table, settings: SimilaritySettings) -> Iterator[tuple[str, str]]:
    """The documents with the same text or body as one before them, each with the first of them."""
    representatives: dict[tuple[str, str], str] = {}
    for row in bodies.drop_columns("bands").to_pylist():
        digests = [("text", row["text_sha256"])]
        if row["body_sha256"] is not None and row["word_count"] >= settings.fewest_words:
            digests.append(("body", row["body_sha256"]))
        found = next((representatives[digest] for digest in digests if digest in representatives), None)
        if found is not None:
            yield row["document_id"], found
        for digest in digests:
            representatives.setdefault(digest, found or row["document_id"])


def _nearly(
    bodies: pa.Table, passages: pa.Table, exact: dict[str, str], settings: SimilaritySettings
) -> Iterator[tuple[str, str, float]]:
    """The pairs of documents that are nearly the same, the preferred one first; exact copies are left out."""
    is_compared = pc.and_(
        pc.greater_equal(bodies["word_count"], settings.fewest_words),
        pc.invert(pc.is_in(bodies["document_id"], value_set=pa.array(list(exact), pa.string()))),
    )
    bodies = _with_bands(bodies.filter(is_compared))
    documents = bodies["document_id"].to_pylist()

    def shingles_of(index: int) -> Hashes:
        texts = passages["text"].filter(pc.equal(passages["document_id"], documents[index]))
        return body_shingles(texts.to_pylist())

    for a, b, value in near_duplicates(_keys(bodies), shingles_of, settings.copy_similarity):
        yield documents[a], documents[b], value


def _copied_passages(passages: pa.Table, settings: SimilaritySettings) -> Iterator[PassageLink]:
    """The links between passages that are the same or nearly so."""
    words = pc.add(pc.count_substring(passages["text"], " "), 1)
    passages = _with_bands(passages.filter(pc.greater_equal(words, settings.fewest_passage_words)))
    texts = passages["text"].combine_chunks()
    documents, ids = passages["document_id"].to_pylist(), passages["passage_id"].to_pylist()
    pairs = near_duplicates(_keys(passages), lambda index: shingles(texts[index].as_py()), settings.copy_similarity)
    for a, b, value in pairs:
        if documents[a] != documents[b]:
            relation: Relation = "duplicate" if value == 1 else "near_duplicate"
            yield _passage_link((ids[a], documents[a]), (ids[b], documents[b]), value, relation)


def _with_bands(table: pa.Table) -> pa.Table:
    return table.filter(pc.greater(pc.binary_length(table["bands"]), 0))


def _keys(table: pa.Table) -> Keys:
    """The bands of a table's rows, all of them with as many."""
    keys, _ = _numbers(table["bands"], np.uint32)
    return keys.reshape(table.num_rows, -1) if table.num_rows else keys.reshape(0, 0)


def _numbers(column: pa.ChunkedArray, kind: type[np.generic]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The numbers that the binary values of a column hold, one value's behind another's, and where each value's begin."""
    values = b"".join(column.to_pylist())
    sizes = pc.binary_length(column).to_numpy() // np.dtype(kind).itemsize
    return np.frombuffer(values, dtype=kind), np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def _parallels(
    passages: pa.Table, represented: dict[str, str], settings: SimilaritySettings
) -> Iterator[PassageLink | DocumentLink]:
    """The links between documents that say the same in other words; those that repeat another are left out."""
    from scipy import sparse

    is_own = pc.invert(pc.is_in(passages["document_id"], value_set=pa.array(list(represented), pa.string())))
    passages = passages.select(["passage_id", "document_id", "stems", "counts"]).filter(is_own)
    if passages.num_rows == 0:
        return
    stems, opens = _numbers(passages["stems"], np.uint32)
    occurrences, _ = _numbers(passages["counts"], np.uint8)
    counts = sparse.csr_matrix(
        (occurrences.astype(np.float64), stems.astype(np.int32), opens), shape=(passages.num_rows, STEMS)
    )
    documents = passages["document_id"].combine_chunks().dictionary_encode()
    limits = Limits(settings.anchor, settings.least, settings.fewest_anchors, settings.most_documents)
    ids, names = passages["passage_id"].to_pylist(), passages["document_id"].to_pylist()
    sizes = Counter(names)
    matches: dict[tuple[str, str], list[float]] = defaultdict(list)
    for match in parallel_passages(counts, documents.indices.to_numpy().astype(np.int64), limits):
        a, b = ((ids[index], names[index]) for index in (match.first, match.second))
        matches[names[match.first], names[match.second]].append(match.similarity)
        yield _passage_link(a, b, match.similarity, "parallel")
    for (first, second), values in sorted(matches.items()):
        yield _document_link(first, second, len(values) / min(sizes[first], sizes[second]), "parallel")


def _passage_link(a: tuple[str, str], b: tuple[str, str], value: float, relation: Relation) -> PassageLink:
    (first, first_document), (second, second_document) = sorted((a, b))
    return PassageLink(first, second, first_document, second_document, round(value, 6), relation)


def _document_link(a: str, b: str, value: float, relation: Relation) -> DocumentLink:
    first, second = sorted((a, b))
    return DocumentLink(first, second, round(value, 6), relation)
