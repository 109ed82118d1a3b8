"""Topic placement: how much of each passage and document is about which topic of the active model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.annotate import Sentence, TermCount
from tasks.stage import Columns, Record, arrow_schema, stage
from tasks.topic_inference import Placed, place
from tasks.topic_units import matrix_of, read_stretches
from tasks.topics import TopicTerm


@dataclass(frozen=True, slots=True)
class PassageTopic:
    """How many occurrences of terms in a passage a topic accounts for, and which share of the passage that is."""

    TABLE: ClassVar[str] = "passage_topics"

    passage_id: str
    document_id: str
    topic_id: str
    occurrences: float
    weight: float


@dataclass(frozen=True, slots=True)
class DocumentTopic:
    """How much of a document is about a topic: what its passages add up to. The weights sum to 1."""

    TABLE: ClassVar[str] = "document_topics"

    document_id: str
    topic_id: str
    model_id: str
    weight: float


class TopicPlacementSettings(BaseModel, frozen=True, extra="forbid"):
    """The placing of passages."""

    smallest_share: float = Field(
        0.01, ge=0, le=0.5, description="share of a passage below which a topic has no part in it"
    )


def load_scipy(_: TopicPlacementSettings) -> None:
    """Import what placing needs."""
    import scipy.sparse
    import scipy.special  # noqa: F401


@stage(
    reads=(TermCount, Sentence, TopicTerm),
    writes=(PassageTopic, DocumentTopic),
    version=1,
    per="document",
    settings=TopicPlacementSettings,
    queries=("document_nouns",),
    context=("active_model", "active_topics"),
    libraries=("numpy", "scipy"),
    bulk="term",
    load=load_scipy,
)
def topic_placement(
    nouns: pa.Table, model: pa.Table, topics: pa.Table, settings: TopicPlacementSettings
) -> Iterator[Columns]:
    """Place documents with the active topic model: how much of each passage and document is about which topic.

    `nouns` has one row per stretch and term of the model's vocabulary, `model` one row or none, `topics` one per topic. A
    document's rows depend on itself and the model only, so what is new is placed at its own cost.
    """
    if not model.num_rows:
        return
    terms = model["terms"][0].as_py()
    place_of = {term: position for position, term in enumerate(terms)}
    stretches = read_stretches(nouns)
    columns = [place_of[term] for term in stretches.terms]
    shortest, longest = (model[name][0].as_py() for name in ("shortest_unit", "longest_unit"))
    weights = matrix_of(topics["weights"])[:, columns]
    placed = without_traces(
        place(stretches, weights, topics["prior"].to_numpy(), shortest, longest), settings.smallest_share
    )
    yield from memberships(placed, topics["topic_id"].to_pylist(), model["model_id"][0].as_py())


def without_traces(placed: Placed, smallest_share: float) -> Placed:
    """The same passages without topics of a smaller share, whose part goes to the others; the largest one always stays."""
    amounts = placed.amounts
    totals = amounts.sum(axis=1, keepdims=True)
    kept = np.where(amounts >= np.minimum(smallest_share * totals, amounts.max(axis=1, keepdims=True)), amounts, 0.0)
    kept *= totals / kept.sum(axis=1, keepdims=True)
    return Placed(placed.passages, placed.documents, placed.document_of, kept)


def memberships(placed: Placed, topics: list[str], model_id: str) -> Iterator[Columns]:
    """What was placed as rows of passages, those of no share left out, and of documents with every topic."""
    if not placed.passages:
        return
    passages, documents, names = (
        np.array(values, dtype=object) for values in (placed.passages, placed.documents, topics)
    )
    passage, topic = np.nonzero(placed.amounts)
    amounts = placed.amounts[passage, topic]
    yield _columns(
        PassageTopic,
        passages[passage],
        documents[placed.document_of[passage]],
        names[topic],
        amounts,
        amounts / placed.amounts.sum(axis=1)[passage],
    )
    present, position = np.unique(placed.document_of, return_inverse=True)
    totals = np.zeros((len(present), len(topics)))
    np.add.at(totals, position, placed.amounts)
    totals /= totals.sum(axis=1, keepdims=True)
    yield _columns(
        DocumentTopic,
        np.repeat(documents[present], len(topics)),
        np.tile(names, len(present)),
        np.repeat(np.array([model_id], dtype=object), totals.size),
        totals.ravel(),
    )


def _columns(record: type[Record], *columns: NDArray[np.generic]) -> Columns:
    schema = arrow_schema(record)
    return Columns(record, pa.table([pa.array(column) for column in columns], schema=schema))
