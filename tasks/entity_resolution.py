"""Which entity each form stands for: by its own name, a fuller name in its document, or the one that dominates the corpus."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.entity_decisions import Decisions
from tasks.entity_keys import ACRONYM, Form, Key, by_name, fold, gazetteer_keys, kind_of
from tasks.gazetteer import GENERIC_BODIES

Integers = NDArray[np.int64]
Outcome = tuple[Key, str]  # an entity and the rule that found it

_CPC = Key("body", "communist party of china")
_GENERIC = frozenset(word.casefold() for word in GENERIC_BODIES)
# The Board of Governors of the Federal Reserve System is a board, and the Committee on Payments a committee.
_REST_OF_NAME = re.compile(r" (?:of|for|on) ")
# A body's name, a congress or a plenum that shows whose party "the Party" is: China's, or the one that is named.
_OF_THE_PARTY = re.compile(r"\b(?:cpc|ccp|communist party of china)\b|^(?:\d+\w\w )?politburo(?: standing committee)?$")
_OF_A_PARTY = re.compile(r".+ of (?:the )?((?:(?!of )\S+ )+party(?: of .+)?)")


@dataclass(frozen=True)
class Rows:
    """Which form stands in which document, and how often; forms, documents and slots are numbered in their order.

    A slot is what has one meaning: a text with a label in a document, whatever it abbreviates there. A body of which is told
    whose it is, has a meaning of its own there: Japan's Ministry of Finance beside China's.
    """

    forms: list[Form]
    form: Integers
    document: Integers
    slot: Integers
    mentions: Integers
    is_counted: NDArray[np.bool_]

    def of_forms(self, is_wanted: NDArray[np.bool_]) -> Rows:
        """The rows of some of the forms."""
        if is_wanted.all():
            return self
        forms = [form for form, wanted in zip(self.forms, is_wanted.tolist(), strict=True) if wanted]
        rows, numbers = is_wanted[self.form], np.cumsum(is_wanted) - 1
        return Rows(
            forms,
            numbers[self.form[rows]],
            self.document[rows],
            self.slot[rows],
            self.mentions[rows],
            self.is_counted[rows],
        )


def read_rows(table: pa.Table) -> Rows:
    """Tell apart the forms in a table of them by document, text, label and what they abbreviate (see `entities`)."""
    document, text, label, stands_for = (_ranks(table[name]) for name in ("document_id", "text", "label", "stands_for"))
    name = _paired(text, label)
    form = _ranks(pa.chunked_array([_paired(name, stands_for)]))
    first = first_rows(form)
    mentions = table["mentions"].to_numpy()
    is_counted = ~table["is_duplicate"].to_numpy()
    distinct = table.select(["text", "label", "stands_for"]).take(first).to_pylist()
    is_told = np.array([_is_told_whose(**row) for row in distinct], np.bool_)[form]
    slot = np.unique(_paired(_paired(document, name), np.where(is_told, stands_for + 1, 0)), return_inverse=True)[1]
    every, counted = (
        np.bincount(form, weights, len(first)).astype(int).tolist() for weights in (mentions, mentions * is_counted)
    )
    forms = [Form(**row, mentions=m, counted=c) for row, m, c in zip(distinct, every, counted, strict=True)]
    return Rows(forms, form, document, slot, mentions, is_counted)


def _is_told_whose(text: str, label: str, stands_for: str | None) -> bool:
    """Whether a form is told to be a body of somebody's, as the Ministry of Finance of Japan is."""
    return stands_for is not None and kind_of(label) == "body" and fold(stands_for).startswith(f"{fold(text)} of ")


def first_rows(numbers: Integers) -> Integers:
    """The first row of each number, where all from 0 on are there."""
    rows = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
    rows[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return rows


def _paired(numbers: Integers, others: Integers) -> Integers:
    """One number for each two, in their order."""
    return numbers * (int(others.max(initial=0)) + 1) + others


def _ranks(column: pa.ChunkedArray) -> Integers:
    """The place of each value among the distinct values of a column, in their order."""
    encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    ranks = pc.rank(encoded.dictionary, tiebreaker="dense").to_numpy().astype(np.int64) - 1
    return np.asarray(ranks[encoded.indices.to_numpy()])


def resolve(rows: Rows, decisions: Decisions, dominance: float) -> tuple[list[Outcome], Integers]:
    """What the rows stand for: the outcomes that there are, and the number of each row's."""
    first = _of_one_kind(rows.forms, [decisions.resolve(form) or by_name(form) for form in rows.forms], dominance)
    numbers: dict[Outcome, int] = {}

    def number(outcome: Outcome) -> int:
        return numbers.setdefault(outcome, len(numbers))

    own = np.array([number(outcome) for outcome in first], np.int64)
    shorts = {form: key.folded for form, (key, rule) in enumerate(first) if rule == "name" and " " not in key.folded}
    corpus = _fuller_names_of_the_corpus(rows.forms, first)
    elsewhere = own.copy()
    for form, short in shorts.items():
        elsewhere[form] = number(_in_the_corpus(first[form][0], corpus.get(short, {}), dominance))
    # What the gazetteer knows a short form for gives way where the document defines it.
    defined = {fold(form.text) for form, (_, rule) in zip(rows.forms, first, strict=True) if rule == ACRONYM}
    shorts |= {
        form: short
        for form, (named, (_, rule)) in enumerate(zip(rows.forms, first, strict=True))
        if rule == "gazetteer" and named.stands_for is None and (short := fold(named.text)) in defined
    }
    places = {short: place for place, short in enumerate(sorted(set(shorts.values())))}
    asking = [
        (form, places[short], first[form][1] == "name" and first[form][0].kind in ("person", "body"))
        for form, short in shorts.items()
    ]
    everywhere: Counter[Key] = Counter()
    for form_of, (key, _) in zip(rows.forms, first, strict=True):
        everywhere[key] += form_of.counted
    fuller = [
        (form, places[short], number((key, "fuller name in the document")), key.kind == "person", everywhere[key])
        for form, outcome in enumerate(first)
        for short, key in _fuller_names(rows.forms[form], *outcome)
        if short in places
    ]
    found = elsewhere[rows.form]
    row, is_told, best = _in_the_document(rows, asking, fuller, dominance)
    found[row] = np.where(is_told, best, own[rows.form[row]])
    _agree(rows, found, numbers, dominance)
    return list(numbers), found


def _of_one_kind(forms: Sequence[Form], first: Sequence[Outcome], dominance: float) -> list[Outcome]:
    """The same outcomes, where a name of several words that has labels of several kinds is of the one that it has most often.

    The model mixes these up. A person and something else may have a name in common (Jordan River): unless one of the two
    dominates, they stay two. What the analyst or the gazetteer says of a name, it says whatever the label.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for form, (key, rule) in zip(forms, first, strict=True):
        if rule not in ("analyst", "gazetteer") and " " in key.folded:
            votes[key.folded][key.kind] += form.counted
    kinds = {
        Key(kind, folded): Key(other, folded)
        for folded, counted in votes.items()
        for kind, other in _mixed_up(counted, dominance).items()
    }
    return [(key if rule in ("analyst", "gazetteer") else kinds.get(key, key), rule) for key, rule in first]


def _mixed_up(counted: Counter[str], dominance: float) -> dict[str, str]:
    """For each kind that labels of one name tell, which it is."""
    people, total = counted["person"], counted.total()
    things = [kind for kind in counted if kind != "person"]
    commonest = max(things, key=lambda kind: (counted[kind], kind == "body", kind), default="person")
    is_thing, is_person = (number >= dominance * max(1, total) for number in (total - people, people))
    return dict.fromkeys(counted, "person" if is_person else commonest) | ({} if is_thing else {"person": "person"})


def _in_the_document(
    rows: Rows, asking: Sequence[tuple[int, ...]], fuller: Sequence[tuple[int, ...]], dominance: float
) -> tuple[Integers, NDArray[np.bool_], Integers]:
    """For rows whose document has fuller names for them: which rows these are, whether these tell, and what they tell.

    What the model took a short form for may speak against a name: no place is short for a person. Two fuller names of one
    surname (Li Keqiang, Li Qiang) tell nothing; of several bodies the one does that no other is named oftener than in the
    document, and that dominates these in the corpus: there always is a name that was cut wrongly.
    """
    places = pa.table({"row": np.arange(len(rows.form)), "form": rows.form, "document": rows.document})
    asked = places.join(_numbers(asking, "form", "short", "takes_person"), "form", join_type="inner")
    named = places.append_column("here", pa.array(rows.mentions))
    given = named.join(
        _numbers(fuller, "form", "short", "fuller", "is_person", "everywhere"), "form", join_type="inner"
    )
    given = given.group_by(["document", "short", "fuller", "is_person", "everywhere"]).aggregate([("here", "sum")])
    pairs = asked.join(given, ["document", "short"], join_type="inner")
    pairs = pairs.filter(pc.greater_equal(pairs["takes_person"], pairs["is_person"]))
    row, name, is_person, everywhere, here = (
        pairs[column].to_numpy() for column in ("row", "fuller", "is_person", "everywhere", "here_sum")
    )
    order = np.lexsort((name, -here, -everywhere, row))
    row, name, is_person, everywhere, here = (values[order] for values in (row, name, is_person, everywhere, here))
    opens = np.flatnonzero(np.diff(row, prepend=-1))
    if not len(opens):
        return row, row > 0, name
    is_alone = np.diff(opens, append=len(row)) == 1
    dominates = everywhere[opens] >= np.maximum(1, dominance * np.add.reduceat(everywhere, opens))
    is_first = here[opens] == np.maximum.reduceat(here, opens)
    are_bodies = np.maximum.reduceat(is_person, opens) == 0
    return row[opens], is_alone | (are_bodies & dominates & is_first), name[opens]


def _numbers(rows: Sequence[tuple[int, ...]], *names: str) -> pa.Table:
    """Rows of numbers as a table."""
    return pa.table([*np.array(rows, np.int64).reshape(-1, len(names)).T], names)


def _agree(rows: Rows, found: Integers, numbers: dict[Outcome, int], dominance: float) -> None:
    """A form that stands for several things in one document goes to the commonest of them, in every count.

    A surname that stands for two people is left by itself where neither dominates.
    """
    shared = np.flatnonzero(np.bincount(rows.slot)[rows.slot] > 1)
    outcomes = list(numbers)
    votes: dict[int, Counter[Outcome]] = defaultdict(Counter)
    for row in shared:
        votes[rows.slot[row]][outcomes[found[row]]] += int(rows.mentions[row])
    for row in shared:
        counted = votes[rows.slot[row]]
        best = max(counted, key=lambda outcome: (counted[outcome], outcome[1] == "gazetteer", outcome))
        if best[0].kind == "person" and counted[best] < dominance * counted.total():
            best = Key("person", fold(rows.forms[rows.form[row]].text)), "name"
        found[row] = numbers.setdefault(best, len(numbers))


def _fuller_names_of_the_corpus(forms: list[Form], first: list[Outcome]) -> dict[str, Counter[Key]]:
    """For each short form the names that it may be short for, and how often they stand in the corpus."""
    corpus: dict[str, Counter[Key]] = defaultdict(Counter)
    for form, (key, rule) in zip(forms, first, strict=True):
        if form.counted and rule in ("gazetteer", "name"):
            for short in _short_forms(key) - _GENERIC:
                corpus[short][key] += form.counted
    return corpus


def _in_the_corpus(key: Key, corpus: Mapping[Key, int], dominance: float) -> Outcome:
    """The fuller name that dominates the corpus, or what the short form is by itself."""
    known = {fuller: count for fuller, count in corpus.items() if fuller.kind == key.kind}
    best = max(known, key=lambda fuller: (known[fuller], fuller), default=key)
    if known and known[best] >= dominance * sum(known.values()):
        return best, "fuller name in the corpus"
    return key, "name"


def _fuller_names(form: Form, key: Key, rule: str) -> Iterator[tuple[str, Key]]:
    """What may be short for an entity in a document where a form stands for it."""
    shorts = set() if form.stands_for is not None and rule != "gazetteer" else _short_forms(key)
    if form.stands_for is not None:
        shorts.add(fold(form.text))
    yield from ((short, key) for short in sorted(shorts))
    if (of := _OF_A_PARTY.fullmatch(key.folded)) and (party := gazetteer_keys().get(of[1])):
        yield "party", Key("body", fold(party[0]))
    elif _OF_THE_PARTY.search(key.folded):
        yield "party", _CPC


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
        # Of another communist party, such as Vietnam's, too: "the Party" is not always China's.
        return {_REST_OF_NAME.split(key.folded)[0].rpartition(" ")[2]} & (_GENERIC | {"party"})
    return {first, last}
