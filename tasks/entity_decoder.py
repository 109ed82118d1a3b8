"""Decode the entities of spaCy's transition-based recogniser for many texts at once.

spaCy walks the tokens of each text one by one and asks at each, for every action, whether it may be taken. What its network
says of a token depends on that token alone as long as no entity is open, so it can be asked for all tokens together; only
within an entity does it depend on where that one began, and there two actions are left: to go on, or to end. The result is
that of `EntityRecognizer` (Lample et al. 2016, section 3, with the BILUO actions of Ratinov and Roth 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from spacy.tokens import Doc

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_CONTEXT = 3  # the token, the first of the open entity, and the last but this


@dataclass(frozen=True)
class EntityDecoder:
    """The weights of an entity recogniser and the actions that it chooses from.

    `weights` are (context, hidden and pieces, width), `padding` and `bias` what stands for a missing token and is always
    added; `output` is (actions, hidden). `outside`, `units` and `begins` are the numbers of the actions that can be taken
    outside an entity; `inside` and `last` those that go on and end what each action of `begins` has begun.
    """

    token_vectors: Any
    weights: Floats
    padding: Floats
    bias: Floats
    pieces: int
    output: Floats
    output_bias: Floats
    labels: tuple[str, ...]
    outside: int
    units: Integers
    begins: Integers
    inside: Integers
    last: Integers

    def entities(self, docs: Sequence[Doc]) -> list[list[tuple[int, int, str]]]:
        """The entities of each text: first token, the token after the last, and label."""
        lengths = [len(doc) for doc in docs]
        if not sum(lengths):
            return [[] for _ in docs]
        vectors = self.token_vectors.predict(docs)
        marks = np.concatenate([doc.to_array(["IS_SPACE", "SENT_START"]) for doc in docs if len(doc)])
        is_space, starts_sentence = marks[:, 0] == 1, marks[:, 1] == 1
        ends = np.cumsum(lengths)
        can_go_on = np.ones(len(vectors), dtype=np.bool_)  # to the next token, as parts of one entity
        can_go_on[:-1] = ~starts_sentence[1:]
        can_go_on[ends - 1] = False
        own = vectors @ self.weights[0].T
        actions = self._outside_actions(own, is_space, can_go_on)
        ending = self._ends(vectors, own, actions, can_go_on)
        return [
            self._walk(actions, ending, end - length, end) for length, end in zip(lengths, ends.tolist(), strict=True)
        ]

    def _outside_actions(self, own: Floats, is_space: Booleans, can_go_on: Booleans) -> Integers:
        """For each token the action taken there if no entity is open."""
        scores = self._hidden(own + self.padding[1] + self.padding[2]) @ self.output.T + self.output_bias
        allowed = np.zeros(scores.shape, dtype=np.bool_)
        allowed[:, self.outside] = True
        allowed[:, self.units] = ~is_space[:, None]
        allowed[:, self.begins] = (~is_space & can_go_on)[:, None]
        scores[~allowed] = -np.inf
        best: Integers = scores.argmax(axis=1)
        return best

    def _ends(self, vectors: Floats, own: Floats, actions: Integers, can_go_on: Booleans) -> Integers:
        """For each token at which an entity would begin the token after its last; all are followed together."""
        ending = np.arange(1, len(actions) + 1)
        kinds = np.full(len(self.output), -1)
        kinds[self.begins] = np.arange(len(self.begins))
        first = np.flatnonzero(kinds[actions] >= 0)
        kind, here = kinds[actions[first]], first + 1
        first_part = vectors[first] @ self.weights[1].T
        while len(first):
            features = own[here] + first_part + vectors[here - 1] @ self.weights[2].T
            hidden = self._hidden(features)
            go_on, end = (
                np.einsum("ij,ij->i", hidden, self.output[action]) + self.output_bias[action]
                for action in (self.inside[kind], self.last[kind])
            )
            # Of two equal scores spaCy takes the one whose action comes first.
            is_open = can_go_on[here] & ((go_on > end) | ((go_on == end) & (self.inside[kind] < self.last[kind])))
            ending[first[~is_open]] = here[~is_open] + 1
            first, kind, here, first_part = first[is_open], kind[is_open], here[is_open] + 1, first_part[is_open]
        return ending

    def _hidden(self, features: Floats) -> Floats:
        hidden: Floats = (features + self.bias).reshape(len(features), -1, self.pieces).max(axis=2)
        return hidden

    def _walk(self, actions: Integers, ending: Integers, start: int, end: int) -> list[tuple[int, int, str]]:
        """The entities between two tokens, when each action is taken in turn and what lies in an entity is passed over."""
        taken = []
        free = start
        for token in (np.flatnonzero(actions[start:end] != self.outside) + start).tolist():
            if token >= free:
                free = int(ending[token])
                taken.append((token - start, free - start, self.labels[actions[token]]))
        return taken


def entity_decoder(recogniser: Any) -> EntityDecoder | None:
    """A decoder with the weights of a spaCy `EntityRecognizer`, or none if that is of a kind that decodes otherwise.

    It must be greedy and read the three tokens of context and the hidden layer of spaCy's own pipelines.
    """
    model = recogniser.model
    if model.name != "parser_model" or not model.attrs["has_upper"] or model.attrs["unseen_classes"]:
        return None
    lower, upper = model.get_ref("lower"), model.get_ref("upper")
    if recogniser.cfg["beam_width"] != 1 or lower.get_dim("nF") != _CONTEXT or lower.get_dim("nP") < 2:
        return None
    moves = recogniser.moves
    names = [moves.get_class_name(number) for number in range(moves.n_moves)]
    numbers = {name: number for number, name in enumerate(names)}
    labels = [name[2:] for name in names if name.startswith("B-")]

    def actions(prefix: str) -> Integers:
        return np.array([numbers[f"{prefix}-{label}"] for label in labels], dtype=np.int64)

    width = lower.get_dim("nO") * lower.get_dim("nP")
    return EntityDecoder(
        token_vectors=model.get_ref("tok2vec"),
        weights=lower.get_param("W").reshape(_CONTEXT, width, -1),
        padding=lower.get_param("pad").reshape(_CONTEXT, width),
        bias=lower.get_param("b").reshape(width),
        pieces=lower.get_dim("nP"),
        output=upper.get_param("W"),
        output_bias=upper.get_param("b"),
        labels=tuple(name[2:] for name in names),
        outside=numbers["O"],
        units=actions("U"),
        begins=actions("B"),
        inside=actions("I"),
        last=actions("L"),
    )
