"""Embeddings of words, worked out once for each word: they depend on its own features and on nothing around it.

A spaCy network first turns the features of each word (its form, prefix, suffix, shape) into a vector, by hash embeddings and
a layer that mixes them, and only then looks at the neighbours. That first part is a fifth of the work, and most words of
a text have been met before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasks.splitmix import finalised

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import Model

_MOST = 50_000  # words whose vectors are kept; then it begins anew
# Words are put through so many at once, filled up where there are fewer: so a vector does not depend on how many share its
# matrix product, which may add up in another order at its edge.
_BLOCK = 64


def cache_embeddings(nlp: Language) -> None:
    """Let every network of a pipeline remember the vectors of the words that it has met; it can be trained no more."""
    for _, component in nlp.pipeline:
        network = getattr(component, "model", None)
        for node in list(network.walk()) if network is not None else ():
            for place, layer in enumerate(node.layers):
                if _is_embedding(layer):
                    node.layers[place] = cached = _cached(layer)
                    for name in node.ref_names:  # by which the node knows the layer
                        if node.maybe_get_ref(name) is layer:
                            node.set_ref(name, cached)


def _is_embedding(model: Model[Any, Any]) -> bool:
    """Whether it is spaCy's `MultiHashEmbed` without static vectors: features, layers on one array of them, one array a text."""
    names = [layer.name for layer in model.layers]
    return (
        len(names) > 3
        and (names[0], names[1], names[-1]) == ("extract_features", "list2ragged", "ragged2list")
        and all(name.startswith("with_array(") for name in names[2:-1])
    )


def _cached(embedding: Model[Any, Any]) -> Model[Any, Any]:
    from thinc.api import Model, chain

    features, *within = embedding.layers
    return Model(
        "cached_embedding",
        _forward,
        layers=[chain(*within)],
        dims={"nO": embedding.get_dim("nO")},
        attrs={"columns": features.attrs["columns"], "known": _Known(embedding.get_dim("nO"))},
        ops=embedding.ops,
    )


class _Known:
    """The vectors of the words met so far, by a hash of all their features."""

    def __init__(self, width: int) -> None:
        self.rows: dict[int, int] = {}
        self.vectors: NDArray[np.float32] = np.zeros((0, width), dtype=np.float32)

    def add(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Keep more vectors, whose words are not among those known."""
        first = len(self.rows)
        self.rows.update(zip(keys, range(first, first + len(keys)), strict=True))
        if len(self.rows) > len(self.vectors):
            grown = np.zeros((2 * len(self.rows), self.vectors.shape[1]), dtype=np.float32)
            grown[:first] = self.vectors[:first]
            self.vectors = grown
        self.vectors[first : len(self.rows)] = vectors


def _forward(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[list[NDArray[np.float32]], Any]:
    if is_train:
        raise NotImplementedError("a network whose embeddings are remembered cannot be trained")
    known: _Known = model.attrs["known"]
    if len(known.rows) > _MOST:
        known = model.attrs["known"] = _Known(known.vectors.shape[1])
    lengths = [len(doc) for doc in docs]
    features = np.concatenate([doc.to_array(model.attrs["columns"]) for doc in docs])
    mixed = np.zeros(len(features), dtype=np.uint64)
    for column in features.T:
        mixed = finalised(mixed + column)
    keys = mixed.tolist()
    missing = {key: place for place, key in enumerate(keys) if key not in known.rows}
    if missing:
        known.add(list(missing), _vectors(model.layers[0], features[list(missing.values())]))
    vectors = known.vectors[[known.rows[key] for key in keys]]
    return np.split(vectors, np.cumsum(lengths)[:-1]), _no_way_back


def _vectors(within: Model[Any, Any], features: NDArray[np.uint64]) -> NDArray[np.float32]:
    """The vectors of words (words x features) by the layers themselves."""
    size = -(-len(features) // _BLOCK) * _BLOCK
    filled = np.concatenate([features, np.repeat(features[:1], size - len(features), axis=0)])
    blocks = [within.predict([filled[start : start + _BLOCK]])[0] for start in range(0, size, _BLOCK)]
    result: NDArray[np.float32] = np.concatenate(blocks)[: len(features)]
    return result


def _no_way_back(_: Any) -> Any:
    raise NotImplementedError("a network whose embeddings are remembered cannot be trained")
