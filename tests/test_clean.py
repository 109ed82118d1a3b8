"""Clean: what kind each paragraph is, what counts as site furniture and what must not, and where passages stand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import Body, CleanSettings, Passage, clean
from tasks.ingest import DocumentText

FIRST = (
    "The Ministry of Commerce said that trade in digital services grew again, and that forty pilot zones would open "
    "their markets, share their data with each other, and tell the State Council what they had learned from it."
)
SECOND = (
    "Ports along the river joined the platform in spring, and their crews now read the same charts, the same prices "
    "and the same warnings, so that ships wait for hours where they once had waited for days at every lock."
)


def run(
    text: str, body_start: int = 0, furniture: tuple[int, ...] = (), **changes: object
) -> tuple[list[Passage], Body]:
    """The passages and the body of one document; settings by keyword."""
    source = DocumentText("d1", text, body_start, furniture)
    output = list(clean.function([source], CleanSettings.model_validate(changes)))
    (body,) = (record for record in output if isinstance(record, Body))
    return [record for record in output if isinstance(record, Passage)], body


def kinds(*blocks: str, **changes: object) -> list[tuple[str, str | None]]:
    """The kind and the rule of each paragraph of a document."""
    return [(passage.kind, passage.rule) for passage in run("\n\n".join(blocks), **changes)[0]]


TITLE, HEADING, BODY_KIND = ("title", None), ("heading", None), ("body", None)


# -- passages ---------------------------------------------------------------------------------------------------------


def test_a_document_is_cut_into_passages_of_every_kind() -> None:
    header = "# Rules for Platforms\n\nOctober 18, 2021\n\nBy Zhang Wei\n\nShare this article"
    text = f"{header}\n\n{FIRST}\n\n## Ports\n\n- {SECOND}\n"
    assert run(text) == (
        [
            Passage("d1-0000", "d1", 0, "title", "Rules for Platforms", 2, 21, None),
            Passage("d1-0001", "d1", 1, "boilerplate", "October 18, 2021", 23, 39, "date_line"),
            Passage("d1-0002", "d1", 2, "boilerplate", "By Zhang Wei", 41, 53, "byline"),
            Passage("d1-0003", "d1", 3, "boilerplate", "Share this article", 55, 73, "share"),
            Passage("d1-0004", "d1", 4, "body", FIRST, 75, 75 + len(FIRST), None),
            Passage("d1-0005", "d1", 5, "heading", "Ports", text.index("Ports"), text.index("Ports") + 5, None),
            Passage("d1-0006", "d1", 6, "body", SECOND, text.index(SECOND), text.index(SECOND) + len(SECOND), None),
        ],
        Body("d1", len(FIRST.split()) + len(SECOND.split()), run(f"{FIRST}\n\n{SECOND}")[1].body_sha256),
    )


def test_each_document_has_its_own_passages_and_one_body() -> None:
    output = list(clean.function([DocumentText(name, FIRST, 0) for name in ("d1", "d2")], CleanSettings()))
    assert [(type(record).__name__, record.document_id) for record in output] == [
        ("Passage", "d1"),
        ("Body", "d1"),
        ("Passage", "d2"),
        ("Body", "d2"),
    ]


def test_front_matter_is_in_no_passage_and_offsets_are_those_of_the_source() -> None:
    text = f"---\ntitle: Rules\n---\nRules\n\n{FIRST}\n"
    assert [(passage.kind, passage.text, passage.start_char) for passage in run(text, 21)[0]] == [
        ("title", "Rules", 21),
        ("body", FIRST, 28),
    ]


def test_a_text_without_body_has_no_digest() -> None:
    assert run("Rules for Platforms\n\nAll rights reserved.\n")[1] == Body("d1", 0, None)
    assert run("")[1] == Body("d1", 0, None)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([FIRST], [BODY_KIND], id="body only"),
        pytest.param(["Rules", FIRST], [TITLE, BODY_KIND], id="title"),
        pytest.param(["Rules", "Overview", FIRST], [TITLE, HEADING, BODY_KIND], id="heading below the title"),
        pytest.param(["Rules", FIRST, "Ports", SECOND], [TITLE, BODY_KIND, HEADING, BODY_KIND], id="heading"),
        pytest.param(["Rules", FIRST, "Ports"], [TITLE, BODY_KIND, BODY_KIND], id="nothing follows, so no heading"),
        pytest.param(
            ["Rules", FIRST, "Word " * 14 + "end", SECOND],
            [TITLE, BODY_KIND, BODY_KIND, BODY_KIND],
            id="too long for a heading",
        ),
        pytest.param(
            ["Rules", FIRST, "## Word " + "word " * 15, SECOND],
            [TITLE, BODY_KIND, HEADING, BODY_KIND],
            id="marked as a heading",
        ),
        pytest.param(
            ["Rules", FIRST, "- Ports", "- Rivers", SECOND],
            [TITLE, BODY_KIND, BODY_KIND, BODY_KIND, BODY_KIND],
            id="items of a list",
        ),
        pytest.param(
            ["Rules", FIRST, "Ports", "Rivers", SECOND],
            [TITLE, BODY_KIND, BODY_KIND, HEADING, BODY_KIND],
            id="short lines among themselves",
        ),
        pytest.param(
            ["Rules", "* * *", FIRST], [TITLE, ("boilerplate", "no_words"), BODY_KIND], id="a line without words"
        ),
        pytest.param(
            ["Rules", FIRST, "—", SECOND],
            [TITLE, BODY_KIND, ("boilerplate", "no_words"), BODY_KIND],
            id="a dash between paragraphs",
        ),
        pytest.param(
            ["Rules", FIRST, "Published: October 18, 2021"],
            [TITLE, BODY_KIND, ("boilerplate", "date_line")],
            id="date at the end",
        ),
        pytest.param(
            ["Rules", FIRST * 4, "Minister: Li Min", "October 18, 2021"],
            [TITLE, BODY_KIND, BODY_KIND, BODY_KIND],
            id="date of a signature",
        ),
        pytest.param(
            ["Rules", FIRST, "Translated by Li Min"],
            [TITLE, BODY_KIND, ("boilerplate", "byline")],
            id="byline at the end",
        ),
        pytest.param(
            ["Share this article", "Rules", FIRST],
            [("boilerplate", "share"), TITLE, BODY_KIND],
            id="furniture above the title",
        ),
        pytest.param(
            ["Rules", "1 July 2015\tInternet Plus", "2 Aug 2016\tData Ports", FIRST],
            [TITLE, BODY_KIND, BODY_KIND, BODY_KIND],
            id="rows of a table",
        ),
        pytest.param(
            ["Rules", *(f"{year} | Port {year}" for year in range(2001, 2021))],
            [TITLE, *[BODY_KIND] * 20],
            id="a table to the end",
        ),
        pytest.param(["Rules", "2015", FIRST, "2016", SECOND], [TITLE, *[BODY_KIND] * 4], id="a chronology"),
    ],
)
def test_kinds(blocks: list[str], expected: list[tuple[str, str | None]]) -> None:
    assert kinds(*blocks) == expected


@pytest.mark.parametrize("line", ["October 18, 2021", "By Zhang Wei"])
def test_dates_and_names_in_the_middle_of_a_long_text_are_its_own(line: str) -> None:
    paragraphs = [f"Port number {number} shares its charts with all the other ports." for number in range(40)]
    marked = kinds(*paragraphs[:20], f"{line}", *paragraphs[20:])
    assert [rule for _, rule in marked] == [None] * 41


# -- repeated paragraphs ----------------------------------------------------------------------------------------------


def test_a_repeated_paragraph_counts_once() -> None:
    passages, body = run(f"Rules\n\n{FIRST}\n\n{SECOND}\n\n{FIRST}\n")
    assert [(passage.kind, passage.rule, passage.text) for passage in passages] == [
        ("title", None, "Rules"),
        ("body", None, FIRST),
        ("body", None, SECOND),
        ("boilerplate", "repeated", FIRST),
    ]
    assert body == run(f"Rules\n\n{FIRST}\n\n{SECOND}\n")[1]


def test_case_and_space_do_not_hide_a_repetition() -> None:
    wrapped = FIRST[:90] + FIRST[90:].replace(" ", "  ", 1)
    assert kinds(FIRST, SECOND, wrapped.upper()) == [BODY_KIND, BODY_KIND, ("boilerplate", "repeated")]


def test_furniture_keeps_its_own_rule_when_it_is_repeated() -> None:
    line = "Sign up for our weekly newsletter of the port."
    assert kinds(FIRST, line, SECOND, line)[1::2] == [("boilerplate", "subscribe")] * 2


def test_a_refrain_is_no_repetition_but_a_copy_right_below_is() -> None:
    line = "We shall build it, and we shall keep it."
    assert kinds(FIRST, line, SECOND, line) == [BODY_KIND] * 4
    assert kinds(FIRST, line, line, SECOND) == [BODY_KIND, BODY_KIND, ("boilerplate", "repeated"), BODY_KIND]


def test_a_line_that_the_reader_takes_for_the_pages_states_nothing() -> None:
    text = f"Harbour Journal\n\nRules\n\n{FIRST}\nHarbour Journal, p. 2\n{SECOND}\n"
    passages, body = run(text, 0, (0, text.index("Harbour Journal, p. 2")))
    assert [(passage.kind, passage.rule) for passage in passages] == [
        ("boilerplate", "page_furniture"),
        TITLE,
        BODY_KIND,
        ("boilerplate", "page_furniture"),
        BODY_KIND,
    ]
    assert body == run(f"Rules\n\n{FIRST}\n\n{SECOND}\n")[1]


def test_a_paragraph_of_another_document_is_not_a_repetition() -> None:
    output = list(clean.function([DocumentText(name, FIRST, 0) for name in ("d1", "d2")], CleanSettings()))
    assert [record.kind for record in output if isinstance(record, Passage)] == ["body", "body"]


# -- the body's size and digest ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(f"Rules\n\n{FIRST}\n\nShare this article\n\n{SECOND}", id="furniture"),
        pytest.param(f"Other Title\n\nOctober 18, 2021\n\n{FIRST}\n\n{SECOND}", id="another header"),
        pytest.param(f"Rules\n\n{FIRST}\n\nPorts\n\n{SECOND}", id="a heading"),
        pytest.param(
            f"Rules\n\nEditor's note: This is a reprint, cut for length.\n\n{FIRST}\n\n{SECOND}", id="an editor's note"
        ),
        pytest.param(
            f"Rules\n\n{FIRST}\n\n{SECOND}\n\nTranslator’s Note: Names stand as in the source.",
            id="a translator's note",
        ),
        pytest.param(f"Rules\n\n{FIRST.upper()}\n\n{SECOND}", id="capitals"),
        pytest.param(f"Rules\n\n{FIRST} {SECOND}", id="other paragraphs"),
        pytest.param(f"Rules\n\n{FIRST.replace(',', ' –')}\n\n“{SECOND}”", id="other punctuation"),
        pytest.param(f"# Rules\n\n> {FIRST}\n\n- {SECOND}", id="markers"),
    ],
)
def test_what_is_not_the_documents_own_does_not_change_its_digest(other: str) -> None:
    assert run(other)[1].body_sha256 == run(f"Rules\n\n{FIRST}\n\n{SECOND}")[1].body_sha256


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(f"Rules\n\n{FIRST}", id="a paragraph less"),
        pytest.param(f"Rules\n\n{SECOND}\n\n{FIRST}", id="another order"),
        pytest.param(f"Rules\n\n{FIRST.replace('forty', 'fifty')}\n\n{SECOND}", id="another word"),
    ],
)
def test_other_words_make_another_digest(other: str) -> None:
    assert run(other)[1].body_sha256 != run(f"Rules\n\n{FIRST}\n\n{SECOND}")[1].body_sha256


def test_words_are_counted_in_the_body_only() -> None:
    text = f"Rules for Platforms\n\nBy Zhang Wei\n\n{FIRST}\n\nPorts\n\n{SECOND}\n\nAll rights reserved."
    assert run(text)[1].word_count == len(FIRST.split()) + len(SECOND.split())


# -- the effect of each setting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("drop", "last"), [(True, ("boilerplate", "repeated")), (False, BODY_KIND)])
def test_drop_repeated(drop: bool, last: tuple[str, str | None]) -> None:
    assert kinds(FIRST, SECOND, FIRST, drop_repeated=drop) == [BODY_KIND, BODY_KIND, last]


@pytest.mark.parametrize(
    ("shortest", "last"), [(4, ("boilerplate", "repeated")), (5, ("boilerplate", "repeated")), (6, BODY_KIND)]
)
def test_shortest_repeated(shortest: int, last: tuple[str, str | None]) -> None:
    line = "The ports share their data."
    assert kinds(FIRST, line, line, SECOND, shortest_repeated=shortest) == [BODY_KIND, BODY_KIND, last, BODY_KIND]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        pytest.param((), BODY_KIND, id="none"),
        pytest.param(("a digest of the trade desk",), ("boilerplate", "analyst"), id="contained"),
        pytest.param(("A DIGEST of the Trade Desk",), ("boilerplate", "analyst"), id="whatever its case"),
        pytest.param(("of  the trade\n desk",), ("boilerplate", "analyst"), id="whatever its white space"),
        pytest.param((" rade desk",), BODY_KIND, id="space in front of a word that is another's end"),
        pytest.param(("no such words", "trade desk"), ("boilerplate", "analyst"), id="one of several"),
        pytest.param(("trade.desk",), BODY_KIND, id="a text and no expression"),
    ],
)
def test_patterns(patterns: tuple[str, ...], expected: tuple[str, str | None]) -> None:
    line = "This is a digest of the trade desk, sent to all ports."
    assert kinds(FIRST, line, SECOND, patterns=patterns) == [BODY_KIND, expected, BODY_KIND]


def test_a_pattern_is_found_across_the_lines_of_a_wrapped_paragraph() -> None:
    text = "This paragraph of the text is a digest of the trade\ndesk, sent to all the ports of the river.\n"
    assert [passage.rule for passage in run(text, patterns=("the trade desk",))[0]] == ["analyst"]


def test_a_rule_has_precedence_over_a_pattern() -> None:
    line = "The text is that of the port. All rights reserved."
    assert kinds(FIRST, line, SECOND, patterns=("rights",))[1] == ("boilerplate", "copyright")


# -- properties -------------------------------------------------------------------------------------------------------

MARKER = re.compile(r"\s*(?:#{1,6}\s+|[-*+]\s+|>\s?)*")
LINES = st.lists(
    st.sampled_from(
        [
            "",
            "  ",
            "# Rules for Platforms",
            "## Ports",
            "- item of a list",
            "> > quoted",
            "> ",
            "---",
            "October 18, 2021",
            "By Zhang Wei",
            "Share this article",
            "A wrapped line of a text that goes on in the next line",
            "  * an indented line of a text that goes on in the next line",
            FIRST,
            SECOND,
        ]
    )
    | st.text(max_size=60),
    max_size=14,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(lines=LINES, skipped=st.integers(0, 3), drop_repeated=st.booleans(), marked=st.sets(st.integers(0, 13)))
def test_no_text_is_lost_and_every_passage_quotes_its_source(
    lines: list[str], skipped: int, drop_repeated: bool, marked: set[int]
) -> None:
    text = "\n".join(lines)
    furniture = tuple(len("".join(f"{line}\n" for line in lines[:index])) for index in sorted(marked))
    end = body_start = min(len("".join(f"{line}\n" for line in lines[:skipped])), len(text))
    passages, body = run(text, body_start, furniture, drop_repeated=drop_repeated)
    left = list(text)
    for position, passage in enumerate(passages):
        assert (passage.position, passage.passage_id) == (position, f"d1-{position:04d}")
        assert end <= passage.start_char < passage.end_char
        assert text[passage.start_char : passage.end_char] == passage.text == passage.text.strip()
        assert (passage.rule is not None) == (passage.kind == "boilerplate")
        for place in range(passage.start_char, passage.end_char):
            left[place] = "\n" if text[place] == "\n" else " "
        end = passage.end_char
    for line, remains in zip(text[body_start:].split("\n"), "".join(left[body_start:]).split("\n"), strict=True):
        assert MARKER.fullmatch(remains.strip() + " "), remains
        assert line.strip().startswith(remains.strip())
    assert body.word_count == sum(len(passage.text.split()) for passage in passages if passage.kind == "body")
    assert [passage.kind for passage in passages].count("title") <= 1
