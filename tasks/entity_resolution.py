"""Which entity each form stands for: by its own name, a fuller name in its document, or the one that dominates the corpus."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from tasks.entity_decisions import Decisions
from tasks.entity_keys import Form, Key, by_name, fold
from tasks.gazetteer import GENERIC_BODIES

_CPC = Key("body", "communist party of china")
_GENERIC = frozenset(word.casefold() for word in GENERIC_BODIES)
# A body's name, a congress or a plenum that shows whose party "the Party" is.
_OF_THE_PARTY = re.compile(r"\b(?:cpc|ccp|communist party of china|politburo)\b")


def resolve(rows: list[Form], decisions: Decisions, dominance: float) -> list[tuple[Key, str]]:
    """The entity key of every row and the rule that found it."""
    first = [decisions.resolve(row) or by_name(row) for row in rows]
    fuller: dict[str, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    for row, (key, rule) in zip(rows, first, strict=True):
        if not row.is_duplicate and rule in ("gazetteer", "name"):
            for short in _short_forms(key) - _GENERIC:
                fuller[short][key] += row.mentions
    resolved: list[tuple[int, tuple[Key, str]]] = []
    for positions, document_fuller in _by_document(rows, first).values():
        resolved += [
            (position, _short_form(*first[position], document_fuller, fuller, dominance)) for position in positions
        ]
    return _one_per_form(rows, [outcome for _, outcome in sorted(resolved, key=lambda pair: pair[0])], dominance)


def _one_per_form(rows: list[Form], resolved: list[tuple[Key, str]], dominance: float) -> list[tuple[Key, str]]:
    """A form that stands for several things in one document goes to the commonest of them, in every count.

    A surname that stands for two people is left by itself where neither dominates.
    """
    slots = [(row.document_id, row.text, row.label) for row in rows]
    votes: dict[tuple[str, str, str], Counter[tuple[Key, str]]] = defaultdict(Counter)
    for slot, row, outcome in zip(slots, rows, resolved, strict=True):
        votes[slot][outcome] += row.mentions
    best = {slot: max(counted, key=lambda outcome: (counted[outcome], outcome)) for slot, counted in votes.items()}
    for slot, (key, _) in best.items():
        is_dominant = votes[slot][best[slot]] >= dominance * votes[slot].total()
        if key.kind == "person" and not is_dominant:
            best[slot] = Key("person", fold(slot[1])), "name"
    return [best[slot] for slot in slots]


def _by_document(
    rows: list[Form], first: list[tuple[Key, str]]
) -> dict[str, tuple[list[int], dict[str, dict[Key, int]]]]:
    documents: dict[str, tuple[list[int], dict[str, dict[Key, int]]]] = {}
    for position, (row, (key, rule)) in enumerate(zip(rows, first, strict=True)):
        positions, fuller = documents.setdefault(row.document_id, ([], defaultdict(lambda: defaultdict(int))))
        positions.append(position)
        shorts = {fold(row.text)} if row.stands_for is not None and rule != "gazetteer" else _short_forms(key)
        for short in shorts:
            fuller[short][key] += row.mentions
        if _OF_THE_PARTY.search(key.folded):
            fuller["party"][_CPC] += row.mentions
    return documents


def _short_forms(key: Key) -> set[str]:
    """What a person, a party or a body may be called later on.

    A Chinese person goes by the first word of the name and a Western one by the last, a party by either, and a body by
    the kind of body that it is ("the Committee").
    """
    first, last = key.folded.partition(" ")[0], key.folded.rpartition(" ")[2]
    if key == _CPC:
        return {"party"}
    if " " not in key.folded or key.kind not in ("person", "body"):
        return set()
    if key.kind == "body" and last != "party":
        return {first, last} & _GENERIC
    return {first, last}


def _short_form(
    key: Key,
    rule: str,
    document: dict[str, dict[Key, int]],
    corpus: dict[str, dict[Key, int]],
    dominance: float,
) -> tuple[Key, str]:
    """Resolve a form that is short for a fuller name in its document, else for the one that dominates the corpus.

    Two fuller names of one surname in a document (Li Keqiang, Li Qiang) leave the surname by itself.
    """
    if rule != "name" or " " in key.folded:
        return key, rule
    candidates = {
        fuller: count for fuller, count in document.get(key.folded, {}).items() if _may_be_short_for(key, fuller)
    }
    if len(candidates) == 1:
        return next(iter(candidates)), "fuller name in the document"
    known = {fuller: count for fuller, count in corpus.get(key.folded, {}).items() if fuller.kind == key.kind}
    if not candidates and known:
        best, count = max(known.items(), key=lambda item: (item[1], item[0]))
        if count >= dominance * sum(known.values()):
            return best, "fuller name in the corpus"
    return key, rule


def _may_be_short_for(key: Key, fuller: Key) -> bool:
    """Whether what the model took a short form for does not speak against the name: no place is short for a person."""
    return fuller.kind != "person" or key.kind in ("person", "body")
