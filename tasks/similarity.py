"""Similarity: documents that say the same are told, so that they count once; passages that do are linked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.clean import Body, Passage
from tasks.ingest import Source
from tasks.near_duplicates import Keys, Whole, alike, body_shingles, jaccard, shingles, verified
from tasks.parallels import STEMS, Limits, parallel_passages
from tasks.signatures import DocumentSignature, PassageSignature
from tasks.stage import stage

Relation = Literal["duplicate", "near_duplicate", "parallel"]
ReadTexts = Callable[[pa.Array], pa.Table]

_PAIRS_AT_ONCE = 5_000  # of documents, whose texts are in memory together


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


@dataclass(frozen=True, slots=True)
class ComparedPassages:
    """Two wordings of passages, by the digests of their words, and what they have in common."""

    TABLE: ClassVar[str] = "compared_passages"

    digest_a: int
    digest_b: int
    similarity: float


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
    writes=(Duplicate, PassageLink, DocumentLink, ComparedPassages),
    version=2,
    settings=SimilaritySettings,
    queries=("document_bodies", "passage_signatures"),
    recalls=("compared_passages",),
    deferred=("passage_texts",),
    libraries=("numpy", "scipy"),
)
def similarity(
    bodies: pa.Table,
    passages: pa.Table,
    compared: pa.Table,
    read: ReadTexts,
    settings: SimilaritySettings,
    *,
    reason: str,
) -> Iterator[Duplicate | PassageLink | DocumentLink | ComparedPassages]:
    """Find documents and passages that say the same; the earliest dated document represents others, then the first by path.

    `bodies` has `document_id`, `text_sha256`, `body_sha256`, `word_count` and `bands`, in the order of preference;
    `passages` `passage_id`, `document_id`, `word_count`, `digest`, `bands`, `stems` and `counts` of body passages in reading
    order. What `compared` tells of passages is not found out again. `read` reads the `passage_id` and `text` of some passages:
    few enough are compared word for word. For what `reason` all this is asked does not matter.
    """
    del reason
    exact = dict(_exact(bodies, settings))
    documents, pairs = _alike(bodies.filter(_is_compared(bodies, exact, settings)), settings)
    nearly = list(_nearly(documents, pairs, passages, read, settings))
    represented = dict(exact)
    for first, second, _ in nearly:  # the first of a pair is the preferred one
        represented.setdefault(second, represented.get(first, first))
    represented |= {copy: represented.get(original, original) for copy, original in exact.items()}
    for document in bodies["document_id"].to_pylist():
        if document in represented:
            yield Duplicate(document, represented[document])
    yield from (_document_link(a, b, 1.0, "duplicate") for b, a in sorted(exact.items()))
    yield from (_document_link(a, b, value, "near_duplicate") for a, b, value in sorted(nearly))
    yield from _copied_passages(passages, compared, read, settings)
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


def _is_compared(bodies: pa.Table, exact: dict[str, str], settings: SimilaritySettings) -> pa.ChunkedArray:
    """Whether each document may be nearly the same as another; exact copies are left out."""
    is_exact = pc.is_in(bodies["document_id"], value_set=pa.array(list(exact), pa.string()))
    return pc.and_(pc.greater_equal(bodies["word_count"], settings.fewest_words), pc.invert(is_exact))


def _alike(table: pa.Table, settings: SimilaritySettings) -> tuple[pa.Table, Whole]:
    """The rows that have bands, and the pairs of them that may be copies."""
    table = table.filter(pc.greater(pc.binary_length(table["bands"]), 0))
    return table, alike(_keys(table), settings.copy_similarity)


def _texts(read: ReadTexts, ids: pa.Array) -> dict[str, str]:
    """The texts of some passages."""
    if not len(ids):
        return {}
    found = read(ids)
    return dict(zip(found["passage_id"].to_pylist(), found["text"].to_pylist(), strict=True))


def _nearly(
    bodies: pa.Table, pairs: Whole, passages: pa.Table, read: ReadTexts, settings: SimilaritySettings
) -> Iterator[tuple[str, str, float]]:
    """The pairs of documents that are nearly the same, the preferred one first."""
    documents = bodies["document_id"].to_pylist()
    for some in np.split(pairs, range(_PAIRS_AT_ONCE, len(pairs), _PAIRS_AT_ONCE)):
        texts = _bodies([documents[index] for index in np.unique(some)], passages, read)
        yield from _verified(documents, some, texts, settings)


def _bodies(documents: list[str], passages: pa.Table, read: ReadTexts) -> dict[str, list[str]]:
    """The texts of the passages of some documents, in reading order."""
    is_theirs = pc.is_in(passages["document_id"], value_set=pa.array(documents, pa.string()))
    parts = passages.select(["document_id", "passage_id"]).filter(is_theirs)
    text_of = _texts(read, parts["passage_id"].combine_chunks())
    texts: dict[str, list[str]] = defaultdict(list)
    for document, passage in zip(*(parts[name].to_pylist() for name in parts.column_names), strict=True):
        texts[document].append(text_of[passage])
    return texts


def _verified(
    documents: list[str], pairs: Whole, texts: dict[str, list[str]], settings: SimilaritySettings
) -> Iterator[tuple[str, str, float]]:
    """Those of some pairs of documents whose `texts` are nearly the same."""
    for a, b, value in verified(pairs, lambda index: body_shingles(texts[documents[index]]), settings.copy_similarity):
        yield documents[a], documents[b], value


def _copied_passages(
    passages: pa.Table, compared: pa.Table, read: ReadTexts, settings: SimilaritySettings
) -> Iterator[PassageLink | ComparedPassages]:
    """The links between passages of different documents that are the same or nearly so, and what was compared to find them."""
    is_long = pc.greater_equal(passages["word_count"], settings.fewest_passage_words)
    passages, pairs = _alike(passages.drop_columns(["stems", "counts"]).filter(is_long), settings)
    own = passages["document_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    pairs = pairs[own[pairs[:, 0]] != own[pairs[:, 1]]]
    wordings = np.sort(passages["digest"].to_numpy()[pairs], axis=1)
    similarity = _compared(passages, pairs, wordings, compared, read)
    for (digest_a, digest_b), value in similarity.items():
        yield ComparedPassages(digest_a, digest_b, value)
    ids, documents = (passages[name].combine_chunks() for name in ("passage_id", "document_id"))
    for (a, b), (digest_a, digest_b) in zip(pairs.tolist(), wordings.tolist(), strict=True):
        value = 1.0 if digest_a == digest_b else similarity[digest_a, digest_b]
        if value < settings.copy_similarity:
            continue
        relation: Relation = "duplicate" if value == 1 else "near_duplicate"
        first, second = ((ids[index].as_py(), documents[index].as_py()) for index in (a, b))
        yield _passage_link(first, second, value, relation)


def _compared(
    passages: pa.Table, pairs: Whole, wordings: Whole, compared: pa.Table, read: ReadTexts
) -> dict[tuple[int, int], float]:
    """What the two wordings of each pair have in common where they differ, in order; those that were `compared` are known."""
    columns = (compared[name].to_pylist() for name in ("digest_a", "digest_b", "similarity"))
    before = {(digest_a, digest_b): value for digest_a, digest_b, value in zip(*columns, strict=True)}
    asked = {(digest_a, digest_b) for digest_a, digest_b in wordings.tolist() if digest_a != digest_b}
    unknown = pa.array(sorted({digest for wording in asked - before.keys() for digest in wording}), pa.int64())
    # One passage of each wording will do.
    every = passages.take(pa.array(np.unique(pairs)))
    asked_about = every.filter(pc.is_in(every["digest"], value_set=unknown))
    first_of = dict(zip(asked_about["digest"].to_pylist(), asked_about["passage_id"].to_pylist(), strict=True))
    texts = _texts(read, pa.array(first_of.values(), pa.string()))
    known = {digest: shingles(texts[passage]) for digest, passage in first_of.items()}
    return {
        wording: before[wording] if wording in before else jaccard(known[wording[0]], known[wording[1]])
        for wording in sorted(asked)
    }


def _keys(table: pa.Table) -> Keys:
    """The bands of a table's rows, all of them with as many."""
    keys, _ = _numbers(table["bands"], np.uint32)
    return keys.reshape(table.num_rows, -1) if table.num_rows else keys.reshape(0, 0)


def _numbers(column: pa.ChunkedArray, kind: type[np.generic]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The numbers that the binary values of a column hold, one value's behind another's, and where each value's begin."""
    values, sizes = [np.zeros(0, dtype=kind)], [np.zeros(1, dtype=np.int64)]
    for chunk in column.chunks:
        _, places, data = chunk.buffers()
        opens = np.frombuffer(places, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        values.append(np.frombuffer(data or b"", dtype=np.uint8)[opens[0] : opens[-1]].view(kind))
        sizes.append(np.diff(opens) // np.dtype(kind).itemsize)
    return np.concatenate(values), np.cumsum(np.concatenate(sizes))


def _parallels(
    passages: pa.Table, represented: dict[str, str], settings: SimilaritySettings
) -> Iterator[PassageLink | DocumentLink]:
    """The links between documents that say the same in other words; those that repeat another are left out."""
    from scipy import sparse

    is_own = pc.invert(pc.is_in(passages["document_id"], value_set=pa.array(list(represented), pa.string())))
    passages = passages.select(["passage_id", "document_id", "stems", "counts"]).filter(is_own)
    stems, opens = _numbers(passages["stems"], np.uint32)
    occurrences, _ = _numbers(passages["counts"], np.uint8)
    counts = sparse.csr_matrix((occurrences, stems.view(np.int32), opens), shape=(passages.num_rows, STEMS))
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
