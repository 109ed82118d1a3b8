"""Signatures: what it takes to compare a document with all others, made once and kept as long as its text stays."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

import numpy as np
from pydantic import BaseModel

from tasks.clean import Passage
from tasks.near_duplicates import bands, body_shingles, shingles
from tasks.parallels import STEMS
from tasks.stage import stage

_WORD = re.compile(r"\w{4,}")
_STEM = 6  # characters: economy, economies and economic are one, which does for telling what a passage is about


@dataclass(frozen=True, slots=True)
class DocumentSignature:
    """The bands of one document's body, see `near_duplicates`."""

    TABLE: ClassVar[str] = "document_signatures"

    document_id: str
    bands: bytes


@dataclass(frozen=True, slots=True)
class PassageSignature:
    """The bands of one body passage, its stems (unsigned numbers of 32 bits) and how often each occurs (of 8 bits)."""

    TABLE: ClassVar[str] = "passage_signatures"

    document_id: str
    passage_id: str
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
    for document, group in groupby(body, key=lambda passage: passage.document_id):
        parts = list(group)
        whole, *keys = bands([body_shingles(part.text for part in parts), *(shingles(part.text) for part in parts)])
        yield DocumentSignature(document, whole.tobytes())
        for part, key in zip(parts, keys, strict=True):
            yield PassageSignature(document, part.passage_id, key.tobytes(), *_stems(part.text))


def _stems(text: str) -> tuple[bytes, bytes]:
    """The stems of the longer words of a text as numbers, and how often each occurs."""
    numbers = [zlib.crc32(word[:_STEM].encode()) % STEMS for word in _WORD.findall(text.casefold())]
    stems, counts = np.unique(np.array(numbers, dtype=np.uint32), return_counts=True)
    return stems.tobytes(), np.minimum(counts, 255).astype(np.uint8).tobytes()
