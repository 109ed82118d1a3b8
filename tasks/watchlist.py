"""Watchlist: the concepts that the analyst follows, each in any of its variants and any inflection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, NamedTuple

from pydantic import BaseModel, Field

from tasks.annotate import Sentence
from tasks.lemma_dictionary import lemma_of
from tasks.stage import stage

_WORD = re.compile(r"\w+(?:['’‘]\w+)*")
_GAP = re.compile(r"(?:(?<=s)['’])?(?:\s+|[-‐‑–]\s*)")  # behind the owner of several, an apostrophe belongs to the word
_SYMBOLS = r"[+#&@%*/=<>^~|$€£¥°]*"  # what is part of a name, as in C++; other marks are the sentence's own
_BEFORE_WORD = re.compile(_SYMBOLS + r"\Z")
_BEHIND_WORD = re.compile(_SYMBOLS)
_SHORT = 5  # longer variants in capitals are as likely to be headings as abbreviations


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

    concepts: tuple[Concept, ...] = Field(
        (),
        description="concepts to follow; `_watchlist.csv` adds to them. Between the words of a variant, white space or a hyphen "
        "may stand for one another, its symbols (C++) stand as they are, and one of up to 5 capitals (WHO) keeps its case",
    )


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


def keeps_case(variant: str) -> bool:
    """Whether a variant is an abbreviation, such as WHO, which small letters would make another word."""
    return variant.isupper() and sum(map(str.isalpha, variant)) <= _SHORT


class _Wording(NamedTuple):
    """A variant at the end of its lemmas: the symbols at its edges, and its words where their case is kept."""

    concept: str
    variant: str
    before: str
    behind: str
    capitals: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    """A point on the way through a variant: what may follow, by the gap before it and its lemma, and what ends here."""

    following: dict[tuple[str, str], _Node] = field(default_factory=dict)
    ends: list[_Wording] = field(default_factory=list)


def _trie(concepts: Iterable[Concept]) -> _Node:
    root = _Node()
    for concept in concepts:
        for variant in concept.variants:
            words = list(_WORD.finditer(variant))
            if not words:
                continue
            node = root
            for place in range(len(words)):
                node = node.following.setdefault(_step(variant, words, place, 0), _Node())
            before = _edge(_BEFORE_WORD.search(variant, 0, words[0].start()))
            behind = _edge(_BEHIND_WORD.match(variant, words[-1].end()))
            capitals = tuple(word.group() for word in words) if keeps_case(variant) else ()
            node.ends.append(_Wording(concept.name, variant, before, behind, capitals))
    return root


def _edge(symbols: re.Match[str] | None) -> str:
    return symbols.group() if symbols else ""


def _step(text: str, words: list[re.Match[str]], place: int, first: int) -> tuple[str, str]:
    """The lemma of a word with what parts it from the one before: a space where that is a space or a hyphen."""
    if place == first:
        return "", _lemma(words[place].group())
    start, end = words[place - 1].end(), words[place].start()
    gap = " " if _GAP.fullmatch(text, start, end) else "".join(text[start:end].split())
    return gap, _lemma(words[place].group())


def _matches(text: str, root: _Node) -> Iterator[tuple[str, str, int, int]]:
    """Yield concept, variant, start and end of each match; none overlaps another."""
    words = list(_WORD.finditer(text))
    place = free = 0
    while place < len(words):
        node, reached, last = root, place, place
        ends = None
        while (
            reached < len(words) and (following := node.following.get(_step(text, words, reached, place))) is not None
        ):
            node, reached = following, reached + 1
            fitting = [wording for wording in node.ends if _fits(wording, text, words[place:reached], free)]
            if fitting:  # of two concepts with one wording, the first has it
                ends, last = max(fitting, key=_detail), reached
        if ends is not None:
            start, free = words[place].start() - len(ends.before), words[last - 1].end() + len(ends.behind)
            yield ends.concept, ends.variant, start, free
        place = max(place + 1, last)


def _detail(wording: _Wording) -> tuple[int, bool]:
    """How much a wording asks of a text beside its lemmas."""
    return len(wording.before + wording.behind), bool(wording.capitals)


def _fits(wording: _Wording, text: str, words: list[re.Match[str]], free: int) -> bool:
    """Whether the symbols of a wording stand at its edges, behind the match before, and its capitals in its words."""
    return (
        text.endswith(wording.before, free, words[0].start())
        and text.startswith(wording.behind, words[-1].end())
        and all(word.group().startswith(capital) for word, capital in zip(words, wording.capitals, strict=False))
    )


@lru_cache(maxsize=200_000)
def _lemma(word: str) -> str:
    return lemma_of(re.sub(r"['’‘]s?$", "", word)).casefold()
