"""The spaCy pipeline: loaded once with what the language pass needs of it, words looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from tasks.entity_decoder import EntityDecoder, entity_decoder
from tasks.stage import CorpusError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# About a thousand words: what the networks make of so many stays in a core's own memory, and more of them take longer each.
_CHARACTERS_AT_ONCE = 5_000


@cache
def load_model(name: str) -> Language:
    """Load a spaCy pipeline with what this stage needs of it: tagger, sentence recogniser and entity recogniser.

    The attribute ruler and the lemmatizer depend on a word and its tag alone; they are run once for each such pair. The
    parser is left out: it costs as much as entity recognition and nothing here reads its output.
    """
    import spacy

    try:
        nlp = spacy.load(name, exclude=["parser"])
    except OSError as error:
        raise CorpusError(
            f"the spaCy model {name!r} (setting annotate.model) is not installed: install the package of that name"
        ) from error
    if "senter" in nlp.disabled:
        nlp.enable_pipe("senter")
    for pipe in ("attribute_ruler", "lemmatizer"):
        if pipe in nlp.pipe_names:
            nlp.disable_pipe(pipe)
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if hasattr(node.ops, "use_blis"):
                node.ops.use_blis = False  # numpy's linear algebra is the faster one; entities and tags are the same
    if not any(name in nlp.pipe_names for name in ("senter", "sentencizer", "parser")):
        nlp.add_pipe("sentencizer", first=True)
    return nlp


@cache
def _decoder(nlp: Language) -> EntityDecoder | None:
    """What finds the entities in place of the pipeline's last component, where it finds the same."""
    from spacy.pipeline import EntityRecognizer

    if not nlp.pipe_names or type(nlp.pipeline[-1][1]) is not EntityRecognizer:
        return None
    if any("doc.ents" in nlp.get_pipe_meta(name).assigns for name in nlp.pipe_names[:-1]):
        return None
    return entity_decoder(nlp.pipeline[-1][1])


def parse(texts: Iterable[str], nlp: Language) -> Iterator[Doc]:
    """Put texts through the pipeline, in order and as many at once as is fastest."""
    from spacy.tokens import Span

    decoder = _decoder(nlp)
    passed_over = nlp.pipe_names[-1:] if decoder else []
    for group in _groups(texts):
        docs = list(nlp.pipe(group, batch_size=len(group), disable=passed_over))
        for doc, entities in zip(docs, decoder.entities(docs), strict=True) if decoder else ():
            doc.set_ents([Span(doc, start, end, label) for start, end, label in entities])
        yield from docs


def _groups(texts: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for text in texts:
        if group and size + len(text) > _CHARACTERS_AT_ONCE:
            yield group
            group, size = [], 0
        group.append(text)
        size += len(text)
    if group:
        yield group


@cache
def _attributes(_: Language) -> dict[tuple[int, int], tuple[str, str]]:
    """What is known of each (word, tag) of a pipeline, by their hashes; it grows with the vocabulary."""
    return {}


def look_up(docs: Iterable[Doc], nlp: Language) -> dict[tuple[int, int], tuple[str, str]]:
    """Part of speech and lemma for every (word, tag) in `docs`, each pair worked out once and by itself."""
    from spacy.tokens import Doc

    known = _attributes(nlp)
    missing = sorted({(token.orth, token.tag) for doc in docs for token in doc} - known.keys())
    components = dict(nlp.components)
    pipes = [components[name] for name in ("attribute_ruler", "lemmatizer") if name in components]
    strings = nlp.vocab.strings
    for orth, tag in missing:
        doc = Doc(nlp.vocab, words=[strings[orth]], tags=[strings[tag]] if tag else None)
        for pipe in pipes:
            doc = pipe(doc)
        known[orth, tag] = (doc[0].pos_, doc[0].lemma_ or doc[0].lower_)
    return known
