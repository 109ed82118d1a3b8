"""The gazetteer: names that are known beforehand, each with its label and its aliases, and what is nobody's name."""

from __future__ import annotations

import csv
from dataclasses import dataclass
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

    @property
    def forms(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, *self.aliases)


@cache
def gazetteer() -> tuple[Name, ...]:
    """The gazetteer's entries in the order of the file."""
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(
            Name(row["name"], row["label"], tuple(filter(None, (row["aliases"] or "").split("|")))) for row in rows
        )
