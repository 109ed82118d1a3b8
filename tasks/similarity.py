"""Similarity: documents that say the same are told, so that they count once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.clean import Body
from tasks.ingest import Source
from tasks.stage import stage


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document whose text or body repeats that of another, which represents both."""

    TABLE: ClassVar[str] = "duplicates"

    document_id: str
    duplicate_of: str


class SimilaritySettings(BaseModel, frozen=True, extra="forbid"):
    """How documents are compared."""

    fewest_words: int = Field(
        20, ge=1, description="documents with a shorter body are duplicates only if their whole text is the same"
    )


@stage(reads=(Body, Source), writes=Duplicate, version=1, settings=SimilaritySettings, queries=("document_bodies",))
def similarity(bodies: pa.Table, settings: SimilaritySettings) -> Iterator[Duplicate]:
    """Find documents with the same text or body; the earliest dated one represents them, then the one first by path.

    `bodies` has `document_id`, `text_sha256`, `body_sha256` and `word_count`, in the order of preference.
    """
    representatives: dict[tuple[str, str], str] = {}
    for row in bodies.to_pylist():
        digests = [("text", row["text_sha256"])]
        if row["body_sha256"] is not None and row["word_count"] >= settings.fewest_words:
            digests.append(("body", row["body_sha256"]))
        found = next((representatives[digest] for digest in digests if digest in representatives), None)
        if found is not None:
            yield Duplicate(row["document_id"], found)
        for digest in digests:
            representatives.setdefault(digest, found or row["document_id"])
