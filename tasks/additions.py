"""Additions: names that the analyst has added in `_entities.csv`, found in the texts without another language pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from tasks.clean import Passage
from tasks.name_labels import NameLabel
from tasks.own_passages import own_passages
from tasks.stage import stage


@dataclass(frozen=True, slots=True)
class AddedSpan:
    """One place where a name stands that the analyst has added; offsets are into the passage's text."""

    TABLE: ClassVar[str] = "added_spans"

    document_id: str
    passage_id: str
    start_char: int
    end_char: int
    text: str
    label: str
    stands_for: str


Name = Annotated[str, Field(pattern=r"\S")]


class AddedName(BaseModel, frozen=True, extra="forbid"):
    """A name with its label, and what else stands for it."""

    name: Name
    label: NameLabel
    aliases: tuple[Name, ...] = ()


class AdditionsSettings(BaseModel, frozen=True, extra="forbid"):
    """The names to look for."""

    names: tuple[AddedName, ...] = Field((), description="names to look for in the texts; `_entities.csv` adds to them")


@stage(reads=Passage, writes=AddedSpan, version=1, settings=AdditionsSettings, batch_size=500, bulk="text")
def additions(passages: Iterable[Passage], settings: AdditionsSettings) -> Iterator[AddedSpan]:
    """Find the names that the analyst has added, the longest first where several stand at one place."""
    forms = _forms(settings.names)
    if not forms:
        return
    pattern = _pattern(forms)
    for passage in own_passages(passages):
        for match in pattern.finditer(passage.text):
            added = forms[_fold(match.group())]
            yield AddedSpan(
                document_id=passage.document_id,
                passage_id=passage.passage_id,
                start_char=match.start(),
                end_char=match.end(),
                text=match.group(),
                label=added.label,
                stands_for=added.name,
            )


def _forms(names: Sequence[AddedName]) -> dict[str, AddedName]:
    """What to look for, and which name has it: one's own name goes before an alias, and else the first."""
    own = [(added.name, added) for added in names]
    others = [(alias, added) for added in names for alias in added.aliases]
    return {_fold(form): added for form, added in reversed([*own, *others])}


def _fold(form: str) -> str:
    return " ".join(form.split())


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    """Any of the forms as whole words, in their case: a name such as Focus is no ordinary word."""
    listed = sorted(forms, key=lambda form: (-len(form), form))
    names = "|".join(r"\s+".join(map(re.escape, form.split())) for form in listed)
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)")
