"""Score found mentions against gold ones: by exact span, by overlap, by label, by distinct names, by pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tests.evaluation.gold import Aliases, Mention, Pair, normalise


@dataclass(frozen=True, slots=True)
class Score:
    """How many were right, of how many found, and of how many that there are."""

    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found; 0 where there is nothing."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else 0.0


def strict(gold: Iterable[Mention], found: Iterable[Mention]) -> Score:
    """Right is a mention with the very span and label of a gold one."""
    gold_places, found_places = _places(gold), _places(found)
    return Score(len(gold_places & found_places), len(found_places), len(gold_places))


def partial(gold: Iterable[Mention], found: Iterable[Mention]) -> Score:
    """Right is a mention that overlaps a gold one of the same label; each gold mention counts once."""
    gold_places, found_places = _places(gold), _places(found)
    by_paragraph = defaultdict(list)
    for place in sorted(gold_places):
        by_paragraph[place[:2]].append(place)
    overlaps = [
        (max(place[2], other[2]) - min(place[3], other[3]), place, other)
        for place in found_places
        for other in by_paragraph[place[:2]]
        if place[4] == other[4] and place[2] < other[3] and other[2] < place[3]
    ]
    paired_found, paired_gold = set(), set()
    for _, place, other in sorted(overlaps):  # the longest overlap first
        if place not in paired_found and other not in paired_gold:
            paired_found.add(place)
            paired_gold.add(other)
    return Score(len(paired_gold), len(found_places), len(gold_places))


def by_label(gold: Collection[Mention], found: Collection[Mention]) -> dict[str, Score]:
    """The strict score of each label that occurs on either side."""
    return {
        label: strict([m for m in gold if m.label == label], [m for m in found if m.label == label])
        for label in sorted({mention.label for mention in (*gold, *found)})
    }


def forms(gold: Iterable[Mention], found: Iterable[Mention]) -> Score:
    """The inventory of distinct names as they stand in the texts, each with its label."""
    return _inventory({(normalise(m.text), m.label) for m in gold}, {(normalise(m.text), m.label) for m in found})


def entities(gold: Iterable[Mention], found: Iterable[Mention], aliases: Aliases) -> Score:
    """The inventory of distinct entities, each with its label, whichever of its listed aliases it is called by."""

    def name(mention: Mention) -> tuple[str, str]:
        listed = aliases.get((normalise(mention.entity), mention.label), mention.entity)
        return normalise(listed), mention.label

    return _inventory({name(m) for m in gold}, {name(m) for m in found})


def holds(pair: Pair, found: Iterable[Mention]) -> bool | None:
    """Whether the two forms were resolved as they must; None where one of them was not found at all."""
    names: dict[str, set[str]] = {pair.form: set(), pair.other: set()}
    for mention in found:
        for form, document in ((pair.form, pair.document), (pair.other, "")):
            if normalise(mention.text) == normalise(form) and document in ("", mention.document):
                names[form].add(mention.entity)
    one, other = names[pair.form], names[pair.other]
    if not one or not other:
        return None
    return one == other and len(one) == 1 if pair.relation == "merge" else one.isdisjoint(other)


def _places(mentions: Iterable[Mention]) -> set[tuple[str, int, int, int, str]]:
    return {(m.document, m.paragraph, m.start, m.end, m.label) for m in mentions}


def _inventory(gold: set[tuple[str, str]], found: set[tuple[str, str]]) -> Score:
    return Score(len(gold & found), len(found), len(gold))
