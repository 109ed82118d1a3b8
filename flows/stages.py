"""The stages in reading order, and which of them each one waits for."""

from __future__ import annotations

from tasks.annotate import annotate
from tasks.clean import clean
from tasks.entities import entities
from tasks.ingest import ingest
from tasks.similarity import similarity
from tasks.stage import Stage
from tasks.topic_placement import topic_placement
from tasks.topics import topics
from tasks.trends import trends

STAGES: tuple[Stage, ...] = (ingest, clean, similarity, annotate, entities, topics, topic_placement, trends)


def upstream(stage: Stage) -> list[str]:
    """The stages whose records a stage reads, in reading order."""
    return [other.name for other in STAGES if set(other.writes) & set(stage.reads)]
