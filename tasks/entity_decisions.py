"""The analyst's decisions on names: that one is an entity, stands for another, or is none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel

from tasks.entity_keys import Form, Key, fold, kind_of, known


class Decision(BaseModel, frozen=True, extra="forbid"):
    """What the analyst says of a name: it is an entity (add), others stand for it (merge), or it is none (reject)."""

    name: str
    action: Literal["add", "merge", "reject"]
    label: str | None = None
    aliases: tuple[str, ...] = ()


class Decisions:
    """The analyst's decisions, by the folded forms that they are about; `forms` tell the label where a merge gives none."""

    def __init__(self, decisions: Iterable[Decision], forms: Iterable[Form]) -> None:
        self._rejected: dict[str, str | None] = {}
        named: dict[str, Decision] = {}
        for decision in decisions:
            for name in (decision.name, *decision.aliases):
                if decision.action == "reject":
                    self._rejected[fold(name)] = decision.label
                else:
                    named[fold(name)] = decision
        votes: dict[str, Counter[tuple[bool, str]]] = defaultdict(Counter)
        for form in forms if named else ():
            if (decided := named.get(fold(form.text))) is not None:
                votes[decided.name][fold(form.text) == fold(decided.name), form.label] += form.mentions
        self._keys: dict[str, Key] = {}
        self.names: dict[Key, tuple[str, str]] = {}
        for folded, decision in named.items():
            name, label = known(decision.name, decision.label or "") or (
                decision.name,
                _commonest(votes[decision.name]),
            )
            if decision.label is not None:
                name, label = decision.name, decision.label
            self._keys[folded] = Key(kind_of(label), fold(name))
            self.names[self._keys[folded]] = name, label

    def reject(self, form: Form) -> bool:
        """Whether the analyst says that a form is no entity, or none with its label."""
        folded = fold(form.text)
        return folded in self._rejected and self._rejected[folded] in (None, form.label)

    def resolve(self, form: Form) -> tuple[Key, str] | None:
        """The entity that the analyst says a form stands for."""
        key = self._keys.get(fold(form.text))
        return (key, "analyst") if key is not None else None


def _commonest(votes: Counter[tuple[bool, str]]) -> str:
    """The label most often given to a name itself, else to what is merged into it."""
    return max(votes, key=lambda vote: (vote[0], votes[vote], vote[1]), default=(False, "ORG"))[1]
