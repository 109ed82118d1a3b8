"""Networks that remember the vectors of words give what they gave before, whatever they have met in between."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

import tasks.embedding_cache
from tasks.embedding_cache import cache_embeddings

TEXTS = [
    "The harbour opened two new berths in March.",
    "Berths for tankers were the first to open; the harbour is deep.",
    "",
    "Two  spaces, a tab\tand a word that nobody has met: quoxling.",
]


def pipeline() -> Language:
    """A tagger with untrained weights, which are the same in every test."""
    nlp = spacy.blank("en")
    tok2vec = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 32,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY"],
            "rows": [500, 100, 100, 100, 10],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 32,
            "window_size": 1,
            "maxout_pieces": 2,
            "depth": 2,
        },
    }
    nlp.add_pipe("tok2vec", config={"model": tok2vec})
    np.random.seed(1)  # spaCy draws its weights from it
    nlp.initialize()
    return nlp


def vectors(nlp: Language, texts: list[str]) -> list[NDArray[np.float32]]:
    return [doc.tensor for doc in nlp.pipe(texts)]


def embeddings(nlp: Language, texts: list[str]) -> list[NDArray[np.float32]]:
    """What the layer that remembers gives for each text, before any layer that looks at the neighbours."""
    (layer,) = [node for node in nlp.get_pipe("tok2vec").model.walk() if node.name == "cached_embedding"]
    return list(layer.predict([nlp.make_doc(text) for text in texts]))


def names(nlp: Language) -> list[str]:
    model: Any = nlp.get_pipe("tok2vec").model
    return [node.name for node in model.walk()]


def test_vectors_are_those_of_the_network_itself() -> None:
    plain, cached = pipeline(), pipeline()
    cache_embeddings(cached)
    assert "cached_embedding" in names(cached)
    assert "cached_embedding" not in names(plain)
    for _ in range(2):  # the second time from memory
        for expected, found in zip(vectors(plain, TEXTS), vectors(cached, TEXTS), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_a_word_has_the_same_vector_wherever_it_is_met_first() -> None:
    forwards, backwards, singly = pipeline(), pipeline(), pipeline()
    for nlp in (forwards, backwards, singly):
        cache_embeddings(nlp)
    first = embeddings(forwards, TEXTS)
    second = embeddings(backwards, TEXTS[::-1])[::-1]
    third = [embeddings(singly, [text])[0] for text in TEXTS]
    for others in (second, third):
        for one, other in zip(first, others, strict=True):
            np.testing.assert_array_equal(one, other)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.embedding_cache, "_MOST", 5)
    plain, cached = pipeline(), pipeline()
    cache_embeddings(cached)
    (layer,) = [node for node in cached.get_pipe("tok2vec").model.walk() if node.name == "cached_embedding"]
    nlp_docs = [cached.make_doc(text) for text in TEXTS]
    for text in TEXTS * 2:
        for expected, found in zip(vectors(plain, [text]), vectors(cached, [text]), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
        assert len(layer.attrs["known"].rows) <= 5 + max(len(doc) for doc in nlp_docs)


def test_such_a_network_is_not_trained() -> None:
    nlp = pipeline()
    cache_embeddings(nlp)
    model: Any = nlp.get_pipe("tok2vec").model
    with pytest.raises(NotImplementedError, match="cannot be trained"):
        model.begin_update([Doc(nlp.vocab, words=["harbour"])])


def test_a_pipeline_without_such_networks_stays_as_it_is() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    cache_embeddings(nlp)
    assert [len(list(doc.sents)) for doc in nlp.pipe(["One. Two."])] == [2]
