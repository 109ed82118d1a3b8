"""The corpus that a topic model is fitted to: terms read from the warehouse and cut into units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.topic_units import Matrix, by_content, choose_vocabulary, grouped, read_stretches, row_sums, units_of

if TYPE_CHECKING:
    from tasks.topics import TopicsSettings

_SHORTEST, _FEWEST_UNITS = 40, 60


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
    ours = pa.array(sorted({word.lower() for word in stopwords}), pa.string())
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
