"""Short forms: which letters abbreviate a name, and what a form in brackets stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tasks.recognition import Found, recognise
from tasks.recognition.abbreviations import abbreviates
from tests.test_recognition import blank, with_entities


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("CPC", "Communist Party of China", True),
        ("NDRC", "National Development and Reform Commission", True),
        ("EB", "the Elm Board", True),
        ("Fed", "Federal Reserve", True),
        ("WTO", "World Trade Organization", True),
        ("E.B.", "Elm Board", True),
        ("B2B", "Business to 2 Businesses", True),
        ("CPC", "Central Committee", False),
        ("WTO", "Organization of World Trade", False),
        ("XB", "Elm Box Board", False),
        ("cpc", "Communist Party of China", False),
        ("C", "China", False),
        ("CPC", "CPC", False),
        ("Elm Board", "EB", False),
        ("", "China", False),
        ("CPC", "", False),
        ("--", "Elm -- Board", False),
    ],
)
def test_a_short_form_has_the_letters_of_the_name_in_order(short: str, full: str, expected: bool) -> None:
    assert abbreviates(short, full) is expected


NAME_WORDS = st.lists(st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True), min_size=2, max_size=6)


@profile(deadline=None, derandomize=True)
@given(NAME_WORDS, st.lists(st.sampled_from(["of", "the", "and", "for"]), max_size=6))
def test_the_initials_of_a_name_abbreviate_it_whatever_small_words_are_in_it(
    words: list[str], links: list[str]
) -> None:
    mixed = [part for pair in zip(words, links, strict=False) for part in pair] + words[len(links) :]
    assert abbreviates("".join(word[0] for word in words), " ".join(mixed))


@profile(deadline=None, derandomize=True)
@given(st.text("ABCabc .&", max_size=6), st.text("ABCabc -", max_size=20))
def test_what_abbreviates_a_name_is_shorter_and_its_first_letter_starts_a_word(short: str, full: str) -> None:
    if abbreviates(short, full):
        assert len(short) < len(full)
        letters = iter(full.casefold())
        assert all(letter in letters for letter in short.casefold() if letter.isalnum())
        assert short[0].casefold() in {word[0] for word in full.casefold().replace("-", " ").split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "the Asia-Pacific Economic Cooperation (APEC) today",
            [("Asia-Pacific Economic Cooperation", None), ("APEC", "Asia-Pacific Economic Cooperation")],
            id="behind its name",
        ),
        pytest.param(
            "the 19th National Congress of the Communist Party of China (CPC)",
            [
                ("19th National Congress of the Communist Party of China", None),
                ("CPC", "Communist Party of China"),
            ],
            id="for the end of a longer name",
        ),
        pytest.param("Guizhou (WTO)", [("Guizhou", None), ("WTO", None)], id="behind another name"),
        pytest.param("World Bank and (WTO)", [("World Bank", None), ("WTO", None)], id="not right behind it"),
        pytest.param("(WTO)", [("WTO", None)], id="behind nothing"),
        pytest.param("World Trade Organization WTO", [("World Trade Organization", None), ("WTO", None)], id="no brackets"),
    ],
)  # fmt: skip
def test_a_bracketed_short_form_stands_for_the_name_in_front_of_it(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    found = recognise(blank()(text), blank()).mentions
    assert [(text[item.start : item.end], item.stands_for) for item in found] == expected


def test_a_short_form_that_is_in_no_gazetteer_takes_the_label_of_its_name() -> None:
    text = "the Elm Relief Drive (ERD)"
    doc = with_entities(text, ("Elm Relief Drive", "EVENT"), ("ERD", "ORG"))
    assert recognise(doc, blank()).mentions == [
        Found(4, 20, "EVENT", "model"),
        Found(22, 25, "EVENT", "model", "Elm Relief Drive"),
    ]
