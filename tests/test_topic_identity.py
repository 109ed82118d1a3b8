"""Topics from one model to the next: likeness of terms and passages, and what each one has become."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.topic_identity import Link, link_topics, passage_similarity, term_similarity


def test_likeness_of_terms_is_over_both_vocabularies() -> None:
    old, new = np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    alike = term_similarity(old, ["apple", "soil"], new, ["soil", "apple", "ship"])
    assert alike == pytest.approx(np.array([[1.0, 0.0], [1 - np.sqrt(0.31127812445913283), 0.0]]))


def test_likeness_of_passages_is_weighted_by_their_length_and_a_trace_of_a_topic_is_not_like_one() -> None:
    old = np.array([[1.0, 0.001], [0.0, 0.001]])
    new = np.array([[1.0], [1.0]])
    assert passage_similarity(old, new, np.array([3.0, 1.0]))[0] == pytest.approx([0.75])
    assert passage_similarity(old, new, np.array([3.0, 1.0]))[1] == pytest.approx([0.001])


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [
        pytest.param(
            [[0.9, 0.1], [0.2, 0.8]],
            [Link(0, 0, "continued", 0.9), Link(1, 1, "continued", 0.8)],
            id="as they were",
        ),
        pytest.param(
            [[0.8, 0.7], [0.75, 0.1]],
            [Link(0, 1, "continued", 0.7), Link(1, 0, "continued", 0.75)],
            id="the best for all and not for the first",
        ),
        pytest.param([[0.8, 0.6]], [Link(0, 0, "continued", 0.8), Link(0, 1, "split", 0.6)], id="split"),
        pytest.param([[0.8], [0.6]], [Link(0, 0, "continued", 0.8), Link(1, 0, "merged", 0.6)], id="merged"),
        pytest.param(
            [[0.3]], [Link(None, 0, "born", 0.3), Link(0, None, "retired", 0.3)], id="nothing alike"
        ),
    ],
)  # fmt: skip
def test_each_topic_has_become_something(similarity: list[list[float]], expected: list[Link]) -> None:
    assert link_topics(np.array(similarity), least=0.5) == expected
