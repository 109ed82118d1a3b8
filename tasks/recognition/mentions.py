"""Mentions as places in a text, none of which shares a character with another."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

# Labels of things with names, as against dates, numbers and amounts.
NAME_LABELS = frozenset(
    ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
)


@dataclass(frozen=True, slots=True)
class Found:
    """A mention as character offsets into the text, with what recognised it; `stands_for` is a name it abbreviates."""

    start: int
    end: int
    label: str
    method: str
    stands_for: str | None = None


class Recognised(NamedTuple):
    """A passage as it was read: its mentions in reading order, none inside or across another."""

    text: str
    is_headline: bool
    mentions: list[Found]


START = attrgetter("start")


def overlapping(found: Found, taken: list[Found]) -> list[Found]:
    """Those of the mentions, which stand in order, that share a character with one."""
    last = bisect_left(taken, found.end, key=START)
    first = last
    while first and taken[first - 1].end > found.start:
        first -= 1
    return taken[first:last]


def put_in_place(taken: list[Found], old: list[Found], new: list[Found]) -> None:
    """Put neighbours in the place of others; the mentions stay in order."""
    first = bisect_left(taken, (old or new)[0].start, key=START)
    taken[first : first + len(old)] = new
