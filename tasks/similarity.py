"""Similarity: documents that say the same are told, so that they count once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.clean import Body
from tasks.ingest import Source
from tasks.stage import stage


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document whose body repeats that of another, which represents both."""

    TABLE: ClassVar[str] = "duplicates"

    document_id: str
    duplicate_of: str


class SimilaritySettings(BaseModel, frozen=True, extra="forbid"):
    """How documents are compared."""

    fewest_words: int = Field(
        20, ge=1, description="documents with a shorter body are not taken for each other's duplicates"
    )


@stage(reads=(Body, Source), writes=Duplicate, version=1, settings=SimilaritySettings, queries=("document_bodies",))
def similarity(bodies: pa.Table, settings: SimilaritySettings) -> Iterator[Duplicate]:
    """Find documents with the same body; the earliest dated one represents them, then the one first by path.

    `bodies` has `body_sha256`, `document_id` and `word_count`, sorted by digest and then in order of preference.
    """
    for _, group in groupby(bodies.to_pylist(), key=lambda row: row["body_sha256"]):
        representative, *others = group
        for row in others:
            if row["word_count"] >= settings.fewest_words:
                yield Duplicate(row["document_id"], representative["document_id"])
