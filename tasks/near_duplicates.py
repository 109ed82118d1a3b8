"""Near-duplicates: texts whose word sequences are nearly the same, found by MinHash and verified by what they share.

MinHash with banding after Broder (1997) and Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tasks.splitmix import STEP, finalised

Hashes = NDArray[np.uint64]
Keys = NDArray[np.uint32]

_WORD = re.compile(r"\w+")
_SHINGLE = 5  # words
_BANDS, _ROWS = 16, 4  # a pair with Jaccard .9 shares a band with a probability of 1 - 1e-7, one with .5 in 64 %
_LARGEST_BUCKET = 50  # texts; in a larger one each is compared with the first and with the next


def shingles(text: str) -> Hashes:
    """The distinct hashes of a text's sequences of five words, sorted; of all of its words where it has fewer."""
    words = np.array([zlib.crc32(word.encode()) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    size = min(_SHINGLE, len(words))
    if size == 0:
        return words
    hashed = np.zeros(len(words) - size + 1, dtype=np.uint64)
    for offset in range(size):
        hashed = finalised(hashed + words[offset : len(words) - size + 1 + offset] + np.uint64(offset))
    return np.unique(hashed)


def body_shingles(passages: Iterable[str]) -> Hashes:
    """The shingles of a document, given the texts of its body in reading order."""
    return shingles("\n".join(passages))


def bands(texts: Sequence[Hashes]) -> list[Keys]:
    """For each text, given by its shingles, the keys of its bands; none where it has no shingles.

    The signature has the least hash of the text by each of many hash functions; a band is some of these in one key.
    """
    filled = [text for text in texts if len(text)]
    if not filled:
        return [np.zeros(0, dtype=np.uint32) for _ in texts]
    starts = np.cumsum([0, *(len(text) for text in filled[:-1])])
    every = np.concatenate(filled)
    keys = np.zeros((_BANDS, len(filled)), dtype=np.uint64)
    for place, seed in enumerate(np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64) * STEP):
        band = place // _ROWS
        keys[band] = finalised(keys[band] * STEP + np.minimum.reduceat(finalised(every + seed), starts))
    made = iter((keys >> np.uint64(32)).astype(np.uint32).T)
    return [next(made) if len(text) else np.zeros(0, dtype=np.uint32) for text in texts]


def near_duplicates(
    keys: Keys, shingles_of: Callable[[int], Hashes], threshold: float
) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of texts whose Jaccard similarity reaches `threshold`, as (lower index, higher index, similarity).

    `keys` has a row per text with the keys of its bands; `shingles_of` is asked only for texts that share one.
    """
    known = cache(shingles_of)
    for first, second in sorted(_candidates(keys)):
        a, b = known(first), known(second)
        if min(len(a), len(b)) < threshold * max(len(a), len(b)):
            continue
        shared = len(np.intersect1d(a, b, assume_unique=True))
        similarity = shared / (len(a) + len(b) - shared)
        if similarity >= threshold:
            yield first, second, similarity


def _candidates(keys: Keys) -> set[tuple[int, int]]:
    """Pairs of texts that have a band of their signatures in common."""
    pairs: set[tuple[int, int]] = set()
    for column in keys.T:
        order = np.argsort(column, kind="stable")
        edges = np.flatnonzero(np.diff(column[order], prepend=~column[order[:1]], append=~column[order[-1:]]))
        for place in np.flatnonzero(np.diff(edges) > 1):
            pairs |= _paired(order[edges[place] : edges[place + 1]].tolist())
    return pairs


def _paired(bucket: list[int]) -> set[tuple[int, int]]:
    if len(bucket) <= _LARGEST_BUCKET:
        return {(a, b) for place, a in enumerate(bucket) for b in bucket[place + 1 :]}
    return {(bucket[0], other) for other in bucket[1:]} | set(pairwise(bucket))
