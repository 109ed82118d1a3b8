"""Topics: gensim's LDA over passages, with the number of topics and the seed chosen by coherence and stability."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.annotate import Sentence, TermCount
from tasks.memory import release_unused
from tasks.similarity import Duplicate
from tasks.stage import Columns, arrow_schema, stage
from tasks.topic_corpus import read_corpus, read_terms
from tasks.topic_fit import load_gensim
from tasks.topic_models import Model, TopicFit, TopicLink, TopicWeights, read_models, rounded, succeed
from tasks.topic_quality import top_terms


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

    count: int | None = Field(
        None, ge=1, le=500, description="number of topics, as far as there is text for them; left out, it is chosen"
    )
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
    models = read_models(fits, kept)
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
    model, new_links, lost, at_stake = succeed(corpus, before, named, links, number, tokens, settings)
    state = replace(state, model_id=model.model_id, lost_labels=lost)
    if settings.count is not None and settings.count > (found := model.record.topic_count):
        state = replace(state, reason=f"{state.reason}; {found} topics and not {settings.count}: there is no more text")
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
    yield from _tables(fits, keep, _each_once([*links, *new_links]), settings, state)


def _total(table: pa.Table, name: str) -> int:
    """A number of a table that has no row where there is nothing."""
    return int(table[name][0].as_py()) if table.num_rows else 0


def _state(
    active: Model | None, tokens: int, known: Callable[[], pa.Table], settings: TopicsSettings, reason: str
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
        rounded(grown),
        None if unknown is None else rounded(unknown),
        0,
    )


_JUDGED = 0.01  # share of growth from which unknown terms say something of the corpus and not of one document


def _each_once(links: list[TopicLink]) -> list[TopicLink]:
    """The links in the order of what they link; of two between the same topics, as where a model comes out again, the later."""
    by_key = {link.key: link for link in links}
    return [by_key[key] for key in sorted(by_key)]


def _tables(
    fits: list[TopicFit], models: list[Model], links: list[TopicLink], settings: TopicsSettings, state: TopicState
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
            [rounded(value) for value in fit.coherence],
            fit.prior,
            weights,
        ]
        yield Columns(TopicWeights, pa.table(columns, schema=arrow_schema(TopicWeights)))
        if statuses[model.model_id] != "active":
            continue
        for topic, row, ranked in zip(model.ids, fit.topics, top_terms(fit.topics, settings.terms), strict=True):
            for rank, term in enumerate(ranked, start=1):
                yield TopicTerm(topic, model.model_id, model.record.terms[term], rank, float(round(row[term], 6)))
