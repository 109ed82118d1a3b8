"""Near-duplicates: what banding finds is what comparing all pairs would find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tasks.near_duplicates import Keys, alike, bands, hashed, shingles, verified, words


def keys_of(texts: list[str]) -> Keys:
    """The bands of texts with words, made in one go."""
    split = [words(text) for text in texts]
    ends = np.cumsum([len(part) for part in split], dtype=np.int64)
    opens = np.concatenate(([0], ends[:-1])).astype(np.int64)
    return bands(hashed(word for part in split for word in part), opens, ends)


def pairs_of(texts: list[str]) -> dict[tuple[int, int], float]:
    """The near-duplicates among texts with words, by their places."""
    if not texts:
        return {}
    found = verified(alike(keys_of(texts), 0.9), lambda index: shingles(texts[index]), 0.9)
    return {(a, b): value for a, b, value in found}


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
    texts = ["one two three four five six", "seven", "seven eight", "one two", "one two three four five"]
    together = keys_of(texts)
    assert together.shape == (5, 16)
    assert len({row.tobytes() for row in together}) == 5
    for number, text in enumerate(texts):
        assert np.array_equal(together[number], keys_of([text])[0])


def test_the_bands_of_a_run_of_words_are_those_of_its_text() -> None:
    numbers = hashed(words("one two three four five six seven eight nine"))
    runs = bands(numbers, np.array([0, 2, 8, 0]), np.array([9, 8, 9, 3]))
    texts = ("one two three four five six seven eight nine", "three four five six seven eight", "nine", "one two three")
    for run, text in zip(runs, texts, strict=True):
        assert np.array_equal(run, keys_of([text])[0])


def test_few_pairs_but_copies_are_held_to_be_alike() -> None:
    def text(common: int, own: str) -> str:
        return " ".join([*(f"w{number}" for number in range(common)), *(f"{own}{n}" for n in range(100 - common))])

    halves = [text(67, f"own{number}-") for number in range(100)]  # two of them have half of their sequences in common
    copies = [text(98, f"other{number}-") for number in range(10)]
    pairs = alike(keys_of([*halves, *copies]), 0.9)
    assert {(a, b) for a, b in pairs.tolist() if a >= 100} == {
        (a, b) for a in range(100, 110) for b in range(a + 1, 110)
    }
    assert len(pairs) - 45 < 100
