"""Near-duplicates: texts whose word sequences are nearly the same, found by MinHash and verified by what they share.

MinHash with banding after Broder (1997) and Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3; a byte of
each least hash is kept, after Li and König, b-Bit Minwise Hashing (2010).
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tasks.splitmix import STEP, finalised

Hashes = NDArray[np.uint64]
Keys = NDArray[np.uint32]
Whole = NDArray[np.int64]

_WORD = re.compile(r"\w+")
_SHINGLE = 5  # words
_BANDS, _ROWS = 16, 4  # a pair with Jaccard .9 shares a band with a probability of 1 - 4e-8, one with .5 in 64 %
_MISSED = 9e-7  # share of the pairs sought that may agree in fewer places of their signatures than is asked for
_LARGEST_BUCKET = 50  # texts; in a larger one each is compared with the first and with the next
_HALF, _LOWER = (
    np.uint64(32),
    np.uint64(2**32 - 1),
)  # bits by which one number is put before another, and those behind it
_PAIRS = 100_000  # whose signatures are compared at once, which bounds memory


def words(text: str) -> list[str]:
    """The words of a text, whose case does not count."""
    return _WORD.findall(text.casefold())


def hashed(vocabulary: Iterable[str]) -> Hashes:
    """A number for each of some words."""
    return np.array([zlib.crc32(word.encode()) for word in vocabulary], dtype=np.uint64)


def shingles(text: str) -> Hashes:
    """The distinct hashes of a text's sequences of five words, sorted; of all of its words where it has fewer."""
    numbers = hashed(words(text))
    *_, sequences = _sequences(numbers, min(_SHINGLE, len(numbers))) if len(numbers) else [numbers]
    return np.unique(sequences)


def body_shingles(passages: Iterable[str]) -> Hashes:
    """The shingles of a document, given the texts of its body in reading order."""
    return shingles("\n".join(passages))


def _sequences(numbers: Hashes, longest: int) -> Iterator[Hashes]:
    """For each length up to the longest the hashes of all sequences of so many words, given the words' numbers."""
    found = np.zeros(len(numbers), dtype=np.uint64)
    for place in range(longest):
        found = finalised(found[: len(numbers) - place] + numbers[place:] + np.uint64(place))
        yield found


def bands(numbers: Hashes, opens: Whole, ends: Whole) -> Keys:
    """The keys of the bands of texts, a row for each, given where each begins and ends among the numbers of all words.

    The signature has a byte of the least hash of the text by each of many hash functions; a band is some of these. Texts
    may overlap; each has a word at least.
    """
    sizes = np.minimum(ends - opens, _SHINGLE)
    parts, starts, filled = [], np.zeros(len(opens), dtype=np.int64), 0
    for size, found in enumerate(_sequences(numbers, int(sizes.max())), start=1):
        is_whole = sizes == size
        if size == _SHINGLE:
            parts.append(found)
            starts[is_whole] = filled + opens[is_whole]
        else:  # of a shorter text there is one sequence
            parts.append(found[opens[is_whole]])
            starts[is_whole] = filled + np.arange(is_whole.sum())
            filled += len(parts[-1])
    values = (np.concatenate([*parts, np.zeros(1, dtype=np.uint64)]) >> np.uint64(32)).astype(np.uint32)
    runs = np.stack((starts, starts + ends - opens - sizes + 1), axis=1).ravel()
    # To multiply by an odd number shuffles all numbers of 32 bits, which are spread evenly before.
    multipliers = (finalised(np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64) * STEP) | np.uint64(1)).astype(np.uint32)
    least = np.empty((len(opens), _BANDS * _ROWS), dtype=np.uint32)
    product = np.empty_like(values)
    for place, multiplier in enumerate(multipliers):
        least[:, place] = np.minimum.reduceat(np.multiply(values, multiplier, out=product), runs)[::2]
    return ((least * np.uint32(STEP >> np.uint64(32))) >> np.uint32(24)).astype(np.uint8).view(np.uint32)


def alike(keys: Keys, threshold: float) -> Whole:
    """The pairs of texts whose Jaccard similarity may reach `threshold`, the lower index first, in order.

    `keys` has a row per text with the keys of its bands.
    """
    found = np.zeros(0, dtype=np.uint64)  # a pair is one number, for speed
    for column in keys.T:
        found = np.sort(np.concatenate((found, _with_the_same(column))))
        found = found[np.diff(found, prepend=np.uint64(2**64 - 1)) != 0]
    pairs = np.stack((found >> _HALF, found & _LOWER), axis=1).astype(np.int64)
    places = _BANDS * _ROWS
    chances = [math.comb(places, n) * threshold**n * (1 - threshold) ** (places - n) for n in range(places + 1)]
    fewest = int(np.searchsorted(np.cumsum(chances), _MISSED))
    signatures = keys.view(np.uint8)
    agreements = [
        np.count_nonzero(signatures[some[:, 0]] == signatures[some[:, 1]], axis=1)
        for some in np.split(pairs, range(_PAIRS, len(pairs), _PAIRS))
    ]
    return pairs[np.concatenate(agreements) >= fewest]


def _with_the_same(keys: NDArray[np.uint32]) -> Hashes:
    """The pairs of texts that have the same key, given that of each; a pair is the one number before the other."""
    ordered = np.sort(keys.astype(np.uint64) << _HALF | np.arange(len(keys), dtype=np.uint64))
    is_repeated = ordered[1:] >> _HALF == ordered[:-1] >> _HALF
    ordered = ordered[np.append(is_repeated, False) | np.append(False, is_repeated)]  # few, in most corpora
    opens = np.flatnonzero(np.diff(ordered >> _HALF, prepend=np.uint64(2**32)))
    sizes = np.diff(opens, append=len(ordered))
    texts = ordered & _LOWER
    rank = np.arange(len(texts)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # in its bucket
    size = np.repeat(sizes, sizes)
    is_large = size > _LARGEST_BUCKET
    pairs = [(texts[np.arange(len(texts)) - rank] << _HALF | texts)[is_large & (rank > 0)]]
    for distance in range(1, min(_LARGEST_BUCKET, int(sizes.max(initial=0)))):
        later = np.flatnonzero((rank >= distance) & ((distance == 1) | ~is_large))
        pairs.append(texts[later - distance] << _HALF | texts[later])
    return np.concatenate(pairs)


def jaccard(first: Hashes, second: Hashes) -> float:
    """The share of the shingles of two texts that both have."""
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return shared / max(1, len(first) + len(second) - shared)


def verified(pairs: Whole, shingles_of: Callable[[int], Hashes], threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of texts whose Jaccard similarity reaches `threshold`, with it."""
    known = cache(shingles_of)
    for first, second in pairs.tolist():
        similarity = jaccard(known(first), known(second))
        if similarity >= threshold:
            yield first, second, similarity
