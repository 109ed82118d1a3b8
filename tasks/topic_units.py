"""What a topic model is fitted to: stretches of documents of a sensible length, and the terms that tell them apart."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa


class Unit(NamedTuple):
    """A stretch of one document of a length that a topic model can use: its passages and the terms in it."""

    document_id: str
    passages: tuple[str, ...]
    terms: Counter[str]


def cut_into_units(terms: pa.Table, stopwords: Iterable[str], shortest: int, longest: int) -> list[Unit]:
    """The stretches as units, ordered by a digest of their content; names and stop words are left out.

    A stretch of fewer than `shortest` terms is merged with the next of its document, up to `longest` terms. The columns of
    `terms` are `document_id`, `passage_id`, `stretch`, `term`, `occurrences` and `is_name`, its rows sorted by the first.
    """
    left_out = {word.casefold() for word in stopwords}
    stretches: dict[tuple[str, str, int], Counter[str]] = {}
    names = ("document_id", "passage_id", "stretch", "term", "occurrences", "is_name")
    columns = (terms[name].to_pylist() for name in names)
    for document, passage, stretch, term, occurrences, is_name in zip(*columns, strict=True):
        bag = stretches.setdefault((document, passage, stretch), Counter())
        if not is_name and term not in left_out:
            bag[term] += occurrences
    units: list[Unit] = []
    for (document, passage, _), bag in stretches.items():
        previous = units[-1] if units and units[-1].document_id == document else None
        if (
            previous is not None
            and min(previous.terms.total(), bag.total()) < shortest
            and previous.terms.total() + bag.total() <= longest
        ):
            passages = tuple(dict.fromkeys((*previous.passages, passage)))
            units[-1] = Unit(document, passages, previous.terms + bag)
        else:
            units.append(Unit(document, (passage,), bag))
    return sorted(units, key=lambda unit: (_content_digest(unit), unit.passages))


def _content_digest(unit: Unit) -> bytes:
    return hashlib.sha256(repr(sorted(unit.terms.items())).encode()).digest()


def choose_vocabulary(units: list[Unit], fewest_documents: int, largest_share: float, size: int) -> list[str]:
    """The terms in at least `fewest_documents` documents and at most a share of the units, sorted; the commonest `size`."""
    in_units: Counter[str] = Counter()
    in_documents: dict[str, set[str]] = {}
    for unit in units:
        in_units.update(unit.terms.keys())
        for term in unit.terms:
            in_documents.setdefault(term, set()).add(unit.document_id)
    fewest = min(fewest_documents, len({unit.document_id for unit in units}))
    most = max(largest_share * len(units), 2)
    kept = [term for term, count in in_units.items() if len(in_documents[term]) >= fewest and count <= most]
    kept.sort(key=lambda term: (-in_units[term], term))
    return sorted(kept[:size])
