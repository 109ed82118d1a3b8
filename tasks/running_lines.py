"""Running lines: the page numbers of a document that had pages once, and the heads that stand beside them.

A number alone may be that of a section or an item, and a line that comes back a refrain, a heading or a speaker. Numbers are
those of pages where they count up between running texts and part a sentence, or where one line stands beside each of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from tasks.layout import Paragraph, read_header

_RUNNING_TEXT_WORDS = 20  # a paragraph of so many words is running text, whatever it ends with
_FEWEST = 3  # pages
_LAST_TITLE_PAGE = 2  # where the title page has no number of its own
_PARTING_SHARE = 0.25  # of page numbers, between the two halves of a sentence
_FEWEST_WORDS = 3  # of a head that makes the numbers beside it those of pages
_LONGEST_NUMBER = 20  # characters
_LONGEST_HEAD = 100
_NUMBER = re.compile(  # of at most three digits: a year has four
    r"(?P<form>page\s+|[–—-]\s*)?(?P<number>\d{1,3})(?P<end>\s*[–—-]|\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?;。！？][”’\"')\]]*$|[.!?]\s?\([^()]{3,40}\)$")
_OPEN_END = re.compile(r"[\w,-]$")


def is_running_text(text: str) -> bool:
    """Whether a paragraph is running text: long, or a sentence."""
    words = len(text.split(maxsplit=_RUNNING_TEXT_WORDS))
    return words > _RUNNING_TEXT_WORDS or (words > 1 and _SENTENCE_END.search(text[-60:]) is not None)


def find_running_lines(blocks: Sequence[Paragraph]) -> dict[int, str]:
    """The page numbers and running heads of a document, by index, with the rule of each."""
    written = {
        index: match
        for index, block in enumerate(blocks)
        if len(block.text) <= _LONGEST_NUMBER
        and not block.is_furniture  # of a file with pages, whose reader knows more of them
        and (match := _NUMBER.fullmatch(block.text))
        and (not block.marker or match["end"])  # "- 3 -" begins as an item does
    }
    numbers = {index: int(match["number"]) for index, match in written.items()}
    chains = list(_chains(blocks, numbers))
    if not chains:
        return {}
    heads = _heads(blocks, numbers, [index for chain in chains for index in chain])
    skipped = numbers.keys() | {index for places in heads.values() for index in places}
    found: dict[int, str] = {}
    for chain in chains:
        is_in_form = all(written[index]["form"] or written[index]["end"] for index in chain)
        # What stands before the first may be the opening of a list, whose items go on with its sentence.
        parting = sum(_parts_sentence(index, blocks, skipped) for index in chain[1:])
        # Sections and cases begin with 1, and may have a short label beside their number.
        headed = sum(any(_names_page(blocks, other, heads) for other in _beside(index, blocks)) for index in chain)
        is_headed = headed >= len(chain) - 1 and numbers[chain[0]] > 1
        if is_in_form or is_headed or parting >= _PARTING_SHARE * len(chain):
            found.update(dict.fromkeys(chain, "page_number"))
    of_pages = {other for index in found for other in _beside(index, blocks)}
    for places in heads.values():
        if len(of_pages.intersection(places)) >= _FEWEST:
            found.update(dict.fromkeys(places, "running_head"))
    if found.get(0) == "running_head" and 1 not in numbers and not _opens_within(blocks, found, numbers):
        del found[0]
    return found


def _opens_within(blocks: Sequence[Paragraph], found: Mapping[int, str], numbers: Mapping[int, int]) -> bool:
    """Whether the line on top is the head of a page further on, with a dated title below; else it is the title itself."""
    header = read_header(list(blocks), is_furniture=frozenset(found))
    first = next(number for index, number in numbers.items() if index in found)
    return first > _LAST_TITLE_PAGE and header.title is not None and any(at > header.title[0] for at, _ in header.dates)


def _chains(blocks: Sequence[Paragraph], numbers: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield where numbers follow each other that count up by one, with running text between them."""
    chain: list[int] = []
    for index, number in numbers.items():
        if (
            not chain
            or number != numbers[chain[-1]] + 1
            or not any(is_running_text(block.text) for block in blocks[chain[-1] + 1 : index])
        ):
            if len(chain) >= _FEWEST:
                yield chain
            chain = []
        chain.append(index)
    if len(chain) >= _FEWEST:
        yield chain


def _heads(blocks: Sequence[Paragraph], numbers: Collection[int], chained: Iterable[int]) -> dict[str, list[int]]:
    """The lines that stand beside numbers at least three times, and elsewhere but once in front of all; and where."""
    beside = {other for index in numbers for other in _beside(index, blocks)}
    often = Counter(
        _folded(blocks, other) for other in {other for index in chained for other in _beside(index, blocks)}
    )
    candidates = {line for line, count in often.items() if count >= _FEWEST and line}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in range(len(blocks)) if candidates else ():
        if (line := _folded(blocks, index)) in candidates:
            places[line].append(index)
    return {line: found for line, found in places.items() if all(index == 0 or index in beside for index in found)}


def _beside(index: int, blocks: Sequence[Paragraph]) -> list[int]:
    return [other for other in (index - 1, index + 1) if 0 <= other < len(blocks)]


def _folded(blocks: Sequence[Paragraph], index: int) -> str:
    """A line as its repetitions are told by; empty for what is no running head, as a label and an item are not."""
    block = blocks[index]
    if len(block.text) > _LONGEST_HEAD or block.marker or block.text[-1] in ":：?？":
        return ""
    return " ".join(block.text.casefold().split()) if any(map(str.isalpha, block.text)) else ""


def _names_page(blocks: Sequence[Paragraph], index: int, heads: Collection[str]) -> bool:
    line = _folded(blocks, index)
    return line in heads and len(line.split()) >= _FEWEST_WORDS


def _parts_sentence(index: int, blocks: Sequence[Paragraph], skipped: Collection[int]) -> bool:
    """Whether a number stands between the two halves of a sentence, beside other running lines."""
    before, after = index - 1, index + 1
    while before in skipped:
        before -= 1
    while after in skipped:
        after += 1
    if before < 0 or after >= len(blocks):
        return False
    text = blocks[before].text
    return (
        blocks[after].text[:1].islower()
        and text[:1].isupper()
        and _OPEN_END.search(text) is not None
        and len(text.split(maxsplit=_RUNNING_TEXT_WORDS)) > _RUNNING_TEXT_WORDS
    )
