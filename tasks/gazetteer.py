"""The gazetteer: names that are known beforehand, each with its label and its aliases, and what is nobody's name."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

GAZETTEER = Path(__file__).with_name("gazetteer.csv")

# What stands for a body where the document names that body in full, and is nothing by itself.
_BODIES = """
Committee System Desk Board Bank Council Commission Bureau Office Department Ministry Group Government Administration
Company Court Agency Parliament Assembly Union Association
"""
GENERIC_BODIES = frozenset(_BODIES.split())


@dataclass(frozen=True, slots=True)
class Name:
    """An entry of the gazetteer."""

    name: str
    label: str
    aliases: tuple[str, ...]
    heading: str = field(default="", compare=False)  # what it stands under in the file

    @property
    def forms(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, *self.aliases)


@cache
def gazetteer() -> tuple[Name, ...]:
    """The gazetteer's entries in the order of the file."""
    return tuple(_entries())


def _entries() -> Iterator[Name]:
    heading = ""
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            if row[0].startswith("# "):
                heading = ",".join(row).removeprefix("# ")
            else:
                name, label, aliases = row
                yield Name(name, label, tuple(filter(None, aliases.split("|"))), heading)


# The headings over what is China's; a name under another one is not.
ORGANS_OF_CHINA = ("Party organs", "State organs", "State and party organs, continued")
PLACES_OF_CHINA = (
    "Provinces, municipalities and regions of China",
    "Cities and districts of China",
    "More cities of China",
)


@cache
def organs_of_china() -> frozenset[str]:
    """The forms of the organs of China's state and parties, most of which do not tell whose they are."""
    return _forms_under(ORGANS_OF_CHINA)


@cache
def places_of_china() -> frozenset[str]:
    """The forms of China, its provinces and its cities."""
    return _forms_under(PLACES_OF_CHINA) | next(frozenset(e.forms) for e in gazetteer() if e.name == "China")


@cache
def places() -> frozenset[str]:
    """The forms of all countries, provinces and cities."""
    return frozenset(form for entry in gazetteer() if entry.label == "GPE" for form in entry.forms)


def _forms_under(headings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(form for entry in gazetteer() if entry.heading in headings for form in entry.forms)
