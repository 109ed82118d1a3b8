"""The stages in reading order, and which of them each one waits for.

Those that take a document by itself come, where they can, before those of the whole corpus: with a document that one of them
breaks down on these would have to begin again. The language pass comes behind all that can be done while other processes are
at it, see `begins_after`, and the last of all are a chain that waits for none of those right before it, see `last_chain`.
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


def last_chain() -> list[str]:
    """The last stages, each of which reads what the one before writes."""
    first = len(STAGES) - 1
    while STAGES[first - 1].name in upstream(STAGES[first]):
        first -= 1
    return [stage.name for stage in STAGES[first:]]


def chain_begins_after() -> str:
    """The stage that the last chain waits for; it can be done beside those that come between."""
    chain = last_chain()
    awaited = {name for stage in STAGES if stage.name in chain for name in upstream(stage)}.difference(chain)
    return next(stage.name for stage in reversed(STAGES) if stage.name in awaited)
