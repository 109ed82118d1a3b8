"""Topics: gensim's LDA over passages, with the number of topics and the seed chosen by coherence and stability."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.annotate import Sentence, TermCount
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage
from tasks.topic_labels import label_topics, unique
from tasks.topic_quality import npmi_coherence, stability, top_terms
from tasks.topic_units import Unit, choose_vocabulary, cut_into_units

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TopicFit:
    """One fitted model: what it was fitted on and how good it is."""

    TABLE: ClassVar[str] = "topic_fits"

    model_id: str
    topic_count: int
    documents: int
    passages: int
    tokens: int
    vocabulary: int
    seed: int
    coherence_npmi: float | None
    stability: float | None
    candidates: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the active model."""

    TABLE: ClassVar[str] = "topics"

    topic_id: str
    model_id: str
    label: str
    coherence_npmi: float | None
    share: float


@dataclass(frozen=True, slots=True)
class TopicTerm:
    """One of the terms that tell a topic from the others; weight is the term's probability in the topic."""

    TABLE: ClassVar[str] = "topic_terms"

    topic_id: str
    term: str
    rank: int
    weight: float


@dataclass(frozen=True, slots=True)
class PassageTopic:
    """How much of a passage is about a topic."""

    TABLE: ClassVar[str] = "passage_topics"

    passage_id: str
    document_id: str
    topic_id: str
    weight: float


@dataclass(frozen=True, slots=True)
class DocumentTopic:
    """How much of a document is about a topic: its passages, weighted by their length. The weights sum to 1."""

    TABLE: ClassVar[str] = "document_topics"

    document_id: str
    topic_id: str
    weight: float


class TopicsSettings(BaseModel, frozen=True, extra="forbid"):
    """The topic model."""

    count: int | None = Field(None, ge=1, le=500, description="number of topics; left out, it is chosen")
    seeds: int = Field(4, ge=1, le=50, description="random seeds tried for each number of topics")
    random_seed: int = Field(20150704, ge=0, le=2**31, description="the first of the seeds")
    passes: int = Field(10, ge=1, le=1000, description="passes of the fit over the passages; a small corpus gets more")
    shortest_unit: int = Field(
        40, ge=1, description="terms; shorter stretches are merged with the next of their document"
    )
    longest_unit: int = Field(200, ge=1, description="terms; stretches are not merged into longer ones")
    fewest_documents: int = Field(2, ge=1, description="documents that a term must occur in")
    most_documents: float = Field(0.5, gt=0, le=1, description="share of the units that a term may occur in at most")
    vocabulary: int = Field(20_000, ge=10, description="terms in the vocabulary at most")
    terms: int = Field(15, ge=3, le=100, description="terms listed for each topic")
    stopwords: tuple[str, ...] = Field((), description="terms left out; `_stopwords.csv` adds to them")


@dataclass(frozen=True)
class _Fit:
    """A fitted model: topic-term probabilities (topics x vocabulary) and unit-topic shares (units x topics)."""

    seed: int
    topics: Floats
    units: Floats
    coherence: Floats


def load_gensim(_: TopicsSettings) -> None:
    """Import what a fit needs."""
    import scipy.optimize
    import scipy.sparse  # noqa: F401
    from gensim.models import LdaModel  # noqa: F401


@stage(
    reads=(TermCount, Sentence, Duplicate),
    writes=(TopicFit, Topic, TopicTerm, PassageTopic, DocumentTopic),
    version=1,
    settings=TopicsSettings,
    queries=("passage_terms",),
    libraries=("gensim", "numpy", "scipy"),
    load=load_gensim,
)
def topics(terms: pa.Table, settings: TopicsSettings) -> Iterator[TopicFit | Topic | TopicTerm | Columns]:
    """Fit topics to the passages and say how much of each passage and document is about which.

    `terms` has one row per stretch of a passage and term with `document_id`, `passage_id`, `stretch`, `term`,
    `occurrences` and `is_name`, sorted by these; documents that repeat another are left out.
    """
    units = cut_into_units(terms, settings.stopwords, settings.shortest_unit, settings.longest_unit)
    vocabulary = choose_vocabulary(units, settings.fewest_documents, settings.most_documents, settings.vocabulary)
    index = {term: position for position, term in enumerate(vocabulary)}
    bags = [[(index[t], n) for t, n in sorted(unit.terms.items()) if t in index] for unit in units]
    kept = [position for position, bag in enumerate(bags) if bag]
    units, bags = [units[position] for position in kept], [bags[position] for position in kept]
    if not bags:
        return
    fit, stable, tried = _choose(bags, vocabulary, settings)
    order = np.argsort(-_shares(fit, bags), kind="stable")
    fit = _Fit(fit.seed, fit.topics[order], fit.units[:, order], fit.coherence[order])
    ranked = top_terms(fit.topics, settings.terms)
    identifiers = unique([_topic_id([vocabulary[t] for t in row]) for row in ranked])
    model_id = "m" + hashlib.sha256(repr((vocabulary, np.round(fit.topics, 6).tolist())).encode()).hexdigest()[:12]
    yield TopicFit(
        model_id=model_id,
        topic_count=len(identifiers),
        documents=len({unit.document_id for unit in units}),
        passages=len({passage for unit in units for passage in unit.passages}),
        tokens=sum(count for bag in bags for _, count in bag),
        vocabulary=len(vocabulary),
        seed=fit.seed,
        coherence_npmi=_number(_mean(fit.coherence)),
        stability=_number(stable),
        candidates=tried,
        is_active=True,
    )
    labels = unique(label_topics(fit.topics, vocabulary))
    for identifier, label, coherence, share in zip(identifiers, labels, fit.coherence, _shares(fit, bags), strict=True):
        yield Topic(identifier, model_id, label, _number(coherence), float(round(share, 6)))
    for identifier, weights, row in zip(identifiers, fit.topics, ranked, strict=True):
        for rank, term in enumerate(row, start=1):
            yield TopicTerm(identifier, vocabulary[term], rank, float(round(weights[term], 6)))
    yield from _memberships(units, bags, fit.units, identifiers)


def _grid(units: int, tokens: int, settings: TopicsSettings) -> list[int]:
    """The numbers of topics to try; more text supports more topics."""
    if settings.count is not None:
        return [min(settings.count, units)]
    largest = int(min(units // 6, 3 + 2 * (tokens / 1000) ** 0.5, 60))
    grid = [k for k in (3, 4, 5, 6, 8, 12, 16, 24, 32, 45, 60) if largest / 4 <= k <= largest]
    return grid[-4:] or [min(2, units)]


_SAMPLE = 1000  # units on which the number of topics and the seed are chosen
_STABILITY_WEIGHT = 0.25  # against coherence; both fall as topics get many, stability much the faster


def _choose(
    bags: list[list[tuple[int, int]]], vocabulary: list[str], settings: TopicsSettings
) -> tuple[_Fit, float, int]:
    """Fit each number of topics with each seed; take the number with the best coherence and stability, then its best seed.

    Also return that number's stability (nan for a single seed) and how many fits there were. Topics whose coherence
    cannot be computed count as the worst, not as an average. A large corpus is judged by a sample, which is the first of its
    units: they are in the order of a digest, and that is as good as chance.
    """
    sample = bags[:_SAMPLE]
    tokens = sum(count for bag in bags for _, count in bag)
    scored: list[tuple[float, int, _Fit, float]] = []
    tried = 0
    for count in _grid(len(bags), tokens, settings):
        fits = [
            _fit(sample, vocabulary, count, settings.random_seed + offset, settings) for offset in range(settings.seeds)
        ]
        tried += len(fits)
        stable = stability([fit.topics for fit in fits])
        mean = float(np.mean([_mean(np.nan_to_num(fit.coherence, nan=-1.0)) for fit in fits]))
        best = max(fits, key=lambda fit: (_mean(np.nan_to_num(fit.coherence, nan=-1.0)), -fit.seed))
        scored.append((mean + _STABILITY_WEIGHT * (0.0 if np.isnan(stable) else stable), -count, best, stable))
    _, negative_count, fit, stable = max(scored, key=lambda entry: entry[:2])
    if len(sample) < len(bags):
        fit = _fit(bags, vocabulary, -negative_count, fit.seed, settings)
    return fit, stable, tried


_CHUNK = 2000  # units between two updates of the model
_FEWEST_UNIT_PASSES, _MOST_PASSES = 10_000, 15  # a small corpus is gone through more often, up to a bound


def _fit(
    bags: list[list[tuple[int, int]]], vocabulary: list[str], count: int, seed: int, settings: TopicsSettings
) -> _Fit:
    from gensim.models import LdaModel

    model = LdaModel(
        bags,
        id2word=dict(enumerate(vocabulary)),
        num_topics=count,
        passes=max(settings.passes, min(_MOST_PASSES, _FEWEST_UNIT_PASSES // len(bags))),
        chunksize=_CHUNK,
        iterations=50,
        alpha="auto" if count > 1 else "symmetric",
        eta="auto" if len(vocabulary) > 1 else "symmetric",
        eval_every=None,
        random_state=seed,
        dtype=np.float32,
    )
    distributions = np.asarray(model.get_topics(), dtype=np.float64)
    model.random_state = np.random.RandomState(seed)
    gamma, _ = model.inference(bags)
    shares = np.asarray(gamma / gamma.sum(axis=1, keepdims=True), dtype=np.float64)
    return _Fit(seed, distributions, shares, npmi_coherence(distributions, bags))


def _shares(fit: _Fit, bags: list[list[tuple[int, int]]]) -> Floats:
    lengths = np.array([sum(count for _, count in bag) for bag in bags], dtype=np.float64)
    weighted: Floats = lengths @ fit.units
    shares: Floats = weighted / weighted.sum()
    return shares


def _topic_id(terms: list[str]) -> str:
    return "t" + hashlib.sha256("|".join(terms).encode()).hexdigest()[:10]


def _memberships(
    units: list[Unit], bags: list[list[tuple[int, int]]], shares: Floats, topics: list[str]
) -> Iterator[Columns]:
    """The topics of passages and documents, as averages of the units that they belong to, weighted by length."""
    passages: dict[tuple[str, str], Floats] = {}
    documents: dict[str, Floats] = {}
    for unit, bag, share in zip(units, bags, shares, strict=True):
        weighted = share * sum(count for _, count in bag)
        for passage in unit.passages:
            key = (passage, unit.document_id)
            passages[key] = passages.get(key, np.zeros(len(topics))) + weighted
        documents[unit.document_id] = documents.get(unit.document_id, np.zeros(len(topics))) + weighted
    rows = [
        (*key, topic, weight)
        for key, weights in sorted(passages.items())
        for topic, weight in zip(topics, _normal(weights), strict=True)
    ]
    yield _table(PassageTopic, rows)
    yield _table(
        DocumentTopic,
        [
            (key, topic, weight)
            for key, weights in sorted(documents.items())
            for topic, weight in zip(topics, _normal(weights), strict=True)
        ],
    )


def _normal(weights: Floats) -> list[float]:
    return [float(weight) for weight in weights / weights.sum()]


def _table(record: Any, rows: list[tuple[Any, ...]]) -> Columns:
    schema = arrow_schema(record)
    return Columns(record, pa.table([list(column) for column in zip(*rows, strict=True)], schema=schema))


def _mean(values: Floats) -> float:
    return float(np.mean(values))


def _number(value: float | np.floating[Any]) -> float | None:
    return None if np.isnan(value) else float(round(float(value), 6))
