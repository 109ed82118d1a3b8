"""Running lines: the page numbers and heads of what had pages once are furniture; other numbers and refrains are not."""

from __future__ import annotations

from itertools import chain

import pytest

from tasks.boilerplate import find_furniture
from tasks.layout import paragraphs
from tests.test_metadata import described

TITLE = "Rules for the River Ports"
HEAD = "Gazette of the River Bureau No. 3"
TEXTS = [
    f"The ports of the {name} River share their charts with each other, and the pilots of the guild read them on board "
    "each morning before the locks of the lower river open to the barges and the tugs."
    for name in ("Long", "Yellow", "Pearl", "Huai", "Min", "Han")
]
# The same texts with a sentence that goes on behind a break.
OPEN = [text + " The guild and" for text in TEXTS]
REST = "the {0} bureaus agree on this."
LIST = [text[0].lower() + text[1:-1] for text in TEXTS]


def behind(texts: list[str], lines: str, first: int = 1) -> list[str]:
    """Texts with lines behind each but the last, which a number is filled into."""
    ends = [lines.format(number).split("\n") for number in range(first, first + len(texts) - 1)]
    return [*chain.from_iterable((text, *end) for text, end in zip(texts, ends, strict=False)), texts[-1]]


def before(texts: list[str], lines: str, first: int = 1) -> list[str]:
    """Texts with lines before each."""
    return [block for number, text in enumerate(texts, first) for block in (*lines.format(number).split("\n"), text)]


def rules(blocks: list[str]) -> dict[str, int]:
    """How many lines are furniture, by their rules."""
    found = list(find_furniture(paragraphs("\n\n".join(blocks))).values())
    return {rule: found.count(rule) for rule in found}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([TITLE, *behind(TEXTS, HEAD + "\n{}", 15)], {"running_head": 5, "page_number": 5}, id="above"),
        pytest.param([TITLE, *behind(TEXTS, "{}\n" + HEAD, 15)], {"running_head": 5, "page_number": 5}, id="below"),
        pytest.param(behind(TEXTS, "- {} -\n" + HEAD), {"page_number": 5, "running_head": 5}, id="dashes"),
        pytest.param(behind(TEXTS, "Page {} of 9\nGazette"), {"page_number": 5, "running_head": 5}, id="one word"),
        pytest.param(behind(OPEN, "{0}\n" + REST), {"page_number": 5}, id="sentences parted"),
        pytest.param(behind(OPEN, HEAD + "\n{0}\n" + REST), {"page_number": 5, "running_head": 5}, id="parted by both"),
    ],
)
def test_page_numbers_and_the_heads_beside_them_are_furniture(blocks: list[str], expected: dict[str, int]) -> None:
    assert rules(blocks) == expected


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(before(TEXTS, "{}"), id="sections"),
        pytest.param(before(TEXTS, "{}\nMeasures of the bureau"), id="sections with a heading that comes back"),
        pytest.param(before(TEXTS, "Case study\n{}", 4), id="a label before their number"),
        pytest.param(before(TEXTS, "{}", 2015), id="years"),
        pytest.param(behind(OPEN, "{0}\n" + REST, 2015), id="years within sentences"),
        pytest.param([OPEN[0], *before(LIST, "{}")], id="items"),
        pytest.param(before(["Barges", "Tugs", "Locks", "Ports"], "{}", 15), id="a table"),
        pytest.param([*behind(TEXTS, HEAD), TITLE], id="a refrain"),
        pytest.param(before(TEXTS, "Q:\n{}", 15), id="questions"),
        pytest.param([*before(TEXTS[:3], "{}", 15), *before(TEXTS[3:], "{}", 28)], id="numbers that leap"),
        pytest.param(behind(TEXTS[:3], HEAD + "\n{}", 15), id="two pages"),
        pytest.param([*behind(TEXTS, HEAD + "\n{}", 15), HEAD, TEXTS[0]], id="a head that is a heading as well"),
    ],
)
def test_other_numbers_and_lines_that_come_back_are_none(blocks: list[str]) -> None:
    assert rules(blocks) == {}


def test_a_speaker_beside_page_numbers_stays() -> None:
    blocks = [*behind(OPEN[:4], "{0}\n" + REST + "\nMao Lin"), "Mao Lin", *TEXTS]
    assert rules(blocks) == {"page_number": 3}


@pytest.mark.parametrize(
    ("first", "lines", "title"),
    [
        pytest.param(3, [HEAD, TITLE, "March 11, 2022"], TITLE, id="a head on top of a page within a volume"),
        pytest.param(1, [HEAD, "River Bureau", "March 11, 2022"], HEAD, id="a title that the pages repeat"),
        pytest.param(3, [HEAD, "March 11, 2022"], HEAD, id="nothing else that may be the title"),
        pytest.param(15, [TITLE], TITLE, id="a title alone"),
    ],
)
def test_a_head_is_the_title_unless_another_stands_below(first: int, lines: list[str], title: str) -> None:
    assert described("a.txt", "\n\n".join([*lines, *behind(TEXTS, "- {} -\n" + HEAD, first)])).title == title
