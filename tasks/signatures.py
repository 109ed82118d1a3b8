"""Signatures: what it takes to compare a document with all others, made once and kept as long as its text stays."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from typing import ClassVar

import numpy as np
from pydantic import BaseModel

from tasks.clean import Passage
from tasks.near_duplicates import Hashes, Whole, bands, hashed, words
from tasks.parallels import STEMS
from tasks.stage import stage

_FEWEST = 4  # characters of a word that has a stem
_STEM = 6  # characters: economy, economies and economic are one, which does for telling what a passage is about


@dataclass(frozen=True, slots=True)
class DocumentSignature:
    """The bands of one document's body, see `near_duplicates`."""

    TABLE: ClassVar[str] = "document_signatures"

    document_id: str
    bands: bytes


@dataclass(frozen=True, slots=True)
class PassageSignature:
    """The bands of one body passage, its stems (unsigned numbers of 32 bits) and how often each occurs (of 8 bits).

    Passages with the same words in the same order have the same digest.
    """

    TABLE: ClassVar[str] = "passage_signatures"

    document_id: str
    passage_id: str
    word_count: int
    digest: int
    bands: bytes
    stems: bytes
    counts: bytes


class SignaturesSettings(BaseModel, frozen=True, extra="forbid"):
    """Nothing to set: what a signature holds leaves every threshold open."""


@stage(
    reads=Passage,
    writes=(DocumentSignature, PassageSignature),
    version=1,
    settings=SignaturesSettings,
    libraries=("numpy",),
    bulk="text",
)
def signatures(passages: Iterable[Passage], _: SignaturesSettings) -> Iterator[DocumentSignature | PassageSignature]:
    """Reduce each document and each passage of its body to what tells which others it may repeat."""
    body = sorted(
        (passage for passage in passages if passage.kind == "body"),
        key=lambda passage: (passage.document_id, passage.position),
    )
    # All passages of a batch are taken together: each distinct word is looked at once, and every step is one on long arrays.
    vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
    text = array("q")
    ends, digests = [], []
    for part in body:
        found = words(part.text)
        text.extend(map(vocabulary.__getitem__, found))
        ends.append(len(text))
        digests.append(_digest(found))
    numbers, edges = np.array(text, dtype=np.int64), np.array([0, *ends], dtype=np.int64)
    documents, firsts = np.unique([part.document_id for part in body], return_index=True)
    opens, lasts = np.append(edges[:-1], edges[firsts]), np.append(edges[1:], edges[np.append(firsts[1:], len(body))])
    keys = _bands(hashed(vocabulary)[numbers], opens, lasts)
    sizes, every_stem = np.diff(edges).tolist(), _stems(list(vocabulary), numbers, edges)
    for part, size, digest, key, (stems, counts) in zip(body, sizes, digests, keys, every_stem, strict=False):
        yield PassageSignature(part.document_id, part.passage_id, size, digest, key, stems, counts)
    for document, key in zip(documents.tolist(), keys[len(body) :], strict=True):
        yield DocumentSignature(document, key)


def _digest(found: list[str]) -> int:
    """64 bits that stand for some words in their order."""
    digest = hashlib.blake2b(" ".join(found).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _bands(numbers: Hashes, opens: Whole, ends: Whole) -> list[bytes]:
    """The bands of texts, each a run of the numbers of all words; of one without words none."""
    is_filled = ends > opens
    if not is_filled.any():
        return [b""] * len(opens)
    made = iter(bands(numbers, opens[is_filled], ends[is_filled]))
    return [next(made).tobytes() if filled else b"" for filled in is_filled.tolist()]


def _stems(vocabulary: list[str], text: Whole, edges: Whole) -> Iterator[tuple[bytes, bytes]]:
    """For each passage the stems of its longer words, as numbers, and how often each occurs.

    `text` has the places of all words in the vocabulary, `edges` where each passage begins, and where the last one ends.
    """
    numbers = [zlib.crc32(word[:_STEM].encode()) % STEMS if len(word) >= _FEWEST else -1 for word in vocabulary]
    stems = np.array(numbers, dtype=np.int64)[text]
    passages = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    found, counts = np.unique((passages * STEMS + stems)[stems >= 0], return_counts=True)
    every, often = (found % STEMS).astype(np.uint32).tobytes(), np.minimum(counts, 255).astype(np.uint8).tobytes()
    places = np.searchsorted(found, np.arange(len(edges)) * STEMS).tolist()
    for start, end in pairwise(places):
        yield every[4 * start : 4 * end], often[start:end]
