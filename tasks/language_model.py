"""The spaCy pipeline: loaded once with what the language pass needs of it, words looked up once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tasks.embedding_cache import cache_embeddings
from tasks.entity_decoder import EntityDecoder, entity_decoder
from tasks.errors import CorpusError
from tasks.lemma_dictionary import lemma_of
from tasks.terms import Token, Word, word_of

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
    _import_spacy()
    from spacy.language import create_tokenizer
    from spacy.util import load_model as load_pipeline
    from spacy.util import registry

    registry.get("tokenizers", _USUAL_TOKENIZER)  # at the first name that is asked for, spaCy registers its own
    registry.tokenizers.register(_USUAL_TOKENIZER, func=_bare_tokenizer)
    try:
        nlp = load_pipeline(name, exclude=["parser"])
    except OSError as error:
        raise CorpusError(
            f"the spaCy model {name!r} (setting annotate.model) is not installed: install the package of that name"
        ) from error
    finally:
        registry.tokenizers.register(_USUAL_TOKENIZER, func=create_tokenizer)
    if "senter" in nlp.disabled:
        nlp.enable_pipe("senter")
    for pipe in ("attribute_ruler", "lemmatizer"):
        if pipe in nlp.pipe_names:
            nlp.disable_pipe(pipe)
    known_forms = _known_forms(nlp)
    for part_of_speech in list(known_forms):
        # The tables are lists, searched from the start for each inflected word.
        known_forms[part_of_speech] = frozenset(known_forms[part_of_speech])
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if hasattr(node.ops, "use_blis"):
                node.ops.use_blis = False  # numpy's linear algebra is the faster one; entities and tags are the same
    cache_embeddings(nlp)
    if not any(name in nlp.pipe_names for name in ("senter", "sentencizer", "parser")):
        nlp.add_pipe("sentencizer", first=True)
    return nlp


def _known_forms(nlp: Language) -> Any:
    """The lemmas of each part of speech that the rules of a pipeline's lemmatizer know; empty where it has none."""
    lookups = getattr(dict(nlp.components).get("lemmatizer"), "lookups", None)
    return lookups.get_table("lemma_index") if lookups is not None and lookups.has_table("lemma_index") else {}


_COMMAND_LINE = "spacy.cli.info"
_USUAL_TOKENIZER = "spacy.Tokenizer.v1"


def _import_spacy() -> None:
    """Import spaCy, in half the time that it takes by itself."""
    if "spacy" not in sys.modules:
        # It imports its command line for one function that is not called here, and with it what serves to download.
        sys.modules[_COMMAND_LINE] = ModuleType(_COMMAND_LINE)
        vars(sys.modules[_COMMAND_LINE]).update(info=None)
        try:
            import spacy  # noqa: F401
        finally:
            del sys.modules[_COMMAND_LINE]
    from spacy import util

    # At each of hundreds of names its registries search the entry points of every installed package, if they are a list.
    registries: Any = util.catalogue  # type: ignore[attr-defined]
    points = registries.AVAILABLE_ENTRY_POINTS
    if hasattr(points, "select"):
        registries.AVAILABLE_ENTRY_POINTS = {group: list(points.select(group=group)) for group in points.groups}


def _bare_tokenizer() -> Any:
    """A tokenizer without rules: a pipeline's own ones replace those of its language, which take time to be made."""
    from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

    return lambda nlp: Tokenizer(nlp.vocab)


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


_INFLECTED = ("NOUN", "VERB")


class _Words(dict[tuple[int, int], Word]):
    """The words that a pipeline has met, by the hashes of word and tag; each is worked out once and by itself."""

    def __init__(self, nlp: Language) -> None:
        components = dict(nlp.components)
        self._vocab = nlp.vocab
        self._pipes = [components[name] for name in ("attribute_ruler", "lemmatizer") if name in components]
        known_forms = _known_forms(nlp)
        self._known = {pos: known_forms.get(pos.lower()) for pos in _INFLECTED}

    def __missing__(self, key: tuple[int, int]) -> Word:
        from spacy.tokens import Doc

        orth, tag = key
        strings = self._vocab.strings
        doc = Doc(self._vocab, words=[strings[orth]], tags=[strings[tag]] if tag else None)
        for pipe in self._pipes:
            doc = pipe(doc)
        token = doc[0]
        lemma = self._lemma(token.lower_, token.pos_, token.lemma_ or token.lower_)
        self[key] = word_of(token.text, token.pos_, lemma, is_stop=token.is_stop)
        return self[key]

    def _lemma(self, word: str, pos: str, lemma: str) -> str:
        """A word's lemma by rules, or by a dictionary where the rules make a word that there is not, or leave out an e.

        They make "intermeete" of "intermeeting" and "rat" of "rated".
        """
        known = self._known.get(pos)
        if known is None or lemma == word:
            return lemma
        if lemma not in known:
            other = lemma_of(word)
            # What the dictionary does not know either is a plural still.
            return lemma if pos == "NOUN" and other == word else other
        with_e = lemma + "e"
        lacks_e = pos == "VERB" and with_e in known and lemma_of(word) == with_e
        return with_e if lacks_e else lemma


@cache
def _words(nlp: Language) -> _Words:
    return _Words(nlp)


def sentences(doc: Doc, nlp: Language) -> list[list[Token]]:
    """The words of each sentence of a parsed text."""
    words = _words(nlp)
    found: list[list[Token]] = []
    start = 0
    for orth, tag, has_space, sentence_start in doc.to_array(["ORTH", "TAG", "SPACY", "SENT_START"]).tolist():
        if sentence_start == 1 or not found:
            found.append([])
        word = words[orth, tag]
        found[-1].append(Token(*word, start, bool(has_space)))
        start += len(word.text) + has_space
    return found
