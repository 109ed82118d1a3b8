"""The stages in reading order, and which of them each one waits for.

Those that take a document by itself come, where they can, before those of the whole corpus: with a document that one of them
breaks down on these would have to begin again. The language pass comes behind all that can be done while other processes are
at it, see `begins_after`.
"""

from __future__ import annotations

from tasks.additions import additions
from tasks.annotate import annotate
from tasks.calendar import calendar
from tasks.clean import clean
from tasks.entities import entities
from tasks.ingest import ingest
from tasks.period_terms import period_terms
from tasks.signatures import signatures
from tasks.similarity import similarity
from tasks.stage import Stage
from tasks.term_totals import term_totals
from tasks.topic_placement import topic_placement
from tasks.topics import topics
from tasks.trends import trends
from tasks.watchlist import watchlist

STAGES: tuple[Stage, ...] = (
    ingest,
    clean,
    signatures,
    additions,
    similarity,
    calendar,
    annotate,
    watchlist,
    entities,
    topics,
    topic_placement,
    period_terms,
    term_totals,
    trends,
)


def upstream(stage: Stage) -> list[str]:
    """The stages whose records a stage reads, in reading order."""
    return [other.name for other in STAGES if set(other.writes) & set(stage.reads)]


def summing_up(stage: Stage) -> Stage | None:
    """The stage that takes up what a stage changes from period to period, if there is one."""
    takers = (other for other in STAGES if other.per == "period" and other.deferred and other.reads[0] in stage.writes)
    return next(takers, None)


def begins_after(stage: Stage) -> list[str]:
    """The stages that other processes can begin to work on once a stage is done, although others come before them."""
    place = {each.name: number for number, each in enumerate(STAGES)}
    return [
        later.name
        for later in STAGES[place[stage.name] + 2 :]
        if later.is_parallel and max(upstream(later), key=place.__getitem__) == stage.name
    ]
