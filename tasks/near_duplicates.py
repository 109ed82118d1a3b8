"""Near-duplicates: texts whose word sequences are nearly the same, found by MinHash and verified by what they share.

MinHash with banding after Broder (1997) and Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tasks.splitmix import STEP, finalised

Hashes = NDArray[np.uint64]

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


def near_duplicates(texts: Sequence[Hashes], threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of texts whose Jaccard similarity reaches `threshold`, as (lower index, higher index, similarity)."""
    for first, second in sorted(_candidates(texts)):
        a, b = texts[first], texts[second]
        if min(len(a), len(b)) < threshold * max(len(a), len(b)):
            continue
        shared = len(np.intersect1d(a, b, assume_unique=True))
        similarity = shared / (len(a) + len(b) - shared)
        if similarity >= threshold:
            yield first, second, similarity


def _candidates(texts: Sequence[Hashes]) -> set[tuple[int, int]]:
    """Pairs of texts that have a band of their signatures in common."""
    filled = [index for index, text in enumerate(texts) if len(text)]
    if len(filled) < 2:
        return set()
    signatures = _signatures([texts[index] for index in filled])
    pairs: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        keys = np.zeros(len(filled), dtype=np.uint64)
        for row in signatures[band * _ROWS : (band + 1) * _ROWS]:
            keys = finalised(keys * STEP + row)
        order = np.argsort(keys, kind="stable")
        bounds = [0, *(np.flatnonzero(np.diff(keys[order])) + 1), len(order)]
        for start, end in pairwise(bounds):
            if end - start > 1:
                pairs |= _paired([filled[place] for place in order[start:end]])
    return pairs


def _paired(bucket: list[int]) -> set[tuple[int, int]]:
    if len(bucket) <= _LARGEST_BUCKET:
        return {(a, b) for place, a in enumerate(bucket) for b in bucket[place + 1 :]}
    return {(bucket[0], other) for other in bucket[1:]} | set(pairwise(bucket))


def _signatures(texts: Sequence[Hashes]) -> Hashes:
    """For each of the hash functions the least hash of each text; shape (bands * rows, texts)."""
    every = np.concatenate(texts)
    starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
    seeds = np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64) * STEP
    return np.stack([np.minimum.reduceat(finalised(every + seed), starts) for seed in seeds])
