"""Topics: gensim's LDA over passages, with the number of topics and the seed chosen by coherence and stability."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, Field

from tasks.annotate import Sentence, TermCount
from tasks.memory import release_unused
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage
from tasks.topic_fit import Fit, choose, load_gensim
from tasks.topic_identity import link_topics, passage_similarity, term_similarity
from tasks.topic_inference import fold_in
from tasks.topic_labels import label_topics
from tasks.topic_quality import top_terms
from tasks.topic_units import (
    Matrix,
    by_content,
    choose_vocabulary,
    grouped,
    matrix_of,
    read_stretches,
    row_sums,
    units_of,
)


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
    """What became of a topic from one model to the next."""

    TABLE: ClassVar[str] = "topic_lineage"

    from_model_id: str
    to_model_id: str
    from_topic_id: str | None
    to_topic_id: str | None
    relation: str
    similarity: float | None


@dataclass(frozen=True, slots=True)
class TopicTerm:
    """One of a topic's most probable terms; weight is the term's probability in the topic."""

    TABLE: ClassVar[str] = "topic_terms"

    topic_id: str
    model_id: str
    term: str
    rank: int
    weight: float


@dataclass(frozen=True, slots=True)
class TopicState:
    """What became of the model when the corpus last changed, and why."""

    TABLE: ClassVar[str] = "topic_states"

    model_id: str | None
    decision: str
    reason: str
    tokens: int
    token_growth: float | None
    unknown_share: float | None
    lost_labels: int


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
    small_corpus: int = Field(
        300_000,
        ge=0,
        description="occurrences of terms; a smaller corpus is refitted whenever it changes",
        json_schema_extra={"shapes_output": False},
    )
    refit_growth: float = Field(
        0.2,
        ge=0,
        description="share by which the occurrences of terms may grow or shrink before the topics are refitted",
        json_schema_extra={"shapes_output": False},
    )
    refit_unknown: float = Field(
        0.1,
        ge=0,
        le=1,
        description="share of unknown terms in what is new, above that at the fit, from which the topics are refitted",
        json_schema_extra={"shapes_output": False},
    )
    least_similarity: float = Field(
        0.4,
        ge=0,
        le=1,
        description="likeness to a topic of the model before from which a topic is taken to be the same",
        json_schema_extra={"shapes_output": False},
    )
    most_lost_labels: float = Field(
        0.3,
        ge=0,
        le=1,
        description="share of labels that a refit may lose; one that loses more is set aside",
        json_schema_extra={"shapes_output": False},
    )


_SHORTEST, _FEWEST_UNITS = 40, 60


@dataclass(frozen=True)
class _Model:
    """A fit with its topics' names, and what is on record about it."""

    record: TopicFit
    fit: Fit
    ids: list[str]
    labels: list[str]

    @property
    def model_id(self) -> str:
        return self.record.model_id


@stage(
    reads=(TermCount, Sentence, Duplicate),
    writes=(TopicFit, TopicWeights, TopicLink, TopicTerm, TopicState),
    version=1,
    settings=TopicsSettings,
    queries=("topic_history", "kept_topics", "lineage", "topic_growth"),
    deferred=("document_ids", "passage_terms", "names", "known_terms"),
    libraries=("gensim", "numpy", "scipy"),
    load=load_gensim,
)
def topics(
    history: pa.Table,
    kept: pa.Table,
    lineage: pa.Table,
    growth: pa.Table,
    documents: Callable[[], pa.Table],
    terms: Callable[[pa.Array], pa.Table],
    names: Callable[[], pa.Table],
    known: Callable[[], pa.Table],
    settings: TopicsSettings,
    *,
    reason: str,
) -> Iterator[TopicFit | TopicLink | TopicTerm | TopicState | Columns]:
    """Fit topics to the passages if the corpus has outgrown the model, and carry ids and labels over from the one before.

    `history`, `kept` and `lineage` are what the stage gave before; `growth` has the present `tokens`, and `known` reads how
    many of them are `known` to the active model. What there is to fit to is read by `documents`, `terms` and `names`, as
    `read_terms` says.
    """
    fits = [TopicFit(**{**row, "terms": tuple(row["terms"])}) for row in history.to_pylist()]
    models = _read_models(fits, kept)
    named = set(kept.filter(kept["is_named"])["topic_id"].to_pylist())
    links = [TopicLink(**row) for row in lineage.to_pylist()]
    active = next((model for model in models if model.record.status == "active"), None)
    tokens = _total(growth, "tokens")
    state = _state(active, tokens, known, settings, reason)
    if state.decision == "folded_in":
        yield from _tables(fits, models, links, settings, state)
        return
    corpus = read_corpus(read_terms(documents, terms, names, settings.stopwords), settings)
    release_unused()  # of what was read little is fitted to
    if corpus is None:
        fits = [replace(fit, status="retired") if fit.status == "active" else fit for fit in fits]
        yield from _tables(fits, models, links, settings, replace(state, decision="none", reason="there are no terms"))
        return
    # What to go on from: the active model, or after an empty corpus the last one there was.
    before = active or max(
        (model for model in models if model.record.status == "retired"),
        key=lambda model: model.record.number,
        default=None,
    )
    number = max((fit.number for fit in fits), default=0) + 1
    model, new_links, lost, at_stake = _succeed(corpus, before, named, links, number, tokens, settings)
    state = replace(state, model_id=model.model_id, lost_labels=lost)
    if active is not None and reason != "new" and lost > settings.most_lost_labels * at_stake:
        model = replace(model, record=replace(model.record, status="set_aside"))
        state = replace(
            state,
            model_id=active.model_id,
            decision="set_aside",
            reason=f"{state.reason}, but {lost} of {at_stake} labels would be lost",
        )
        keep = [active, model] if active.model_id != model.model_id else [active]
        new_links = []
    else:
        keep = [model]
    ids = {model.model_id for model in keep}
    fits = [
        replace(fit, status="retired" if fit.status == "active" else fit.status, terms=())
        for fit in fits
        if fit.model_id not in ids
    ]
    fits = sorted([*fits, *(model.record for model in keep)], key=lambda fit: fit.number)
    yield from _tables(fits, keep, sorted({*links, *new_links}, key=repr), settings, state)


def _total(table: pa.Table, name: str) -> int:
    """A number of a table that has no row where there is nothing."""
    return int(table[name][0].as_py()) if table.num_rows else 0


def _state(
    active: _Model | None, tokens: int, known: Callable[[], pa.Table], settings: TopicsSettings, reason: str
) -> TopicState:
    """Whether a refit is due, and why or why not."""
    if active is None:
        return TopicState(None, "fitted", "there was no model", tokens, None, None, 0)
    record = active.record
    grown = tokens / record.corpus_tokens - 1
    added, unknown = tokens - record.corpus_tokens, None
    if added >= _JUDGED * record.corpus_tokens:
        unknown = min(max(1 - (_total(known(), "known") - record.tokens) / added, 0.0), 1.0)
    usual = 1 - record.tokens / record.corpus_tokens
    reasons = {
        "it was asked for": reason == "new",
        "settings or code have changed": reason == "stage",
        "a small corpus is refitted whenever it changes": tokens < settings.small_corpus,
        f"the corpus has changed by {grown:+.0%} since the last fit": abs(grown) > settings.refit_growth,
        f"{unknown or 0:.0%} of what is new are unknown terms, at the fit {usual:.0%}": unknown is not None
        and unknown - usual > settings.refit_unknown,
    }
    why = next((text for text, holds in reasons.items() if holds), None)
    decision = "folded_in" if why is None else "fitted"
    return TopicState(
        record.model_id,
        decision,
        why or "the model still covers the corpus",
        tokens,
        _number(grown),
        None if unknown is None else _number(unknown),
        0,
    )


_JUDGED = 0.01  # share of growth from which unknown terms say something of the corpus and not of one document


@dataclass(frozen=True)
class Corpus:
    """What is fitted to: units (units x terms) in the order of a digest, and counts of where they come from."""

    units: Matrix
    terms: list[str]
    shortest_unit: int
    documents: int
    passages: int


_DOCUMENTS_AT_ONCE = 2_500  # which bounds the memory that reading their terms takes


def read_terms(
    documents: Callable[[], pa.Table],
    terms: Callable[[pa.Array], pa.Table],
    names: Callable[[], pa.Table],
    stopwords: Sequence[str],
) -> pa.Table:
    """One row per stretch of a passage and term in it, without names and stop words.

    `documents` reads the `document_id` of those that count, in order. `terms` reads `document_id`, `passage_id`, `stretch`,
    `term` and `occurrences` of some of them, and `names` which `term`s are names.
    """
    ours = pa.array(sorted({word.casefold() for word in stopwords}), pa.string())
    left_out = pa.chunked_array([*names()["term"].cast(pa.string()).chunks, ours])
    ids = documents()["document_id"].combine_chunks()
    found = []
    for start in range(0, len(ids), _DOCUMENTS_AT_ONCE):
        some = terms(ids.slice(start, _DOCUMENTS_AT_ONCE))
        found.append(some.filter(pc.invert(pc.is_in(some["term"], left_out))))
    return pa.concat_tables(found).unify_dictionaries() if found else terms(ids)


def read_corpus(terms: pa.Table, settings: TopicsSettings) -> Corpus | None:
    """Cut stretches with their terms into units, and choose the vocabulary; None if no term is left."""
    stretches = read_stretches(terms)
    # A small corpus is cut finer, so that there are units enough to tell topics apart.
    shortest = min(settings.shortest_unit, max(_SHORTEST, int(stretches.counts.sum()) // _FEWEST_UNITS))
    members = units_of(stretches, shortest, settings.longest_unit)
    chosen = choose_vocabulary(
        grouped(stretches.counts, members),
        grouped(stretches.counts, stretches.document_of),
        settings.fewest_documents,
        settings.most_documents,
        settings.vocabulary,
    )
    stretches = stretches.only(chosen)
    units = grouped(stretches.counts, members)
    units = units[row_sums(units) > 0]
    if not units.shape[0]:
        return None
    used = row_sums(stretches.counts) > 0
    return Corpus(
        units[by_content(units, stretches.terms)],
        stretches.terms,
        shortest,
        len(np.unique(stretches.document_of[used])),
        len(np.unique(stretches.passage_of[used])),
    )


_COMPARED = 2000  # units by which topics of two models are compared
_SUPPORTED = 0.25  # share of a topic, against the mean of all, from which losing its label counts


def _succeed(
    corpus: Corpus,
    before: _Model | None,
    named: set[str],
    links: list[TopicLink],
    number: int,
    tokens: int,
    settings: TopicsSettings,
) -> tuple[_Model, list[TopicLink], int, int]:
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
        coherence_npmi=_number(np.mean(fit.coherence)),
        stability=_number(stable),
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
            _number(link.similarity),
        )
        for link in found
    ]
    return model, new_links, len(at_stake - set(continued.values())), len(at_stake)


def _named(record: TopicFit, fit: Fit, ids: dict[int, str], labels: dict[int, str], taken: set[str]) -> _Model:
    """A model whose topics have the given ids and labels, by position, and new ones where there is none."""
    taken = set(taken)
    every: list[str] = []
    for position, row in enumerate(top_terms(fit.topics, _NAMING)):
        topic, attempt = ids.get(position, ""), 0
        while not topic or (position not in ids and topic in taken):
            topic, attempt = _topic_id([record.terms[term] for term in row], attempt), attempt + 1
        taken.add(topic)
        every.append(topic)
    return _Model(record, fit, every, label_topics(fit.topics, list(record.terms), labels))


_NAMING = 15  # top terms that the id of a new topic is a digest of


def _topic_id(terms: list[str], attempt: int) -> str:
    return "t" + hashlib.sha256("|".join([*terms, *([str(attempt)] if attempt else [])]).encode()).hexdigest()[:10]


def _read_models(fits: list[TopicFit], kept: pa.Table) -> list[_Model]:
    """The models whose topics are kept."""
    models = []
    for record in fits:
        own = kept.filter(pc.equal(kept["model_id"], record.model_id))
        if own.num_rows:
            coherence = np.array(own["coherence_npmi"].to_pylist(), dtype=np.float64)
            fit = Fit(record.seed, matrix_of(own["weights"]), own["prior"].to_numpy(), coherence)
            models.append(_Model(record, fit, own["topic_id"].to_pylist(), own["label"].to_pylist()))
    return models


def _tables(
    fits: list[TopicFit], models: list[_Model], links: list[TopicLink], settings: TopicsSettings, state: TopicState
) -> Iterator[TopicFit | TopicLink | TopicTerm | TopicState | Columns]:
    yield from fits
    yield from links
    yield state
    statuses = {fit.model_id: fit.status for fit in fits}
    for model in models:
        fit = model.fit
        count, size = fit.topics.shape
        weights = pa.ListArray.from_arrays(np.arange(0, count * size + 1, size, dtype=np.int32), fit.topics.ravel())
        columns = [
            [model.model_id] * count,
            model.ids,
            list(range(count)),
            model.labels,
            [_number(value) for value in fit.coherence],
            fit.prior,
            weights,
        ]
        yield Columns(TopicWeights, pa.table(columns, schema=arrow_schema(TopicWeights)))
        if statuses[model.model_id] != "active":
            continue
        for topic, row, ranked in zip(model.ids, fit.topics, top_terms(fit.topics, settings.terms), strict=True):
            for rank, term in enumerate(ranked, start=1):
                yield TopicTerm(topic, model.model_id, model.record.terms[term], rank, float(round(row[term], 6)))


def _number(value: float | np.floating[Any]) -> float | None:
    return None if np.isnan(value) else float(round(float(value), 6))
