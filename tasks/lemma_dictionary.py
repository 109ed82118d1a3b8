"""The dictionary of English lemmas, which tells of a word by itself what it is a form of."""

from __future__ import annotations


def lemma_of(word: str) -> str:
    """The lemma of a word; one that the dictionary does not know is its own."""
    import simplemma

    return simplemma.lemmatize(word, lang="en")
