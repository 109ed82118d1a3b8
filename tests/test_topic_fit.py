"""Fits: the sections of a corpus, the same whatever seed and size of parts, with the number of topics chosen or given."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from tasks import topic_fit
from tasks.topic_fit import Fit, choose, fit_topics
from tasks.topic_inference import fold_in
from tasks.topic_units import Matrix

SECTIONS, SUBJECTS, OWN, COMMON = 4, 3, 30, 200


def sections(units: int, seed: int = 1) -> Matrix:
    """Units of four sections by turns, each with subjects of its own, in words of the section, the subject and all."""
    draw = np.random.default_rng(seed)
    rows = np.zeros((units, COMMON + SECTIONS * (SUBJECTS + 1) * OWN))
    zipf = 1 / np.arange(1, OWN + 1)
    for unit in range(units):
        section, subject = unit % SECTIONS, int(draw.choice(SUBJECTS, p=(0.6, 0.3, 0.1)))
        chances = np.zeros(rows.shape[1])
        chances[:COMMON] = 0.5 / COMMON
        start = COMMON + section * (SUBJECTS + 1) * OWN
        for part, share in ((0, 0.2), (subject + 1, 0.3)):
            chances[start + part * OWN :][:OWN] = share * zipf / zipf.sum()
        rows[unit] = draw.multinomial(60, chances)
    return csr_matrix(rows)


def purity(fit: Fit, units: Matrix) -> float:
    """The share of units whose largest topic is mostly of their section."""
    largest = fold_in(units, fit.topics, fit.prior).argmax(axis=1)
    counts = np.zeros((SECTIONS, SECTIONS))
    np.add.at(counts, (largest, np.arange(units.shape[0]) % SECTIONS), 1)
    return float(counts.max(axis=1).sum() / units.shape[0])


def farthest(one: Fit, other: Fit) -> float:
    """How far a topic of one fit is from the nearest of the other, at most: the sum of the differences of its terms."""
    apart = np.abs(one.topics[:, None] - other.topics[None]).sum(axis=2)
    return float(apart.min(axis=1).max())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_many_topics_as_sections_are_the_sections_and_not_their_subjects(seed: int) -> None:
    units = sections(300, seed)
    assert purity(fit_topics(units, SECTIONS, seed=1, passes=3), units) > 0.95


def test_another_seed_gives_the_same_topics() -> None:
    units = sections(120)
    one, other = (fit_topics(units, SECTIONS, seed, passes=3) for seed in (1, 2))
    assert farthest(one, other) < 0.02


def test_a_few_units_more_than_a_part_do_not_undo_what_the_part_has_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    units = sections(122)
    whole = fit_topics(units, SECTIONS, seed=1, passes=3)
    monkeypatch.setattr(topic_fit, "_CHUNK", 120)
    parted = fit_topics(units, SECTIONS, seed=1, passes=3)
    assert farthest(whole, parted) < 0.25


def test_a_fit_to_many_units_goes_on_from_one_to_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    units = sections(300)
    monkeypatch.setattr(topic_fit, "_STARTED", 100)
    fit = fit_topics(units, SECTIONS, seed=1, passes=3)
    assert purity(fit, units) > 0.95


@pytest.mark.parametrize(("count", "seeds", "tried"), [(None, 1, 4), (None, 2, 8), (3, 2, 2), (3, 1, 1)])
def test_each_number_of_topics_is_tried_with_each_seed(count: int | None, seeds: int, tried: int) -> None:
    fit, stability, fits = choose(sections(120), count, range(7, 7 + seeds), passes=1)
    assert fits == tried
    assert np.isnan(stability) == (seeds == 1)
    assert count in (None, len(fit.topics))
    assert fit.seed in range(7, 7 + seeds)


def test_a_fit_that_does_not_stay_finite_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for start in ("factored_topics", "clustered_topics"):
        monkeypatch.setattr(topic_fit, start, lambda units, count: np.full((count, units.shape[1]), np.inf))
    with pytest.raises(FloatingPointError, match="a fit of 4 topics to 20 units"):
        fit_topics(sections(20), SECTIONS, seed=1, passes=1)
