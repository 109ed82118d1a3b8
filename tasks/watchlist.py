"""Watchlist: the concepts that the analyst follows, each in any of its variants and any inflection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

from pydantic import BaseModel, Field

from tasks.annotate import Sentence
from tasks.lemma_dictionary import lemma_of
from tasks.stage import stage

_WORD = re.compile(r"\w+(?:['’‘]\w+)*")


@dataclass(frozen=True, slots=True)
class ConceptMention:
    """One place where a variant of a concept stands; offsets are into the passage's text."""

    TABLE: ClassVar[str] = "concept_mentions"

    concept: str
    variant: str
    document_id: str
    passage_id: str
    sentence_id: str
    start_char: int
    end_char: int


class Concept(BaseModel, frozen=True, extra="forbid"):
    """A concept and the wordings that stand for it."""

    name: str
    variants: tuple[str, ...]
    note: str | None = None


class WatchlistSettings(BaseModel, frozen=True, extra="forbid"):
    """The concepts to follow."""

    concepts: tuple[Concept, ...] = Field((), description="concepts to follow; `_watchlist.csv` adds to them")


def load_lemmas(settings: WatchlistSettings) -> None:
    """Load the dictionary of lemmas, where there is anything to look for."""
    if settings.concepts:
        _lemma("words")


@stage(
    reads=Sentence,
    writes=ConceptMention,
    version=1,
    settings=WatchlistSettings,
    libraries=("simplemma",),
    batch_size=200,
    bulk="text",
    load=load_lemmas,
)
def watchlist(sentences: Iterable[Sentence], settings: WatchlistSettings) -> Iterator[ConceptMention]:
    """Find the concepts that the analyst follows by lemmas; the longest variant counts where several stand at one place."""
    root = _trie(settings.concepts)
    if not root.following:
        return
    for sentence in sentences:
        for concept, variant, start, end in _matches(sentence.text, root):
            yield ConceptMention(
                concept=concept,
                variant=variant,
                document_id=sentence.document_id,
                passage_id=sentence.passage_id,
                sentence_id=sentence.sentence_id,
                start_char=sentence.start_char + start,
                end_char=sentence.start_char + end,
            )


@dataclass(slots=True)
class _Node:
    """A point on the way through a variant's lemmas: what may follow, and the variant that ends here."""

    following: dict[str, _Node] = field(default_factory=dict)
    ends: tuple[str, str] | None = None


def _trie(concepts: Iterable[Concept]) -> _Node:
    root = _Node()
    for concept in concepts:
        for variant in concept.variants:
            node = root
            for lemma in _lemmas(variant):
                node = node.following.setdefault(lemma, _Node())
            if node is not root and node.ends is None:  # of two concepts with one wording, the first has it
                node.ends = (concept.name, variant)
    return root


def _matches(text: str, root: _Node) -> Iterator[tuple[str, str, int, int]]:
    """Yield concept, variant, start and end of each match; none overlaps another."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    lemmas = _lemmas(text)
    place = 0
    while place < len(words):
        node, reached, last = root, place, place
        ends = None
        while reached < len(words) and (following := node.following.get(lemmas[reached])) is not None:
            node, reached = following, reached + 1
            if node.ends is not None:
                ends, last = node.ends, reached
        if ends is not None:
            yield *ends, words[place][0], words[last - 1][1]
        place = max(place + 1, last)


def _lemmas(text: str) -> list[str]:
    return [_lemma(match.group()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=200_000)
def _lemma(word: str) -> str:
    return lemma_of(re.sub(r"['’‘]s?$", "", word)).casefold()
