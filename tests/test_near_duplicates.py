"""Near-duplicates: what banding finds is what comparing all pairs would find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tasks.near_duplicates import bands, near_duplicates, shingles


def pairs_of(texts: list[str]) -> dict[tuple[int, int], float]:
    """The near-duplicates among texts with words, by their places."""
    hashed = [shingles(text) for text in texts]
    keys = np.array(bands(hashed), dtype=np.uint32).reshape(len(texts), 16)
    return {(a, b): value for a, b, value in near_duplicates(keys, hashed.__getitem__, 0.9)}


def jaccard(a: str, b: str) -> float:
    first, second = (
        {tuple(words[i : i + min(5, len(words))]) for i in range(max(1, len(words) - 4))}
        for words in (a.split(), b.split())
    )
    return len(first & second) / len(first | second)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("...", 0), ("one", 1), ("one two three four five", 1), ("a b c d e f", 2), ("a b c d e " * 4, 5)],
)
def test_shingles_are_the_distinct_sequences_of_five_words(text: str, count: int) -> None:
    assert len(shingles(text)) == count


def test_case_and_punctuation_do_not_count() -> None:
    assert np.array_equal(shingles("The port, it said, opens now."), shingles("the port it said OPENS — now"))


def test_the_order_of_words_counts() -> None:
    assert not np.array_equal(shingles("one two three four five"), shingles("five four three two one"))


@profile(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.builds(
            lambda start, cut, tail: " ".join([*(f"w{i}" for i in range(start, 120 - cut)), *tail]),
            st.integers(0, 8),
            st.integers(0, 8),
            st.lists(st.sampled_from(["x", "y"]), max_size=3),
        ),
        max_size=8,
    )
)
def test_pairs_are_those_of_comparing_all(texts: list[str]) -> None:
    expected = {
        (a, b): jaccard(texts[a], texts[b])
        for a in range(len(texts))
        for b in range(a + 1, len(texts))
        if jaccard(texts[a], texts[b]) >= 0.9
    }
    assert pairs_of(texts) == pytest.approx(expected)


def test_many_copies_are_linked_without_comparing_all_pairs() -> None:
    pairs = set(pairs_of(["the same words stand in every one of these texts"] * 300))
    assert {(0, other) for other in range(1, 300)} <= pairs
    assert len(pairs) < 700


def test_the_bands_of_a_text_do_not_depend_on_the_others() -> None:
    texts = [shingles(text) for text in ("one two three four five six", "", "seven eight", "one two")]
    together, alone = bands(texts), [bands([text])[0] for text in texts]
    assert [len(keys) for keys in together] == [16, 0, 16, 16]
    for first, second in zip(together, alone, strict=True):
        assert np.array_equal(first, second)
