"""Which paragraphs of a page are its article, and which are furniture: menus, shares, lists of other stories.

trafilatura says which text is the article; what stands beside it in the same container stays as well, unless the markup
says that it is navigation or the like, or it is made of links. Losing a paragraph is worse than keeping a menu.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tasks.readers.html_blocks import Block

_MOST_TAGS = 20_000  # in a page that trafilatura is asked about; its time grows with their square
_ARTICLE_SHARE = 0.3  # of the article's letters; what holds more is no furniture, whatever it is called
_FEWEST_LINKED = 3  # blocks of links that make a list of them
_MAIN_SHARE = 0.9  # of the article's letters that its container holds
_PROSE_WORDS = 25  # in a block that is prose wherever it stands
_SHINGLE = 3  # words
_SAME_SHARE = 0.8  # of a block's shingles that the article has


def find_furniture(blocks: list[Block], source: str, title: str | None) -> list[bool]:
    """For each block whether it belongs to the page and not to the article."""
    is_prose = [len(block.text.split()) >= _PROSE_WORDS and not block.is_linked for block in blocks]
    article = _article(source)
    is_extracted = _extracted(blocks, article) if article else is_prose
    names = _furniture_names(blocks, is_extracted)
    in_list = _in_lists_of_links(blocks)
    is_apart = [
        not block.marks.isdisjoint(names) or linked or ((block.likely or block.is_linked) and not extracted)
        for block, linked, extracted in zip(blocks, in_list, is_extracted, strict=True)
    ]
    is_article = [
        not apart and (extracted or prose)
        for apart, extracted, prose in zip(is_apart, is_extracted, is_prose, strict=True)
    ]
    first = is_article.index(True) if any(is_article) else 0
    heading = next((i for i, block in enumerate(blocks[: first + 1]) if _is_title(block, title)), first)
    if not any(is_article):
        return [apart and index != heading for index, apart in enumerate(is_apart)]
    main = _main_container(block for block, is_body in zip(blocks, is_article, strict=True) if is_body)
    return [
        not (is_body or index == heading) and (apart or not (main in block.containers or heading < index < first))
        for index, (block, is_body, apart) in enumerate(zip(blocks, is_article, is_apart, strict=True))
    ]


def _article(source: str) -> str:
    """The text that trafilatura takes for the article, one line a paragraph; empty where it finds none."""
    if source.count("<") > _MOST_TAGS:
        return ""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(source, include_comments=False, favor_recall=True, fast=True)
    except RecursionError:  # a page nested thousands of levels deep
        return ""
    return str(getattr(found, "text", None) or "")


def _extracted(blocks: list[Block], article: str) -> list[bool]:
    """For each block whether the article, as it was extracted, has its words; compared by words three by three."""
    lines = {_words(line) for line in article.split("\n")}
    known = set(_shingles(_words(article)))
    found = []
    for block in blocks:
        words = _words(block.text)
        shingles = _shingles(words)
        found.append(
            words in lines
            or (len(words) >= 2 * _SHINGLE and sum(s in known for s in shingles) >= _SAME_SHARE * len(shingles))
        )
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _shingles(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


def _furniture_names(blocks: list[Block], is_extracted: list[bool]) -> set[str]:
    """The names of furniture whose elements do not together hold much of the article."""
    letters: Counter[str] = Counter()
    total = 0
    for block, extracted in zip(blocks, is_extracted, strict=True):
        size = max(0, len(block.text) - block.link_letters) if extracted else 0
        total += size
        for name in block.marks:
            letters[name] += size
    return {name for name, size in letters.items() if size <= _ARTICLE_SHARE * total}


def _in_lists_of_links(blocks: list[Block]) -> list[bool]:
    """For each block whether it is a link in a list of nothing else, or such a list by itself."""
    linked: Counter[Any] = Counter()
    whole: Counter[Any] = Counter()
    for block in blocks:
        whole.update(block.containers)
        if block.is_linked:
            linked.update(block.containers)
    return [
        block.is_linked
        and (block.links >= _FEWEST_LINKED or any(_FEWEST_LINKED <= whole[e] == linked[e] for e in block.containers))
        for block in blocks
    ]


def _is_title(block: Block, title: str | None) -> bool:
    return block.text.casefold() == title.casefold() if title is not None else block.tag == "h1"


def _main_container(blocks: Iterator[Block]) -> Any:
    """The innermost element around several paragraphs that holds nearly all of the article."""
    letters: Counter[Any] = Counter()
    depth: dict[Any, int] = {}
    total = 0
    for block in blocks:
        total += len(block.text)
        outer = block.containers[:-1] or block.containers
        for level, element in enumerate(outer):
            letters[element] += len(block.text)
            depth[element] = level
    return max((e for e in letters if letters[e] >= _MAIN_SHARE * total), key=lambda e: depth[e])
