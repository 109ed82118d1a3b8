"""Topics: gensim's LDA over passages, with the number of topics and the seed chosen by coherence and stability."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tasks.annotate import Sentence, TermCount
from tasks.similarity import Duplicate
from tasks.stage import Columns, stage
from tasks.topic_inference import Placed, place
from tasks.topic_labels import label_topics, unique
from tasks.topic_quality import agreements, npmi_coherence, top_terms
from tasks.topic_start import starting_topics
from tasks.topic_units import Matrix, by_content, choose_vocabulary, grouped, read_stretches, row_sums, units_of

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
    seeds: int = Field(4, ge=1, le=50, description="samples of the passages on which each number of topics is tried")
    random_seed: int = Field(20150704, ge=0, le=2**31, description="the first of the seeds that samples are drawn with")
    passes: int = Field(3, ge=1, le=1000, description="passes of the fit over the passages; a small corpus gets more")
    shortest_unit: int = Field(
        100, ge=1, description="terms; shorter stretches are merged with the next of their document"
    )
    longest_unit: int = Field(300, ge=1, description="terms; stretches are not merged into longer ones")
    fewest_documents: int = Field(2, ge=1, description="documents that a term must occur in")
    most_documents: float = Field(0.5, gt=0, le=1, description="share of the units that a term may occur in at most")
    vocabulary: int = Field(20_000, ge=10, description="terms in the vocabulary at most")
    terms: int = Field(15, ge=3, le=100, description="terms listed for each topic")
    stopwords: tuple[str, ...] = Field((), description="terms left out; `_stopwords.csv` adds to them")


_SHORTEST, _FEWEST_UNITS = 40, 60


@dataclass(frozen=True)
class _Fit:
    """A fitted model: term probabilities (topics x vocabulary), the prior weight of each topic, and their coherence."""

    seed: int
    topics: Floats
    prior: Floats
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
    stretches = read_stretches(_usable(terms, settings.stopwords))
    # A small corpus is cut finer, so that there are units enough to tell topics apart.
    shortest = min(settings.shortest_unit, max(_SHORTEST, int(stretches.counts.sum()) // _FEWEST_UNITS))
    members = units_of(stretches, shortest, settings.longest_unit)
    units = grouped(stretches.counts, members)
    by_document = grouped(stretches.counts, stretches.document_of)
    stretches = stretches.only(
        choose_vocabulary(units, by_document, settings.fewest_documents, settings.most_documents, settings.vocabulary)
    )
    units = grouped(stretches.counts, members)
    units = units[row_sums(units) > 0]
    if not units.shape[0]:
        return
    units = units[by_content(units, stretches.terms)]
    fit, stable, tried = _choose(units, settings)
    placed = place(stretches, fit.topics, fit.prior, shortest, settings.longest_unit)
    order = np.argsort(-placed.amounts.sum(axis=0), kind="stable")
    fit = _Fit(fit.seed, fit.topics[order], fit.prior[order], fit.coherence[order])
    placed = replace(placed, amounts=placed.amounts[:, order])
    shares = placed.amounts.sum(axis=0) / placed.amounts.sum()
    vocabulary = stretches.terms
    ranked = top_terms(fit.topics, settings.terms)
    identifiers = unique([_topic_id([vocabulary[t] for t in row]) for row in ranked])
    model_id = "m" + hashlib.sha256(repr((vocabulary, np.round(fit.topics, 6).tolist())).encode()).hexdigest()[:12]
    yield TopicFit(
        model_id=model_id,
        topic_count=len(identifiers),
        documents=len(np.unique(placed.document_of)),
        passages=len(placed.passages),
        tokens=int(units.sum()),
        vocabulary=len(vocabulary),
        seed=fit.seed,
        coherence_npmi=_number(_mean(fit.coherence)),
        stability=_number(stable),
        candidates=tried,
        is_active=True,
    )
    labels = unique(label_topics(fit.topics, vocabulary))
    for identifier, label, coherence, share in zip(identifiers, labels, fit.coherence, shares, strict=True):
        yield Topic(identifier, model_id, label, _number(coherence), float(round(share, 6)))
    for identifier, weights, row in zip(identifiers, fit.topics, ranked, strict=True):
        for rank, term in enumerate(row, start=1):
            yield TopicTerm(identifier, vocabulary[term], rank, float(round(weights[term], 6)))
    yield from memberships(placed, identifiers)


def _grid(units: int, tokens: int, settings: TopicsSettings) -> list[int]:
    """The numbers of topics to try; more text supports more topics."""
    if settings.count is not None:
        return [min(settings.count, units)]
    largest = int(min(units // 6, 3 + 2 * (tokens / 1000) ** 0.5, 60))
    grid = [k for k in (3, 4, 5, 6, 8, 12, 16, 24, 32, 45, 60) if largest / 4 <= k <= largest]
    return grid[-4:] or [min(2, units)]


_SAMPLE = 1000  # units on which the number of topics is chosen
_DRAWN = 0.8  # share of the sample that each fit sees
_STABILITY_WEIGHT = 0.25  # against coherence; both fall as topics get many, stability much the faster


def _choose(units: Matrix, settings: TopicsSettings) -> tuple[_Fit, float, int]:
    """Fit each number of topics to several samples; take the number with the best coherence and stability, and fit it to all.

    Also return that number's stability (nan for a single sample) and how many fits there were. Topics whose coherence
    cannot be computed count as the worst, not as an average. The samples are drawn from the first of the units: they are
    in the order of a digest, and that is as good as chance. The seed is that whose topics agree most with the others'.
    """
    sample = units[:_SAMPLE]
    grid = _grid(units.shape[0], int(units.sum()), settings)
    seeds = [settings.random_seed + offset for offset in range(settings.seeds)]
    if len(grid) == len(seeds) == 1:
        return _fit(units, grid[0], seeds[0], settings), float("nan"), 1
    scored: list[tuple[float, int, int, float]] = []
    for count in grid:
        fits = [_fit(_drawn(sample, count, seed), count, seed, settings) for seed in seeds]
        agreement = agreements([fit.topics for fit in fits])
        stable = _mean(agreement)
        coherence = np.concatenate([npmi_coherence(fit.topics, sample) for fit in fits])
        score = _mean(np.nan_to_num(coherence, nan=-1.0)) + _STABILITY_WEIGHT * float(np.nan_to_num(stable))
        scored.append((score, -count, -int(np.argmax(np.nan_to_num(agreement))), stable))
    _, negative_count, negative_seed, stable = max(scored)
    return _fit(units, -negative_count, seeds[-negative_seed], settings), stable, len(grid) * len(seeds)


def _drawn(sample: Matrix, count: int, seed: int) -> Matrix:
    """A part of the sample, in its order, with no fewer units than topics."""
    size = min(sample.shape[0], max(count, round(_DRAWN * sample.shape[0])))
    return sample[np.sort(np.random.default_rng(seed).permutation(sample.shape[0])[:size])]


_CHUNK = 2000  # units between two updates of the model
_FEWEST_UNIT_PASSES, _MOST_PASSES = 2000, 15  # a small corpus is gone through more often, up to a bound


def _fit(units: Matrix, count: int, seed: int, settings: TopicsSettings) -> _Fit:
    from gensim.models import LdaModel

    # It warns whenever a step of a learned prior would leave the positive numbers; such a step is not taken.
    logging.getLogger("gensim.models.ldamodel").setLevel(logging.ERROR)
    model = LdaModel(
        id2word=_Places(units.shape[1]),
        num_topics=count,
        passes=max(settings.passes, min(_MOST_PASSES, _FEWEST_UNIT_PASSES // units.shape[0])),
        chunksize=_CHUNK,
        alpha="auto" if count > 1 else "symmetric",
        eta="auto" if units.shape[1] > 1 else "symmetric",
        eval_every=None,
        random_state=seed,
        dtype=np.float32,
    )
    # The first step of the fit sees these topics in place of random ones.
    model.state.sstats = (starting_topics(units, count, seed) * units.sum() / count).astype(np.float32)
    model.sync_state()
    model.update(_Bags(units))
    topics = np.asarray(model.get_topics(), dtype=np.float64)
    topics /= topics.sum(axis=1, keepdims=True)
    return _Fit(seed, topics, np.asarray(model.alpha, dtype=np.float64), npmi_coherence(topics, units))


class _Bags:
    """A sparse matrix as gensim reads a corpus: one list of pairs of term and count at a time."""

    def __init__(self, units: Matrix) -> None:
        self._units = units

    def __len__(self) -> int:
        return int(self._units.shape[0])

    def __iter__(self) -> Iterator[list[tuple[int, float]]]:
        units = self._units
        for start, end in zip(units.indptr[:-1], units.indptr[1:], strict=True):
            yield list(zip(units.indices[start:end].tolist(), units.data[start:end].tolist(), strict=True))


class _Places(dict[int, str]):
    """A vocabulary that gensim asks for no more than its size."""

    def __init__(self, size: int) -> None:
        super().__init__((place, "") for place in range(size))


def _usable(terms: pa.Table, stopwords: Iterable[str]) -> pa.Table:
    """The rows of terms that are neither names nor stop words."""
    import pyarrow.compute as pc

    left_out = pa.array(sorted({word.casefold() for word in stopwords}), pa.string())
    return terms.filter(pc.invert(pc.or_(terms["is_name"], pc.is_in(terms["term"], left_out))))


def _topic_id(terms: list[str]) -> str:
    return "t" + hashlib.sha256("|".join(terms).encode()).hexdigest()[:10]


def memberships(placed: Placed, topics: list[str]) -> Iterator[Columns]:
    """The topics of passages and documents as tables."""
    passages = placed.amounts / placed.amounts.sum(axis=1, keepdims=True)
    documents, position = np.unique(placed.document_of, return_inverse=True)
    totals = np.zeros((len(documents), len(topics)))
    np.add.at(totals, position, placed.amounts)
    totals /= totals.sum(axis=1, keepdims=True)
    document_ids = np.array(placed.documents, dtype=object)
    names = np.array(topics, dtype=object)
    yield Columns(
        PassageTopic,
        pa.table(
            {
                "passage_id": np.repeat(np.array(placed.passages, dtype=object), len(topics)),
                "document_id": np.repeat(document_ids[placed.document_of], len(topics)),
                "topic_id": np.tile(names, len(passages)),
                "weight": passages.ravel(),
            }
        ),
    )
    yield Columns(
        DocumentTopic,
        pa.table(
            {
                "document_id": np.repeat(document_ids[documents], len(topics)),
                "topic_id": np.tile(names, len(documents)),
                "weight": totals.ravel(),
            }
        ),
    )


def _mean(values: Floats) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _number(value: float | np.floating[Any]) -> float | None:
    return None if np.isnan(value) else float(round(float(value), 6))
