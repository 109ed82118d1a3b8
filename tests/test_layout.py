"""Layout: where a text's paragraphs stand, and what the short lines above its body state."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.layout import (
    Header,
    Paragraph,
    is_byline,
    is_caption,
    is_date_line,
    is_heading,
    is_note,
    paragraphs,
    read_header,
)

BODY = " ".join(
    ["The council said that trade in digital services should grow, and that every port would share data."] * 3
)
LONG = "A line that is longer than any wrapped line may be, " * 3 + "so that the text cannot be a wrapped one."


def texts(source: str, start: int = 0) -> list[str]:
    return [block.text for block in paragraphs(source, start)]


# -- paragraphs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("\n \n\t\n", [], id="blank lines only"),
        pytest.param("One.\n\nTwo.", ["One.", "Two."], id="a blank line parts"),
        pytest.param("One.\n\n\n  \nTwo.\n", ["One.", "Two."], id="several blank lines part once"),
        pytest.param("Title\nOne.\nTwo.", ["Title", "One.", "Two."], id="short lines stand by themselves"),
        pytest.param(f"{LONG}\n{LONG}", [LONG, LONG], id="long lines are paragraphs without a blank line"),
        pytest.param(
            "The digital economy of the province grew again and\nits ports share data.\n\nNext.",
            ["The digital economy of the province grew again and\nits ports share data.", "Next."],
            id="hard-wrapped lines belong together",
        ),
        pytest.param(
            "The digital economy of the province grew again and\nits ports share.\nAnother line that starts a paragraph.",
            [
                "The digital economy of the province grew again and\nits ports share.",
                "Another line that starts a paragraph.",
            ],
            id="a short line ends a wrapped paragraph",
        ),
        pytest.param(
            "# A heading of more than forty-five characters in all\nIts first line.",
            ["A heading of more than forty-five characters in all", "Its first line."],
            id="a markdown heading is not joined to what follows",
        ),
        pytest.param(
            "The digital economy of the province grew again and\n- ports share data\n- towns trade data",
            ["The digital economy of the province grew again and", "ports share data", "towns trade data"],
            id="list items stand by themselves",
        ),
        pytest.param(
            "# Title\n\n## Part\n\n> quoted\n\n* item\n+ item two\n• item three\n– item four",
            ["Title", "Part", "quoted", "item", "item two", "item three", "item four"],
            id="markers are cut",
        ),
        pytest.param("> > - nested item", ["nested item"], id="markers after markers are cut"),
        pytest.param(
            "#hashtag\n\n-5 degrees\n\n*starred*", ["#hashtag", "-5 degrees", "*starred*"], id="a marker needs a space"
        ),
        pytest.param("####### seven", ["####### seven"], id="no heading has seven levels"),
        pytest.param("- \n\n> \n\nText.", ["Text."], id="a marker alone is no paragraph"),
        pytest.param("  \tindented and trailed \t\n", ["indented and trailed"], id="space around is cut"),
    ],
)
def test_paragraphs(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_a_paragraph_knows_its_place_and_its_marker() -> None:
    assert paragraphs("# Title\n\n  Body. \n") == [Paragraph(2, 7, "Title", "#"), Paragraph(11, 16, "Body.")]


def test_what_stands_before_the_start_is_left_out_and_offsets_stay_those_of_the_source() -> None:
    source = "---\ntitle: A\n---\nBody."
    assert paragraphs(source, 17) == [Paragraph(17, 22, "Body.")]


@pytest.mark.parametrize(
    "second_line",
    [pytest.param("October 18, 2021", id="date line"), pytest.param("By Zhang Wei", id="byline")],
)
def test_a_long_title_of_a_wrapped_text_is_not_joined_to_the_line_below(second_line: str) -> None:
    title = "Remarks on the Digital Economy at the Fifth Trade Forum"
    source = f"{title}\n{second_line}\n\nThe digital economy of the province grew again and\nits ports share data.\n"
    assert texts(source)[:2] == [title, second_line]


WRAPPED = [
    "The digital economy of the province grew again, and its ports share",
    "what they know with the towns along the river, so that grain and coal",
    "arrive when the mills are ready for them.",
]
BLOCK = "\n".join(WRAPPED)
NARROW = "Ports along the river share what\nthey know, so that grain and coal\narrive on time. The mills are said\nto be ready."
WIDE = (
    "Ports along the river share what they know with the towns, so that all grain and coal that the mills wait for arrive\n"
    "on time. The mills are ready."
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(f"{BLOCK}\n\n{LONG}\n\n{BLOCK}\n\n{BLOCK}", [BLOCK, LONG, BLOCK, BLOCK], id="one long paragraph"),
        pytest.param(f"{LONG}\n\n{LONG}\n\n{BLOCK}", [LONG, LONG, *WRAPPED], id="mostly long lines"),
        pytest.param(
            f"{BLOCK}\n\n{BLOCK}\n\n{WRAPPED[0]}\n{LONG}\n{WRAPPED[2]}",
            [BLOCK, BLOCK, WRAPPED[0], LONG, WRAPPED[2]],
            id="a long line among the lines of a block",
        ),
        pytest.param(
            f"{WRAPPED[0]}\nhttps://example.org/{'a' * 120} {WRAPPED[1]}\n{WRAPPED[2]}",
            [f"{WRAPPED[0]}\nhttps://example.org/{'a' * 120} {WRAPPED[1]}\n{WRAPPED[2]}"],
            id="an address does not count for a line's width",
        ),
        pytest.param(
            "\n".join(f"    {WRAPPED[0]}\n{WRAPPED[1]}\n{WRAPPED[1]}" for _ in range(2)),
            [f"{WRAPPED[0]}\n{WRAPPED[1]}\n{WRAPPED[1]}"] * 2,
            id="an indented line starts a paragraph",
        ),
        pytest.param(
            f"1. {WRAPPED[0]}\n   {WRAPPED[1]}\n   {WRAPPED[2]}",
            [f"1. {WRAPPED[0]}\n   {WRAPPED[1]}\n   {WRAPPED[2]}"],
            id="a hanging indentation goes on",
        ),
        pytest.param(
            f"{WRAPPED[0]};\n(2) {WRAPPED[1]}.\nArticle 3 {WRAPPED[2]}",
            [f"{WRAPPED[0]};", f"(2) {WRAPPED[1]}.", f"Article 3 {WRAPPED[2]}"],
            id="numbered clauses",
        ),
        pytest.param(
            "Reported for the province as a whole, in the year that ended on May\n12. Grain and coal arrive on time.",
            ["Reported for the province as a whole, in the year that ended on May\n12. Grain and coal arrive on time."],
            id="a number that goes on with a sentence",
        ),
        pytest.param(
            "Promote the sharing of data among the ports of the river\n"
            "Train the crews of ships, and the keepers of every lock, in the reading of charts\n"
            "Open the market of the pilot zones to firms of all kinds",
            [
                "Promote the sharing of data among the ports of the river",
                (
                    "Train the crews of ships, and the keepers of every lock, in the reading of charts\n"
                    "Open the market of the pilot zones to firms of all kinds"
                ),
            ],
            id="a capital that had room in the line above starts anew",
        ),
        pytest.param(
            "See the rules of the province on ports and on rivers, [Rules\nfor Ports](https://example.org) here.",
            ["See the rules of the province on ports and on rivers, [Rules\nfor Ports](https://example.org) here."],
            id="a link over two lines",
        ),
        pytest.param(
            "[Rules for\nPorts](https://example.org)", ["[Rules for\nPorts](https://example.org)"], id="a short one"
        ),
        pytest.param(
            f"The Digital Economy of the Province, and of its Ports\n{'=' * 53}\n\n{BLOCK}",
            ["The Digital Economy of the Province, and of its Ports", "=" * 53, BLOCK],
            id="an underlined heading",
        ),
        pytest.param(
            "| Port of the river and what it shares | 2020 |\n| Port of the sea and what it shares   | 2021 |",
            ["| Port of the river and what it shares | 2020 |", "| Port of the sea and what it shares   | 2021 |"],
            id="rows of a table",
        ),
        pytest.param(NARROW, [NARROW], id="narrow lines"),
        pytest.param(f"{NARROW}\n{NARROW}", [NARROW, NARROW], id="two paragraphs of narrow lines"),
        pytest.param(WIDE, [WIDE], id="wide lines"),
        pytest.param(f"The Ports\n{NARROW}", ["The Ports", *NARROW.split("\n")], id="a line that is not filled"),
        pytest.param(
            "data of ports\ndata of mills\ndata of towns.",
            ["data of ports", "data of mills", "data of towns."],
            id="a list",
        ),
        pytest.param(
            "Office of Ports\nOffice of Mills\nOffice of Towns",
            ["Office of Ports", "Office of Mills", "Office of Towns"],
            id="names",
        ),
    ],
)
def test_wrapped_lines(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_a_line_of_the_pages_own_stands_alone() -> None:
    source = "\n".join([WRAPPED[0], "Journal of the Ports of the River, Volume 12, No. 3", *WRAPPED[1:]])
    start = source.index("Journal")
    blocks = paragraphs(source, 0, frozenset({start}))
    assert [(block.text, block.is_furniture) for block in blocks] == [
        (WRAPPED[0], False),
        ("Journal of the Ports of the River, Volume 12, No. 3", True),
        (f"{WRAPPED[1]}\n{WRAPPED[2]}", False),
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("a" * 5_000_000, id="no space"),
        pytest.param("word " * 1_000_000, id="one line"),
        pytest.param("\n" * 1_000_000, id="empty lines"),
        pytest.param("word\n" * 100_000, id="lines of a word"),
        pytest.param(f"{WRAPPED[0]}\n" * 50_000, id="one wrapped paragraph"),
        pytest.param("- " * 500_000, id="markers"),
        pytest.param("[" * 1_000_000, id="brackets"),
        pytest.param("x" + " " * 1_000_000 + "y", id="space"),
    ],
)
def test_the_time_grows_with_the_text_only(source: str) -> None:
    # Seconds are generous for a slow machine; a cost that grows with the square would take minutes.
    started = time.process_time()
    paragraphs(source)
    assert time.process_time() - started < 5


def test_one_long_address_does_not_break_up_a_wrapped_text() -> None:
    block = "The digital economy of the province grew again and\nits ports share data."
    address = "https://example.org/" + "a" * 120
    assert texts(f"{block}\n\n{address}\n") == [block, address]


LINES = st.lists(
    st.sampled_from(
        [
            "",
            " ",
            "# Title",
            "- item of a list",
            "> quoted",
            "> ",
            "* ",
            "-",
            "---",
            "Short line.",
            "A wrapped line of a text that goes on in the next line",
            "  - indented item of a list that is long enough to be wrapped",
            LONG,
        ]
    )
    | st.text(max_size=70),
    max_size=12,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(lines=LINES, skipped=st.integers(0, 3))
def test_paragraphs_quote_the_text_in_order_and_leave_out_only_markers(lines: list[str], skipped: int) -> None:
    source = "\n".join(lines)
    end = start = len("\n".join(lines[:skipped]))
    left_out = []
    for block in paragraphs(source, start):
        assert end <= block.start < block.end <= len(source)
        assert block.text == source[block.start : block.end] == block.text.strip()
        assert source[end : block.start].strip().endswith(block.marker)
        left_out.append(source[end : block.start])
        end = block.end
    left_out.append(source[end:])
    for line in "\n".join(left_out).splitlines():
        assert re.fullmatch(r"(?:#{1,6}|[-*+]|>|\s)*", line), line


# -- what a line is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "October 18, 2021",
        "18 October 2021.",
        "(October 18, 2021)",
        "2021-10-18",
        "October 2021",
        "2021",
        "Oct 20, 2021 03:49 PM",
        "October 18, 2021, 3:49 p.m.",
        "October 18, 2021 at 15:49",
        "2021-10-18 15:49:00",
        "2021-10-18 15:49 GMT+8",
        "2021-10-18 15:49 CST",
        "18 October 2021 | 10:00 am",
        "Date: October 18, 2021",
        "Published: 2021-10-18",
        "Published on October 18, 2021",
        "Posted October 18, 2021",
        "Updated - 18 October 2021",
        "Last updated: 18 October 2021",
        "Released: October 18, 2021",
        "For immediate release: October 18, 2021",
        "Publication date: 2021-10",
        "Issued on 18 October 2021",
        "Dated October 18, 2021",
        "Monday, October 18, 2021",
        "Oct 20, 2021 03:49 PM EST",
        "February 30, 2021",
        "03/04/2021",
        "October 18",
        "Source: Xinhua | 2021-10-19 20:15:04 | Editor: huaxia",
        "(Xinhua) 08:10, October 20, 2021",
        "Updated: 2021-10-18 09:12 | chinadaily.com.cn",
        "By Zhang Wei | China Daily | Updated: 2021-10-18 09:12",
        "October 18, 2021 by Zhang Wei",
        "2021-10-18T09:12:33+08:00",
        "**Date:** October 18, 2021",
        "October 18, 2021 3:49 P.M.",
        "Monday 18 October 2021 09.30 GMT",
        "First published on Mon 18 Oct 2021 09.30 EDT",
        "Last modified on Mon 18 Oct 2021 14.02 BST",
        "October 18, 2021 3.49pm",
    ],
)
def test_a_line_of_a_date_alone_is_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The forum met on October 18, 2021",
        "October 18, 2021 was a Monday",
        "2021 Work Report",
        "Outline for 2021",
        "Published",
        "Date: to be announced",
        "15:49",
        "October 18, 2021 3.50 USD",
        "| 2022 | Twenty Measures |",
        "| 2022-05-01 | Twenty Measures |",
    ],
)
def test_a_line_that_holds_more_or_no_date_is_no_date_line(line: str) -> None:
    assert not is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Zhang Wei",
        "BY ZHANG WEI",
        "By Zhang Wei and Li Min",
        "by the Trade Desk",
        "Author: Zhang Wei",
        "Written by Zhang Wei",
        "Translated by the Language Service",
        "Translation by Li Min.",
        "Edited by: Li Min",
        "Editors: Li Min, Zhang Wei",
        "Published by Example Press",
        "  By Zhang Wei  ",
        "By John F. Smith",
    ],
)
def test_a_line_that_names_a_writer_is_a_byline(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "By",
        "By 2035",
        "By the end of the year",
        "By 2025, every port shares data",
        "written by hand",
        "Bypass Roads",
        "By Zhang Wei, who has written on trade and on ports since long ago",
        "By contrast; Others",
        "Zhang Wei",
    ],
)
def test_a_line_that_does_not_only_name_a_writer_is_no_byline(line: str) -> None:
    assert not is_byline(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Photo: Zhang Wei", True),
        ("Photo by Zhang Wei", True),
        ("The harbour at night. Photo/Example News", True),
        ("Image courtesy of the port", True),
        ("Picture credit Zhang Wei", True),
        ("Source: Example Statistics", True),
        ("Photographs were shown", False),
        ("The photo shows a port", False),
        ("An outsource: none", False),
        ("Photo: " + "word " * 61, False),
    ],
)
def test_a_caption_credits_a_picture_in_few_words(line: str, expected: bool) -> None:
    assert is_caption(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Editor's note: this was a speech.", True),
        ("Editor’s Note", True),
        ("Editor‘s note", True),
        ("Editors' note – the text is cut.", True),
        ("Translator's Note: names are left.", True),
        ("Translators’ notes", False),
        ("The editor's note says", False),
        ("Editorial", False),
    ],
)
def test_a_note_names_editor_or_translator_first(line: str, expected: bool) -> None:
    assert is_note(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("Overview", True, id="a word"),
        pytest.param("Rules for Platforms", True, id="title case"),
        pytest.param("I. Overview", True, id="numbered"),
        pytest.param("Word " * 24 + "end", True, id="25 words"),
        pytest.param("Word " * 25 + "end", False, id="26 words"),
        pytest.param("", False, id="nothing"),
        pytest.param("overview", False, id="small letter"),
        pytest.param("The ports share data.", False, id="a sentence"),
        pytest.param("They said:", False, id="a colon"),
        pytest.param("Ports share data;", False, id="an item"),
        pytest.param("...", False, id="dots"),
        pytest.param("2021", False, id="a number"),
        pytest.param("The ports share data.[12]", False, id="a sentence with a footnote"),
        pytest.param("The ports share data.³", False, id="a raised one"),
        pytest.param("The ports share data.3", False, id="one that was raised"),
        pytest.param("The ports share data. (Applause.)", False, id="a sentence and applause"),
        pytest.param("(The ports share data.)", False, id="a sentence in brackets"),
        pytest.param("Rules for Ports[1]", True, id="with a footnote"),
        pytest.param("Order No.3", True, id="a number behind a full stop"),
        pytest.param("Rules for Ports (2021)", True, id="brackets"),
    ],
)
def test_a_heading_is_short_and_no_sentence(line: str, expected: bool) -> None:
    assert is_heading(line) is expected


# -- the header -------------------------------------------------------------------------------------------------------


ISSUERS = "Order No. 15 of " + ", ".join(f"the Office of River Ports number {number}" for number in range(8))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([], Header(), id="nothing"),
        pytest.param([BODY], Header(), id="body at once"),
        pytest.param(
            ["Rules for Platforms", "October 18, 2021", "By Zhang Wei", "Overview", BODY],
            Header(
                title=(0, "Rules for Platforms"),
                author=(2, "Zhang Wei"),
                dates=((1, "October 18, 2021"),),
                heading=(3,),
            ),
            id="title, date, author, heading",
        ),
        pytest.param(
            ["Published: 2021-10-18", "Updated: 2021-10-19", "Rules for Platforms", BODY],
            Header(title=(2, "Rules for Platforms"), dates=((0, "Published: 2021-10-18"), (1, "Updated: 2021-10-19"))),
            id="dates above the title, all kept",
        ),
        pytest.param(
            ["date 2021-10-18 Example News: Rules for Platforms", BODY],
            Header(title=(0, "Rules for Platforms"), publisher=(0, "Example News"), dates=((0, "2021-10-18"),)),
            id="dated headline with publisher",
        ),
        pytest.param(
            ["Date 2021-10-18 Rules for Platforms", BODY],
            Header(title=(0, "Rules for Platforms"), dates=((0, "2021-10-18"),)),
            id="dated headline without publisher",
        ),
        pytest.param(
            ["Rules for Platforms", "WUZHEN, October 18, 2021 (Example News) -- " + BODY],
            Header(title=(0, "Rules for Platforms"), dateline=(1, "October 18, 2021")),
            id="dateline",
        ),
        pytest.param(
            ["Rules for Platforms", "Photo: Zhang Wei", "Editor's note", BODY],
            Header(title=(0, "Rules for Platforms")),
            id="captions and notes state nothing",
        ),
        pytest.param(
            ["Rules for Platforms", BODY, "October 18, 2021", "By Zhang Wei"],
            Header(title=(0, "Rules for Platforms")),
            id="the body ends the header",
        ),
        pytest.param(
            ["By Zhang Wei", "By Li Min", "Rules", "More Rules", BODY],
            Header(title=(2, "Rules"), author=(0, "Zhang Wei"), heading=(3,)),
            id="the first of several counts",
        ),
        pytest.param(
            ["Rules for Platforms", "By ZHANG WEI in Beijing | China Daily | Updated: 2021-10-18 09:12", BODY],
            Header(
                title=(0, "Rules for Platforms"),
                author=(1, "ZHANG WEI"),
                publisher=(1, "China Daily"),
                dates=((1, "By ZHANG WEI in Beijing | China Daily | Updated: 2021-10-18 09:12"),),
            ),
            id="an author where the date is told",
        ),
        pytest.param(
            ["14th Five-Year Plan for the Data Economy", "October 18, 2021", BODY],
            Header(title=(0, "14th Five-Year Plan for the Data Economy"), dates=((1, "October 18, 2021"),)),
            id="a title may start with a number",
        ),
        pytest.param(
            ["“Digital Ports” Plan", "October 18, 2021", BODY],
            Header(title=(0, "“Digital Ports” Plan"), dates=((1, "October 18, 2021"),)),
            id="a title may start with a quotation",
        ),
        pytest.param(
            ["Who Shares the Data of the Ports?", "October 18, 2021", BODY],
            Header(title=(0, "Who Shares the Data of the Ports?"), dates=((1, "October 18, 2021"),)),
            id="a title may be a question",
        ),
        pytest.param(
            ["Date October 18, 2021", "Rules for Platforms", BODY],
            Header(title=(1, "Rules for Platforms"), dates=((0, "Date October 18, 2021"),)),
            id="a date line without a colon is no headline",
        ),
        pytest.param(
            ["Date markets and their rules", BODY],
            Header(title=(0, "Date markets and their rules")),
            id="a headline about dates is no dated headline",
        ),
        pytest.param(
            ["Steps of Policy", "1 July 2015\tInternet Plus", "2 Aug 2016\tCybersecurity Rules named", BODY],
            Header(title=(0, "Steps of Policy"), rows=frozenset({1, 2})),
            id="rows of a table",
        ),
        pytest.param(
            ["Steps of Policy", "2015", "Ports shared data.", "2016", "Rivers followed.", BODY],
            Header(title=(0, "Steps of Policy"), rows=frozenset({1, 3})),
            id="a chronology",
        ),
        pytest.param(
            ["Year in Review", "May 2020", "Ports shared data.", "June 2020", "Published: 30 December 2020", BODY],
            Header(title=(0, "Year in Review"), dates=((4, "Published: 30 December 2020"),), rows=frozenset({1, 3})),
            id="a chronology above the day of publication",
        ),
        pytest.param(
            ["Agenda of the Forum", "Opening | 18 October 2021", "Closing | 20 October 2021", BODY],
            Header(title=(0, "Agenda of the Forum"), rows=frozenset({1, 2})),
            id="an agenda",
        ),
        pytest.param(
            ["Rules for Platforms", "Ports share data.", "2022 | Twenty Measures", "October 18, 2021", BODY],
            Header(title=(0, "Rules for Platforms"), dates=((3, "October 18, 2021"),), rows=frozenset({2})),
            id="a row below running text",
        ),
        pytest.param(
            ["Forum on Data Opens", "Oct 20, 2021 | Beijing", "Policy Digest | 20 October 2021", BODY],
            Header(
                title=(0, "Forum on Data Opens"),
                dates=((1, "Oct 20, 2021 | Beijing"), (2, "Policy Digest | 20 October 2021")),
            ),
            id="lines that agree are no rows",
        ),
        pytest.param(
            ["Ports and Rivers", "2021", "Policy Note | March 2022", BODY],
            Header(title=(0, "Ports and Rivers"), dates=((1, "2021"), (2, "Policy Note | March 2022"))),
            id="the year of a report and the month of its publication",
        ),
        pytest.param(
            ["Rules for Platforms", "Policy Digest | 18 October 2021", "Li Min | Updated: 20 October 2021", BODY],
            Header(
                title=(0, "Rules for Platforms"),
                dates=((1, "Policy Digest | 18 October 2021"), (2, "Li Min | Updated: 20 October 2021")),
            ),
            id="a word of publication makes no row",
        ),
        pytest.param(
            ["Rules for Platforms", "Ports share data.", "October 2021", BODY],
            Header(title=(0, "Rules for Platforms"), dates=((2, "October 2021"),)),
            id="a month below a summary",
        ),
        pytest.param(
            ["Aims for Ports", "Indicator | 2020 | 2025", BODY],
            Header(title=(0, "Aims for Ports"), rows=frozenset({1})),
            id="the head of a table",
        ),
        pytest.param(
            ["Why Ports Matter", "March 6, 2023", "Why do ports share data?", BODY],
            Header(title=(0, "Why Ports Matter"), dates=((1, "March 6, 2023"),)),
            id="an interview begins with a question",
        ),
        pytest.param(
            ["Ports and Data", "Why do ports share data?", "March 6, 2023", BODY],
            Header(title=(0, "Ports and Data"), dates=((2, "March 6, 2023"),), heading=(1,)),
            id="a question above the date is part of the heading",
        ),
        pytest.param(
            ["Interim Rules for Ports", ISSUERS, "July 10, 2023", BODY],
            Header(title=(0, "Interim Rules for Ports"), dates=((2, "July 10, 2023"),)),
            id="all who issue an order",
        ),
        pytest.param(
            ["Rules for Ports", "The ports share data.[1]", BODY],
            Header(title=(0, "Rules for Ports")),
            id="an opening with a footnote",
        ),
        pytest.param(
            ["Remarks on Ports", "Translated January 28, 2022", BODY],
            Header(title=(0, "Remarks on Ports"), dates=((1, "Translated January 28, 2022"),)),
            id="the day of a translation",
        ),
        pytest.param(
            ["Rules for Ports", "发布时间：2021-10-18", BODY],
            Header(title=(0, "Rules for Ports"), dates=((1, "发布时间：2021-10-18"),)),
            id="a Chinese lead",
        ),
    ],
)
def test_read_header(lines: list[str], expected: Header) -> None:
    found = read_header(paragraphs("\n\n".join(lines)))
    assert replace(found, notes=(), opening=None) == expected


def test_furniture_states_nothing() -> None:
    blocks = paragraphs("Example News Home\n\nRules for Platforms\n\nOctober 18, 2021\n\n" + BODY)
    assert read_header(blocks, is_furniture=frozenset({0, 2})) == Header(
        title=(1, "Rules for Platforms"), opening=(3, BODY)
    )


def test_only_the_first_fourteen_paragraphs_are_header() -> None:
    headings = [f"Part {number}" for number in range(1, 16)]
    found = read_header(paragraphs("\n\n".join([*headings, "October 18, 2021"])))
    assert (found.title, found.heading, found.dates) == ((0, "Part 1"), tuple(range(1, 14)), ())


def test_what_stands_between_title_and_body_is_kept_for_its_dates() -> None:
    lines = [
        "Rules for Platforms",
        "Editor's note: cut.",
        "Traders had asked for it.",
        "October 18, 2021",
        "Overview",
        BODY,
    ]
    found = read_header(paragraphs("\n\n".join(lines)))
    assert found.notes == ((1, "Editor's note: cut."), (2, "Traders had asked for it."), (4, "Overview"))
    assert found.opening == (5, BODY)


def test_a_place_beside_the_day_is_kept_apart() -> None:
    found = read_header(paragraphs(f"Remarks on Platforms\n\nWuzhen, 18 October 2021\n\n{BODY}"))
    assert (found.places, found.dates) == (((1, "Wuzhen, 18 October 2021"),), ())


def test_a_dateline_is_cut_from_the_opening() -> None:
    found = read_header(paragraphs(f"Rules for Platforms\n\nWUZHEN, Oct. 18 (Xinhua) -- {BODY}"))
    assert (found.dateline, found.publisher, found.opening) == ((1, "Oct. 18"), (1, "Xinhua"), (1, BODY))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Minutes of a Board July 31 - August 1, 2012 A meeting", id="a span of days"),
        pytest.param("Harbour City, Freeland – On the afternoon", id="no day"),
    ],
)
def test_a_dash_behind_words_makes_no_dateline(text: str) -> None:
    assert read_header(paragraphs(f"{text} {BODY}")).dateline is None
