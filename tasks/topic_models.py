"""Topic models, each the successor of one before it: fitted, its topics named after those of that one where they are alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.topic_corpus import Corpus
from tasks.topic_fit import Fit, choose
from tasks.topic_identity import link_topics, passage_similarity, term_similarity
from tasks.topic_inference import fold_in
from tasks.topic_labels import label_topics
from tasks.topic_quality import top_terms
from tasks.topic_units import matrix_of, row_sums

if TYPE_CHECKING:
    from tasks.topics import TopicsSettings


@dataclass(frozen=True, slots=True)
class TopicFit:
    """One fitted model: what it was fitted on and how good it is. `terms` are empty where its weights are not kept."""

    TABLE: ClassVar[str] = "topic_fits"

    model_id: str
    number: int
    status: str
    topic_count: int
    documents: int
    passages: int
    tokens: int
    corpus_tokens: int
    vocabulary: int
    terms: tuple[str, ...]
    shortest_unit: int
    longest_unit: int
    seed: int
    coherence_npmi: float | None
    stability: float | None
    candidates: int


@dataclass(frozen=True, slots=True)
class TopicWeights:
    """One topic of a model that is kept: its label and the probability of each of the model's terms."""

    TABLE: ClassVar[str] = "topic_weights"

    model_id: str
    topic_id: str
    position: int
    label: str
    coherence_npmi: float | None
    prior: float
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TopicLink:
    """What became of a topic from one model to the next, and what it was called in both: a model that is gone tells no more."""

    TABLE: ClassVar[str] = "topic_lineage"

    from_model_id: str
    to_model_id: str
    from_topic_id: str | None
    to_topic_id: str | None
    relation: str
    similarity: float | None
    from_label: str | None
    to_label: str | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it links, which no other link does."""
        return self.from_model_id, self.to_model_id, self.from_topic_id or "", self.to_topic_id or ""


@dataclass(frozen=True)
class Model:
    """A fit with its topics' names, and what is on record about it."""

    record: TopicFit
    fit: Fit
    ids: list[str]
    labels: list[str]

    @property
    def model_id(self) -> str:
        return self.record.model_id


_COMPARED = 2000  # units by which topics of two models are compared
_SUPPORTED = 0.25  # share of a topic, against the mean of all, from which losing its label counts


def succeed(
    corpus: Corpus,
    before: Model | None,
    named: set[str],
    links: list[TopicLink],
    number: int,
    tokens: int,
    settings: TopicsSettings,
) -> tuple[Model, list[TopicLink], int, int]:
    """Fit a model and name its topics after those of the one before.

    Also return the links between the two, and how many labels are lost of how many that count: those that the analyst has
    given, and in a corpus that is large those of every topic with support.
    """
    seeds = range(settings.random_seed, settings.random_seed + settings.seeds)
    fit, stable, tried = choose(corpus.units, settings.count, seeds, settings.passes)
    compared = corpus.units[:_COMPARED]
    lengths = row_sums(compared)
    shares = fold_in(compared, fit.topics, fit.prior)
    order = np.argsort(-(lengths @ shares), kind="stable")
    fit = Fit(fit.seed, fit.topics[order], fit.prior[order], fit.coherence[order])
    known = int(corpus.units.sum())
    model_id = "m" + hashlib.sha256(repr((corpus.terms, np.round(fit.topics, 6).tolist())).encode()).hexdigest()[:12]
    record = TopicFit(
        model_id=model_id,
        number=number,
        status="active",
        topic_count=len(order),
        documents=corpus.documents,
        passages=corpus.passages,
        tokens=known,
        corpus_tokens=max(tokens, known),
        vocabulary=len(corpus.terms),
        terms=tuple(corpus.terms),
        shortest_unit=corpus.shortest_unit,
        longest_unit=max(corpus.shortest_unit, settings.longest_unit),
        seed=fit.seed,
        coherence_npmi=rounded(np.mean(fit.coherence)),
        stability=rounded(stable),
        candidates=tried,
    )
    taken = {topic for link in links for topic in (link.from_topic_id, link.to_topic_id) if topic is not None}
    if before is None:
        return _named(record, fit, {}, {}, taken), [], 0, 0
    if before.model_id == model_id:
        return replace(before, record=replace(record, number=before.record.number)), [], 0, 0
    within = {term: position for position, term in enumerate(corpus.terms)}
    shared = [position for position, term in enumerate(before.record.terms) if term in within]
    part = compared[:, [within[before.record.terms[position]] for position in shared]]
    earlier = fold_in(part, before.fit.topics[:, shared], before.fit.prior)
    alike = (
        term_similarity(before.fit.topics, list(before.record.terms), fit.topics, corpus.terms)
        + passage_similarity(earlier, shares[:, order], lengths)
    ) / 2
    found = link_topics(alike, settings.least_similarity)
    continued = {
        link.new: link.old
        for link in found
        if link.relation == "continued" and link.old is not None and link.new is not None
    }
    model = _named(
        record,
        fit,
        {new: before.ids[old] for new, old in continued.items()},
        {new: before.labels[old] for new, old in continued.items()},
        taken | set(before.ids),
    )
    support = lengths @ earlier / lengths.sum() * len(before.ids)
    at_stake = {
        old
        for old, topic in enumerate(before.ids)
        if topic in named or (tokens >= settings.small_corpus and support[old] >= _SUPPORTED)
    }
    new_links = [
        TopicLink(
            before.model_id,
            model_id,
            None if link.old is None else before.ids[link.old],
            None if link.new is None else model.ids[link.new],
            link.relation,
            rounded(link.similarity),
            None if link.old is None else before.labels[link.old],
            None if link.new is None else model.labels[link.new],
        )
        for link in found
    ]
    return model, new_links, len(at_stake - set(continued.values())), len(at_stake)


def _named(record: TopicFit, fit: Fit, ids: dict[int, str], labels: dict[int, str], taken: set[str]) -> Model:
    """A model whose topics have the given ids and labels, by position, and new ones where there is none."""
    taken = set(taken)
    every: list[str] = []
    for position, row in enumerate(top_terms(fit.topics, _NAMING)):
        topic, attempt = ids.get(position, ""), 0
        while not topic or (position not in ids and topic in taken):
            topic, attempt = _topic_id([record.terms[term] for term in row], attempt), attempt + 1
        taken.add(topic)
        every.append(topic)
    return Model(record, fit, every, label_topics(fit.topics, list(record.terms), labels))


_NAMING = 15  # top terms that the id of a new topic is a digest of


def _topic_id(terms: list[str], attempt: int) -> str:
    return "t" + hashlib.sha256("|".join([*terms, *([str(attempt)] if attempt else [])]).encode()).hexdigest()[:10]


def read_models(fits: list[TopicFit], kept: pa.Table) -> list[Model]:
    """The models whose topics are kept."""
    models = []
    for record in fits:
        own = kept.filter(pc.equal(kept["model_id"], record.model_id))
        if own.num_rows:
            coherence = np.array(own["coherence_npmi"].to_pylist(), dtype=np.float64)
            fit = Fit(record.seed, matrix_of(own["weights"]), own["prior"].to_numpy(), coherence)
            models.append(Model(record, fit, own["topic_id"].to_pylist(), own["label"].to_pylist()))
    return models


def rounded(value: float | np.floating[Any]) -> float | None:
    """A number as it is stored, to six digits; None where it is none."""
    return None if np.isnan(value) else float(round(float(value), 6))
