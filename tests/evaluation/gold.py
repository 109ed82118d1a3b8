"""The gold annotations: documents with marked mentions, the entity of each, and pairs that must and must not merge."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tasks.recognition import NAME_LABELS

GOLD = Path(__file__).with_name("gold")
_MARK = re.compile(r"\[\[([A-Z_]+)\|([^|\[\]]+)(?:\|([^|\[\]]+))?\]\]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"'})
_EDGES = re.compile(r"^(?:the|an?)\s+|'s?$", re.IGNORECASE)


class Mention(NamedTuple):
    """A name at one place of a paragraph; `entity` is what it names, where that is known."""

    document: str
    paragraph: int
    start: int
    end: int
    label: str
    text: str
    entity: str


@dataclass(frozen=True, slots=True)
class Document:
    """The paragraphs of a document, the title first, and the mentions that stand in them."""

    name: str
    paragraphs: tuple[str, ...]
    mentions: tuple[Mention, ...]


class Pair(NamedTuple):
    """Two forms of one collection that must `merge` to one entity, or stay `apart`."""

    relation: str
    collection: str
    label: str
    form: str
    document: str
    other_label: str
    other: str


Aliases = dict[tuple[str, str], str]


def normalise(text: str) -> str:
    """A name without case, article, possessive ending and the shape of its quotes and spaces."""
    return _EDGES.sub("", " ".join(text.translate(_QUOTES).split())).casefold()


def parse(name: str, marked: str, aliases: Aliases) -> Document:
    """A document out of its annotated text; a wrong mark is an error that names the document and the paragraph."""
    paragraphs: list[str] = []
    mentions: list[Mention] = []
    for number, line in enumerate(filter(None, marked.split("\n"))):
        text, position = "", 0
        for mark in _MARK.finditer(line):
            label, form, entity = mark.groups()
            text += line[position : mark.start()]
            if label not in NAME_LABELS or form != form.strip():
                raise ValueError(f"{name}, paragraph {number}: {mark.group()} is no mention")
            entity = entity or aliases.get((normalise(form), label), form)
            mentions.append(Mention(name, number, len(text), len(text) + len(form), label, form, entity))
            text, position = text + form, mark.end()
        text += line[position:]
        if "[[" in text or "]]" in text:
            raise ValueError(f"{name}, paragraph {number}: a mark is not closed or not well formed")
        paragraphs.append(text)
    return Document(name, tuple(paragraphs), tuple(mentions))


def load_aliases(folder: Path = GOLD) -> Aliases:
    """What each listed form stands for, by normalised form and label."""
    with (folder / "aliases.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(normalise(row["alias"]), row["label"]): row["entity"] for row in rows}


def load_collections(folder: Path = GOLD) -> dict[str, list[Document]]:
    """The documents of each collection, a sub-folder each."""
    aliases = load_aliases(folder)
    return {
        collection.name: [
            parse(path.stem, path.read_text("utf-8"), aliases) for path in sorted(collection.glob("*.txt"))
        ]
        for collection in sorted(folder.iterdir())
        if collection.is_dir()
    }


def load_pairs(folder: Path = GOLD) -> list[Pair]:
    """The pairs in the order of the file."""
    with (folder / "pairs.tsv").open(encoding="utf-8", newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
