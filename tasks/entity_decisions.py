"""The analyst's decisions on names: that one is an entity, stands for another, or is none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from pydantic import BaseModel

from tasks.entity_keys import Form, Key, fold, kind_of, known
from tasks.name_labels import NameLabel


class Decision(BaseModel, frozen=True, extra="forbid"):
    """What the analyst says of a name: it is an entity (add), others stand for it (merge), or it is none (reject)."""

    name: str
    action: Literal["add", "merge", "reject"]
    label: NameLabel | None = None
    aliases: tuple[str, ...] = ()


class Settled(NamedTuple):
    """Decisions that do not contradict each other, in their order, and what is wrong in the line of which name."""

    decisions: tuple[Decision, ...]
    problems: tuple[tuple[str, str], ...]


def settle(decisions: Iterable[Decision]) -> Settled:
    """Take out the aliases that an earlier decision has for another name, and those that would come back to themselves."""
    owners: dict[str, str] = {}
    settled: list[Decision] = []
    problems: list[tuple[str, str]] = []
    for decision in decisions:
        name, aliases = decision.name, []
        for alias in decision.aliases if decision.action != "reject" else ():
            folded = fold(alias)
            if fold(owner := owners.get(folded, name)) != fold(name):
                problems.append((name, f"{alias!r} stands for {owner!r} and {name!r}; it counts for the first"))
            elif folded != fold(name) and _last(fold(name), owners) == folded:
                problems.append((name, f"{alias!r} cannot stand for {name!r}, which stands for it; it is not used"))
            else:
                aliases.append(alias)
                if folded != fold(name):  # another spelling of the name leads nowhere
                    owners[folded] = owner
        if decision.action == "reject":
            settled.append(decision)
        elif aliases or decision.action == "add":
            settled.append(decision.model_copy(update={"aliases": tuple(aliases)}))
    return Settled(tuple(settled), tuple(problems))


def _last(folded: str, owners: Mapping[str, str]) -> str:
    """What a name stands for in the end, where it stands for a name that stands for another."""
    while folded in owners:
        folded = fold(owners[folded])
    return folded


class Decisions:
    """The analyst's decisions, by the folded forms that they are about; `forms` tell the label where a merge gives none."""

    def __init__(self, decisions: Iterable[Decision], forms: Iterable[Form]) -> None:
        self._rejected: set[tuple[str, str | None]] = set()
        owners: dict[str, str] = {}
        stated: dict[str, Decision] = {}
        for decision in settle(decisions).decisions:
            names = {fold(name) for name in (decision.name, *decision.aliases)}
            if decision.action == "reject":
                self._rejected |= {(name, decision.label) for name in names}
            else:
                stated.setdefault(fold(decision.name), decision)
                owners |= dict.fromkeys(names - {fold(decision.name)}, decision.name)
        named = {folded: stated[_last(folded, owners)] for folded in (*stated, *owners)}
        votes: dict[str, Counter[tuple[bool, str]]] = defaultdict(Counter)
        for form in forms if named else ():
            if (decided := named.get(fold(form.text))) is not None:
                votes[decided.name][fold(form.text) == fold(decided.name), form.label] += form.mentions
        self._keys: dict[str, Key] = {}
        self.names: dict[Key, tuple[str, str]] = {}
        for folded, decision in named.items():
            name, label = _entity(decision, votes[decision.name])
            self._keys[folded] = Key(kind_of(label), fold(name))
            self.names.setdefault(self._keys[folded], (name, label))

    def reject(self, form: Form) -> bool:
        """Whether the analyst says that a form is no entity, or none with its label."""
        folded = fold(form.text)
        return not self._rejected.isdisjoint({(folded, None), (folded, form.label)})

    def resolve(self, form: Form) -> tuple[Key, str] | None:
        """The entity that the analyst says a form stands for."""
        key = self._keys.get(fold(form.text))
        return (key, "analyst") if key is not None else None


def _entity(decision: Decision, votes: Counter[tuple[bool, str]]) -> tuple[str, str]:
    """The name and label of what a decision is about: of the entity that is known by the name, unless it is of another kind."""
    entry, label = known(decision.name, decision.label or ""), decision.label
    if entry is not None and (label is None or kind_of(label) == kind_of(entry[1])):
        return entry[0], label or entry[1]
    return decision.name, label or _commonest(votes)


def _commonest(votes: Counter[tuple[bool, str]]) -> str:
    """The label most often given to a name itself, else to what is merged into it."""
    return max(votes, key=lambda vote: (vote[0], votes[vote], vote[1]), default=(False, "ORG"))[1]
