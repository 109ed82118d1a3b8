"""Similarity: documents that say the same are told, so that they count once; passages that do are linked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, Field

from tasks.annotate import TermCount
from tasks.clean import Body, Passage
from tasks.ingest import Source
from tasks.near_duplicates import near_duplicates, shingles
from tasks.parallels import Limits, parallel_passages
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
    reads=(Body, Source, Passage, TermCount),
    writes=(Duplicate, PassageLink, DocumentLink),
    version=1,
    settings=SimilaritySettings,
    queries=("document_bodies", "body_passages", "passage_term_counts"),
    libraries=("numpy", "scipy"),
)
def similarity(
    bodies: pa.Table, passages: pa.Table, counts: pa.Table, settings: SimilaritySettings
) -> Iterator[Duplicate | PassageLink | DocumentLink]:
    """Find documents and passages that say the same; the earliest dated document represents others, then the first by path.

    `bodies` has `document_id`, `text_sha256`, `body_sha256` and `word_count`, in the order of preference; `passages`
    `passage_id`, `document_id` and `text` of body passages in reading order; `counts` one row per passage and term.
    """
    preference = bodies["document_id"].to_pylist()
    exact = dict(_exact(bodies, settings))
    texts = _texts(bodies, passages, exact, settings)
    nearly = [
        (preference[a], preference[b], value)
        for a, b, value in near_duplicates([texts[document] for document in preference], settings.copy_similarity)
    ]
    represented = dict(exact)
    for first, second, _ in nearly:  # the first of a pair is the preferred one
        represented.setdefault(second, represented.get(first, first))
    yield from (Duplicate(document, represented[document]) for document in preference if document in represented)
    yield from (_document_link(a, b, 1.0, "duplicate") for b, a in sorted(exact.items()))
    yield from (_document_link(a, b, value, "near_duplicate") for a, b, value in sorted(nearly))
    yield from _copied_passages(passages, settings)
    yield from _parallels(passages, counts, represented, settings)


def _exact(bodies: pa.Table, settings: SimilaritySettings) -> Iterator[tuple[str, str]]:
    """The documents with the same text or body as one before them, each with the first of them."""
    representatives: dict[tuple[str, str], str] = {}
    for row in bodies.to_pylist():
        digests = [("text", row["text_sha256"])]
        if row["body_sha256"] is not None and row["word_count"] >= settings.fewest_words:
            digests.append(("body", row["body_sha256"]))
        found = next((representatives[digest] for digest in digests if digest in representatives), None)
        if found is not None:
            yield row["document_id"], found
        for digest in digests:
            representatives.setdefault(digest, found or row["document_id"])


def _texts(
    bodies: pa.Table, passages: pa.Table, exact: dict[str, str], settings: SimilaritySettings
) -> dict[str, np.ndarray]:
    """The shingles of the documents that may be near-duplicates; none for those that are left out."""
    left_out = set(exact) | set(
        bodies.filter(pc.less(bodies["word_count"], settings.fewest_words))["document_id"].to_pylist()
    )
    parts: dict[str, list[str]] = defaultdict(list)
    for document, text in zip(passages["document_id"].to_pylist(), passages["text"].to_pylist(), strict=True):
        if document not in left_out:
            parts[document].append(text)
    return {document: shingles("\n".join(parts.get(document, ()))) for document in bodies["document_id"].to_pylist()}


def _copied_passages(passages: pa.Table, settings: SimilaritySettings) -> Iterator[PassageLink]:
    documents, ids = passages["document_id"].to_pylist(), passages["passage_id"].to_pylist()
    texts = [
        shingles(text) if text.count(" ") + 1 >= settings.fewest_passage_words else np.zeros(0, dtype=np.uint64)
        for text in passages["text"].to_pylist()
    ]
    for a, b, value in near_duplicates(texts, settings.copy_similarity):
        if documents[a] != documents[b]:
            relation: Relation = "duplicate" if value == 1 else "near_duplicate"
            yield _passage_link((ids[a], documents[a]), (ids[b], documents[b]), value, relation)


def _parallels(
    passages: pa.Table, counts: pa.Table, represented: dict[str, str], settings: SimilaritySettings
) -> Iterator[PassageLink | DocumentLink]:
    """The links between documents that say the same in other words; those that repeat another are left out."""
    from scipy import sparse

    is_own = pc.invert(pc.is_in(passages["document_id"], value_set=pa.array(list(represented), pa.string())))
    passages = passages.filter(is_own)
    if passages.num_rows == 0 or counts.num_rows == 0:
        return
    rows = pc.index_in(counts["passage_id"], value_set=passages["passage_id"].combine_chunks())
    is_compared = pc.is_valid(rows)
    columns = counts["term"].filter(is_compared).combine_chunks().dictionary_encode()
    matrix = sparse.csr_matrix(
        (
            counts["occurrences"].filter(is_compared).to_numpy(),
            (rows.filter(is_compared).to_numpy(), columns.indices.to_numpy()),
        ),
        shape=(passages.num_rows, len(columns.dictionary)),
    )
    documents = passages["document_id"].combine_chunks().dictionary_encode()
    limits = Limits(settings.anchor, settings.least, settings.fewest_anchors, settings.most_documents)
    ids, names = passages["passage_id"].to_pylist(), passages["document_id"].to_pylist()
    sizes = Counter(names)
    matches: dict[tuple[str, str], list[float]] = defaultdict(list)
    for match in parallel_passages(matrix, documents.indices.to_numpy().astype(np.int64), limits):
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
