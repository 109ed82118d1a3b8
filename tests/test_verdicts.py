"""Verdicts: which word sums up what the tests say, and how often it is right on simulated terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tasks.bursts import Counts
from tasks.verdicts import Evidence, Floats, Periods, VerdictSettings, gates, judge, weigh

SETTINGS = VerdictSettings()


def periods_of(number: int, tokens: float | Floats = 10_000.0, documents: float = 1.0, unfinished: int = 0) -> Periods:
    return Periods(
        np.arange(number, dtype=float),
        np.broadcast_to(np.asarray(tokens, dtype=float), number),
        np.full(number, documents),
        np.arange(number) < number - unfinished,
    )


def sparse(occurrences: Floats, documents: Floats) -> Counts:
    rows, columns = np.nonzero(occurrences)
    return Counts(rows, columns, occurrences[rows, columns].astype(int), documents[rows, columns].astype(int))


def weighed(
    series: Sequence[Sequence[float]] | Floats,
    periods: Periods | None = None,
    documents: Sequence[Sequence[float]] | Floats | None = None,
    **options: Any,
) -> tuple[list[str], Evidence]:
    """Verdicts and evidence for terms by period; each stands in one document of a period unless said otherwise."""
    occurrences = np.asarray(series, dtype=float)
    settings = VerdictSettings(**options)
    periods = periods or periods_of(occurrences.shape[1])
    carried = np.minimum(occurrences, 1) if documents is None else np.asarray(documents, dtype=float)
    evidence = weigh(sparse(occurrences, carried), np.arange(len(occurrences)), periods, settings)
    return list(judge(evidence, settings).verdict), evidence


FLAT = [3, 4, 3, 5, 4, 3, 4, 4, 3, 5, 4, 3]
QUIET = [0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1]
LOUD = [19, 22, 18, 21, 20, 19]


@pytest.mark.parametrize(
    ("series", "verdict"),
    [
        pytest.param(FLAT * 3, "steady", id="flat"),
        pytest.param(list(range(1, 37)), "rising", id="a rise"),
        pytest.param(list(range(36, 0, -1)), "falling", id="a fall"),
        pytest.param([0] * 20 + list(range(1, 17)), "rising", id="a rise out of nothing"),
        pytest.param(list(range(16, 0, -1)) + [0] * 20, "falling", id="a fall to nothing, long ago"),
        pytest.param(QUIET + LOUD + QUIET + QUIET, "burst", id="it came and went"),
        pytest.param([0] * 12 + LOUD + [0] * 24, "burst", id="out of nothing and back"),
        pytest.param([0] * 18 + LOUD + QUIET, "burst", id="late, and nothing before"),
        pytest.param([4] * 8 + [0] * 24 + LOUD, "burst", id="it has come"),
        pytest.param(FLAT * 2 + [4] * 4 + [0] * 8, "vanished", id="steady and then not there"),
        pytest.param(list(range(28, 0, -1)) + [0] * 8, "falling", id="fallen before it fell silent"),
        pytest.param(FLAT * 2 + [4] * 10 + [0] * 2, "steady", id="a silence that may be chance"),
    ],
)
def test_one_word_for_each_shape(series: list[int], verdict: str) -> None:
    assert weighed([series])[0] == [verdict]


def test_a_term_of_the_unfinished_period_has_not_vanished() -> None:
    series = FLAT * 2 + [4] * 4 + [0] * 8
    with_it, without = (weighed([[*series, last]], periods_of(37, unfinished=1))[0] for last in (1, 0))
    assert with_it != ["vanished"]
    assert without == ["vanished"]


def test_the_unfinished_period_makes_no_silence_longer() -> None:
    series = FLAT * 2 + [4] * 4 + [0] * 8
    finished, with_another = weighed([series]), weighed([[*series, 0]], periods_of(37, unfinished=1))
    assert with_another[1].absence_p_value == finished[1].absence_p_value


def test_a_silence_in_short_documents_tells_less() -> None:
    series = FLAT * 2 + [4] * 4 + [0] * 8
    tokens = np.r_[np.full(28, 10_000.0), np.full(8, 300.0)]
    assert weighed([series], periods_of(36, tokens))[0] != ["vanished"]


def test_a_faint_drift_is_no_trend() -> None:
    draw = np.random.default_rng(8)
    series = draw.poisson(np.linspace(20, 24, 230))[None]
    assert weighed(series, smallest_tau=0)[0] == ["rising"]
    assert weighed(series)[0] == ["steady"]


@pytest.mark.parametrize(
    "options",
    [
        {"burst_ratio": 30},
        {"burst_cost": 60},
        {"burst_documents": 7},
        {"burst_share": 0.95},
        {"false_discovery_rate": 1e-12},
    ],
    ids=str,
)
def test_each_setting_of_bursts_has_its_effect(options: dict[str, float]) -> None:
    series = [QUIET + LOUD + QUIET + QUIET]
    assert weighed(series)[0] == ["burst"]
    assert weighed(series, **options)[0] == ["steady"]


def test_terms_are_weighed_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    series = np.random.default_rng(4).poisson(np.linspace(0.3, 3, 30), (40, 30)).astype(float)
    series[:, 0] = 1
    together = weighed(series)[1]
    monkeypatch.setattr("tasks.verdicts._CELLS_AT_ONCE", 30 * 7)
    for whole, part in zip(together, weighed(series)[1], strict=True):
        np.testing.assert_array_equal(whole, part)


def test_terms_that_are_not_tested_do_not_shift_the_others() -> None:
    series = np.random.default_rng(5).poisson(1.0, (9, 24)).astype(float)
    counts, tested = sparse(series, np.minimum(series, 1)), np.array([1, 4, 8])
    some = weigh(counts, tested, periods_of(24), SETTINGS)
    for few, every in zip(some, weighed(series)[1], strict=True):
        np.testing.assert_array_equal(few, every[tested])


# -- a simulated corpus -----------------------------------------------------------------------------------------------

YEARS = 230
KINDS = {"burst": 40, "rising": 30, "falling": 30, "steady": 600}


def addresses(seed: int) -> tuple[list[str], Floats, Floats]:
    """One document a year of 1,000 to 33,000 words: terms of four kinds, by occurrences, and the words of each year.

    Each term has its author's habits, for up to eight years at a time, and stands in clumps, so that counts vary far more
    than by chance.
    """
    draw = np.random.default_rng(seed)
    words = np.exp(draw.normal(8.9, 0.6, YEARS)).clip(1_000, 33_000)
    author = np.repeat(np.arange(YEARS), draw.integers(1, 9, YEARS))[:YEARS]
    years = np.arange(YEARS)
    kinds, rates = [], []
    for kind, number in KINDS.items():
        for _ in range(number):
            turn, height = draw.integers(60, 150), draw.uniform(4, 12)
            if kind == "burst":
                rate = np.full(YEARS, 0.15)
                rate[turn : turn + draw.integers(5, 12)] = height
            elif kind == "rising":
                rate = 0.05 + height * np.maximum(0, years - turn) / (YEARS - turn)
            elif kind == "falling":
                rate = 0.05 + height * np.maximum(0, turn - years) / turn
            else:
                rate = np.full(YEARS, np.exp(draw.uniform(-1, 3.4)))
            kinds.append(kind)
            rates.append(rate * np.exp(draw.normal(0, 0.25, YEARS))[author] * draw.gamma(2, 0.5, YEARS))
    return kinds, draw.poisson(np.array(rates) * words / 10_000).astype(float), words


@pytest.fixture(scope="module")
def called() -> Counter[tuple[str, str]]:
    """How many terms of each kind have which verdict, in three simulated corpora."""
    found: Counter[tuple[str, str]] = Counter()
    for seed in range(3):
        kinds, occurrences, words = addresses(seed)
        documents = np.minimum(occurrences, 1)
        largest_share = occurrences.max(axis=1) / occurrences.sum(axis=1).clip(1)
        nobody, everybody = np.zeros(len(kinds)), np.ones(len(kinds), dtype=int)
        sums = documents.sum(axis=1), occurrences.sum(axis=1)
        failed = gates(*sums, largest_share, everybody, nobody, SETTINGS)
        tested = np.flatnonzero(failed == "")
        evidence = weigh(sparse(occurrences, documents), tested, periods_of(YEARS, words), SETTINGS)
        found.update(zip([kinds[row] for row in tested], judge(evidence, SETTINGS).verdict, strict=True))
        found.update((kinds[row], "insufficient") for row in np.flatnonzero(failed != ""))
    return found


@pytest.mark.parametrize(("kind", "least"), [("burst", 0.8), ("rising", 0.9), ("falling", 0.9), ("steady", 0.97)])
def test_most_terms_are_called_what_they_are(called: Counter[tuple[str, str]], kind: str, least: float) -> None:
    assert called[kind, kind] / (3 * KINDS[kind]) > least


def test_few_of_the_calls_are_false(called: Counter[tuple[str, str]]) -> None:
    calls = {pair: number for pair, number in called.items() if pair[1] in ("rising", "falling", "burst", "vanished")}
    false = sum(number for (kind, verdict), number in calls.items() if kind != verdict)
    assert false / sum(calls.values()) < 0.1


@pytest.mark.parametrize("shape", ["seasons", "memory"])
def test_what_only_comes_and_goes_is_rarely_called_a_trend(shape: str) -> None:
    draw = np.random.default_rng(12)
    if shape == "seasons":
        rates = 6 * (1 + 0.8 * np.sin(2 * np.pi * (np.arange(60)[None] + draw.integers(0, 12, (400, 1))) / 12))
    else:
        steps = draw.normal(0, 0.3, (400, 90))
        memory = np.zeros((400, 90))
        for month in range(1, 90):
            memory[:, month] = 0.6 * memory[:, month - 1] + steps[:, month]
        rates = 6 * np.exp(memory[:, 30:])
    occurrences = draw.poisson(rates).astype(float)
    verdicts, _ = weighed(occurrences, periods_of(60, documents=5), np.minimum(occurrences, 5))
    counted = Counter(verdicts)
    assert (counted["rising"] + counted["falling"]) / 400 < 0.03
    assert counted["burst"] / 400 < 0.06


def test_a_step_is_found_and_its_direction_told() -> None:
    draw = np.random.default_rng(13)
    levels = np.r_[np.full(30, 2.0), np.full(30, 5.0)]
    up, down = draw.poisson(levels, (100, 60)).astype(float), draw.poisson(levels[::-1], (100, 60)).astype(float)
    verdicts, _ = weighed(np.vstack([up, down]), periods_of(60, documents=5))
    assert verdicts[:100].count("rising") > 95
    assert verdicts[100:].count("falling") > 95
