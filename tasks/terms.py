"""Terms: the lemmas of content words, and the noun phrases that they form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Word(NamedTuple):
    """A word with its tag, wherever it stands: its lemma in lower case, and whether it may be a term or part of one."""

    text: str
    pos: str
    lemma: str
    is_term: bool


class Token(NamedTuple):
    """A word at its place; `start` is its offset in the text."""

    text: str
    pos: str
    lemma: str
    is_term: bool
    start: int
    has_space: bool


_CONTENT = frozenset(("NOUN", "PROPN", "ADJ", "VERB"))
_PHRASE = frozenset(("NOUN", "PROPN", "ADJ"))
_HEAD = frozenset(("NOUN", "PROPN"))
_HYPHENS = frozenset(("-", "–"))

# Words that carry grammar or discourse and no subject, beside spaCy's stop words.
_EMPTY_WORDS = """
able accord accordingly add address agree aim also another anything appear ask become begin believe bring call
carry come concern consider continue contribute day do dr due e.g enable enough ensure entire especially etc ever
example expect few find first firstly follow former fourth give go good have help hold include including instead
keep kind large last lastly later latter lead let lot main major make many mean meanwhile mention messrs month moreover
mr mrs ms mses much need new next note number numerous one other overall own part particular place point
possible provide put raise rather regard relate remain same say second secondly see seek several show so-called
special start such take tell thing third thirdly thus tie today tomorrow total towards turn unless use
various want way week well will word year yesterday
"""
_DAYS_AND_MONTHS = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
_EMPTY = frozenset(f"{_EMPTY_WORDS} {_DAYS_AND_MONTHS}".split())

# Words that say something in a phrase only: "great depression", "early voting", "ideological work".
_WEAK_WORDS = """
additional appropriate big careful certain early effective great immediate late less little modest ongoing possible
previous prior prospective recent relevant significant small state subsequent substantial total whole work
"""
_WEAK = frozenset(_WEAK_WORDS.split())

# What an audience does is no part of a speech; in brackets it is cut before the tagger sees it.
_AUDIENCE = frozenset(("applause", "cheer", "cheering", "cheers", "laughter"))


class Occurrence(NamedTuple):
    """A term at one place: whether it stands there as (part of) a name, and whether as a noun or a phrase around one."""

    term: str
    is_name: bool
    is_noun: bool


def terms_of(tokens: list[Token], names: list[tuple[int, int]], text: str, longest: int) -> Iterator[Occurrence]:
    """Yield each occurrence of a term in a sentence.

    Single terms are the lemmas of nouns, names, adjectives and verbs. Phrases are all runs of 2 to `longest` words that
    match (ADJ|NOUN|PROPN)* (NOUN|PROPN) without an empty word at an edge; so "digital economy" is counted wherever it
    stands, also inside "digital economy governance". A run that cuts through a name is none; a name of several words,
    given by its offsets in `text`, is a term as a whole, unless a comma shows that it is several. What the audience does
    ("Applause.") has no terms.
    """
    words = list(_compounds(tokens)) if any(token.text in _HYPHENS for token in tokens) else tokens
    content = [word for word in words if word.pos in _CONTENT]
    if all(word.lemma in _AUDIENCE for word in content):
        return
    for word in content:
        if word.is_term and word.lemma not in _WEAK:
            yield Occurrence(word.lemma, word.pos == "PROPN" or _inside(word, names), word.pos in _HEAD)
    whole = set()
    for start, end in names:
        if 1 < len(parts := text[start:end].split()) <= 2 * longest and "," not in text[start:end]:
            whole.add((start, end))
            yield Occurrence(" ".join(parts).lower(), True, True)
    for first in range(len(words)):
        if words[first].pos not in _PHRASE or not words[first].is_term:
            continue
        for last in range(first + 1, min(first + longest, len(words))):
            if words[last].pos not in _PHRASE:
                break
            if words[last].pos not in _HEAD or not words[last].is_term:
                continue
            start, end = words[first].start, words[last].start + len(words[last].text)
            if (start, end) not in whole and not any(_cuts(start, end, *name) for name in names):
                yield Occurrence(
                    " ".join(word.lemma for word in words[first : last + 1]), words[last].pos == "PROPN", True
                )


def _compounds(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with hyphenated words (e-commerce, cross-border) put together again."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        last = index
        while (
            last + 2 < len(tokens)
            and tokens[last + 1].text in _HYPHENS
            and not tokens[last].has_space
            and not tokens[last + 1].has_space
            and tokens[last].text[-1:].isalnum()
            and tokens[last + 2].text[:1].isalpha()
        ):
            last += 2
        if last > index:
            head = tokens[last]
            text = "".join(part.text for part in tokens[index : last + 1])
            lemma = "".join(part.text for part in tokens[index:last]) + (head.lemma if head.pos in _HEAD else head.text)
            pos = head.pos if head.pos in _HEAD else "ADJ"
            yield Token(*word_of(text, pos, lemma.replace("–", "-"), is_stop=False), token.start, head.has_space)
        else:
            yield token
        index = last + 1


# Plurals that have become words of their own.
_KEPT_PLURALS = {"datum": "data", "medium": "media", "statistic": "statistics", "good": "goods"}
_OTHER_WORDS = {("taxes", "taxis"): "tax"}  # what dictionaries of lemmas take for the plural of something rarer
_NOTE_MARK = re.compile(r"(?<=[^\W\d_]{2}),\d{1,2}$")  # the number of a footnote, which has no space before it
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s)")


def word_of(text: str, pos: str, lemma: str, *, is_stop: bool) -> Word:
    """A word as tagger and lemmatizer give it, as the term rules see it."""
    lemma = _NOTE_MARK.sub("", lemma.lower())
    lemma = _OTHER_WORDS.get((text.lower(), lemma), lemma)
    plural = _KEPT_PLURALS.get(lemma)
    if plural is not None and text.lower() == plural:
        lemma = plural
    is_term = (
        len(lemma.rstrip(".")) > 1
        and lemma[0].isalnum()
        and any(character.isalpha() for character in lemma)
        and _ORDINAL.fullmatch(lemma) is None
        and not is_stop
        and lemma.rstrip(".") not in _EMPTY
    )
    return Word(text, pos, lemma, is_term)


def _inside(word: Token, names: list[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in names)


def _cuts(start: int, end: int, name_start: int, name_end: int) -> bool:
    """Whether a run of text and a name overlap without the name lying wholly in the run."""
    return start < name_end and name_start < end and not (start <= name_start and name_end <= end)
