"""Clean: a document's text becomes passages, and whatever is not the document's own keeps its place and its rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from tasks.boilerplate import find_furniture
from tasks.ingest import DocumentText
from tasks.layout import (
    PUBLICATION,
    Header,
    Paragraph,
    is_byline,
    is_date_line,
    is_heading,
    is_note,
    paragraphs,
    possible_row,
    read_header,
)
from tasks.stage import stage


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a document, what kind it is, and where it stands in the document's text."""

    TABLE: ClassVar[str] = "passages"

    passage_id: str
    document_id: str
    position: int
    kind: Literal["title", "heading", "body", "boilerplate"]
    text: str
    start_char: int
    end_char: int
    rule: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """What is left of a document when its furniture is left out: its size, and a digest that equal texts share."""

    TABLE: ClassVar[str] = "bodies"

    document_id: str
    word_count: int
    body_sha256: str | None


class CleanSettings(BaseModel, frozen=True, extra="forbid"):
    """What is marked as boilerplate."""

    drop_repeated: bool = Field(True, description="a paragraph that a document repeats counts once")
    shortest_repeated: int = Field(6, ge=1, description="words; shorter paragraphs may repeat")
    patterns: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (), description="texts that make a paragraph boilerplate; `_boilerplate.csv` adds to them"
    )


@stage(reads=DocumentText, writes=(Passage, Body), version=1, settings=CleanSettings, bulk="text")
def clean(texts: Iterable[DocumentText], settings: CleanSettings) -> Iterator[Passage | Body]:
    """Cut texts into passages and mark what is site furniture, with its rule."""
    for text in texts:
        passages = list(_passages(text, settings))
        yield from passages
        body = [passage.text for passage in passages if passage.kind == "body"]
        own = [part for part in body if not is_note(part)]  # a reprint often comes with another editor's note
        yield Body(text.document_id, sum(len(part.split()) for part in body), _digest(own) if own else None)


def _passages(source: DocumentText, settings: CleanSettings) -> Iterator[Passage]:
    blocks = paragraphs(source.text, source.body_start, frozenset(source.furniture))
    rules = find_furniture(blocks, settings.patterns)
    header = read_header(blocks, is_furniture=frozenset(rules))
    own = [index for index in range(len(blocks)) if index not in rules]
    closing = [index for index in own[_OPENING_LINES:][-_CLOSING_LINES:] if not possible_row(blocks[index].text)]
    edges = frozenset((*own[:_OPENING_LINES], *closing)) - header.rows
    seen: set[str] = set()
    above = ""
    for index, block in enumerate(blocks):
        kind, rule = _kind(index, block, blocks, header, rules, edges)
        folded = " ".join(block.text.casefold().split())
        words = folded.count(" ") + 1
        if kind != "boilerplate" and settings.drop_repeated and words >= settings.shortest_repeated:
            # A sentence that comes back is a refrain or a clause; twice in a row, or a whole paragraph, is a copy.
            if folded == above or (folded in seen and words >= _REPEATED_ELSEWHERE):
                kind, rule = "boilerplate", "repeated"
            seen.add(folded)
        above = folded
        yield Passage(
            passage_id=f"{source.document_id}-{index:04d}",
            document_id=source.document_id,
            position=index,
            kind=kind,
            text=block.text,
            start_char=block.start,
            end_char=block.end,
            rule=rule,
        )


_OPENING_LINES = 14
_CLOSING_LINES = 4
_REPEATED_ELSEWHERE = 20
_RUNNING_TEXT_WORDS = 20
_HEADING_WORDS = 14


def _kind(
    index: int,
    block: Paragraph,
    blocks: list[Paragraph],
    header: Header,
    furniture: dict[int, str],
    edges: frozenset[int],
) -> tuple[Literal["title", "heading", "body", "boilerplate"], str | None]:
    if index in furniture:
        return "boilerplate", furniture[index]
    if header.title is not None and index == header.title[0]:
        return "title", None
    if index in edges and is_date_line(block.text) and not _dates_a_signature(index, block, blocks):
        return "boilerplate", "date_line"
    if index in edges and is_byline(block.text):
        return "boilerplate", "byline"
    if not any(character.isalnum() for character in block.text):
        return "boilerplate", "no_words"
    if index in header.heading or (index not in header.rows and _heads_a_section(index, blocks, furniture)):
        return "heading", None
    return "body", None


def _dates_a_signature(index: int, block: Paragraph, blocks: list[Paragraph]) -> bool:
    """Whether a date below the body says nothing of a publication: then it is that of a signature, and the text's own."""
    above = blocks[max(0, index - _OPENING_LINES) : index]
    return PUBLICATION.match(block.text) is None and any(len(b.text.split()) >= _RUNNING_TEXT_WORDS for b in above)


def _running_text_after(index: int, blocks: list[Paragraph], furniture: dict[int, str]) -> Paragraph | None:
    """The next paragraph that is neither furniture nor a line of dates or names."""
    for following in range(index + 1, min(len(blocks), index + 1 + _OPENING_LINES)):
        block = blocks[following]
        if following not in furniture and not is_date_line(block.text) and not is_byline(block.text):
            return block
    return None


def _heads_a_section(index: int, blocks: list[Paragraph], furniture: dict[int, str]) -> bool:
    """Whether a paragraph is the heading of what follows: marked as such, or short and in front of running text.

    Short lines among themselves are a list or a table, and so is a line with the marker of a list: these are body.
    """
    block = blocks[index]
    if block.marker:
        return block.marker.startswith("#")
    if not is_heading(block.text) or len(block.text.split()) > _HEADING_WORDS:
        return False
    following = _running_text_after(index, blocks, furniture)
    if following is None:
        return False
    return bool(following.marker) or not is_heading(following.text) or len(following.text.split()) > _HEADING_WORDS


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACED = bytes(32 if code < 128 and not chr(code).isalnum() else code for code in range(256))


def _digest(body: list[str]) -> str:
    """A digest of the body's words: layout, case, and the shape of quotation marks do not count."""
    text = " ".join(body).casefold()
    for character in set(_NOT_ASCII.findall(text)):
        if not character.isalnum():
            text = text.replace(character, " ")
    return hashlib.sha256(b" ".join(text.encode().translate(_SPACED).split())).hexdigest()
