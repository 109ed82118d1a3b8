"""The concordance: where the macro says that a match stands, it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.store import Store

PATTERNS = ("data", r"\bdata", r"\bdata|meta", "data|^the", "(da)(ta)|econom(y|ies)", r"\w+y\b", "a*")


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A warehouse with a document that has no text yet."""
    with Store(None) as store:
        store.rows(
            "insert into pipeline.sources (document_id, path, content_sha256, media_type, encoding, language, text_sha256) "
            "values ('d', 'd.txt', 'd', 'text/plain', 'utf-8', 'en', 'd')"
        )
        store.rows("insert into pipeline.bodies (document_id, word_count) values ('d', 1)")
        yield store


def occurrences(store: Store, text: str, pattern: str) -> list[tuple[str, int, int]]:
    store.rows("delete from passages")
    store.rows("insert into passages values ('d-0', 'd', 0, 'body', ?, 0, ?, null)", [text, len(text)])
    return store.rows("select keyword, start_char, end_char from kwic($pattern)", {"pattern": pattern})


def expected(text: str, pattern: str) -> list[tuple[str, int, int]]:
    return [(m.group(), m.start(), m.end()) for m in re.finditer(pattern, text, re.IGNORECASE) if m.group()]


@pytest.mark.parametrize("pattern", PATTERNS[:-1])
@pytest.mark.parametrize(
    "text",
    ["metadata and big data here", "The dataThe data", "Data économie, data; economies of data\nand the economy", "x"],
)
def test_every_match_is_where_it_is_said_to_be(store: Store, text: str, pattern: str) -> None:
    assert occurrences(store, text, pattern) == expected(text, pattern)


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        ("digital economy", [("digital economy", 4, 19), ("digital economy", 26, 41), ("digital   economy", 44, 61)]),
        (r"digital\ economy|A", [("digital economy", 4, 19), ("digital economy", 26, 41), ("a", 42, 43)]),
        ("digital +economy", [("digital economy", 4, 19), ("digital economy", 26, 41), ("digital   economy", 44, 61)]),
        ("digital[ x]economy", [("digital economy", 4, 19)]),
        ("[d]igital economy", [("digital economy", 4, 19), ("digital economy", 26, 41), ("digital   economy", 44, 61)]),
        ("[]y] a [[:alpha:]]+ economy", [("y a digital   economy", 40, 61)]),
    ],
)
def test_a_phrase_may_be_broken_over_lines(store: Store, pattern: str, keywords: list[tuple[str, int, int]]) -> None:
    text = "The digital economy, the  digital\neconomy a digital\n  economy"
    assert occurrences(store, text, pattern)[: len(keywords)] == keywords


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        ("people's", ["people’s", "people's", "people‘s"]),
        ("people’s", ["people’s", "people's", "people‘s"]),
        ("cross-border", ["cross-border", "cross‑border", "cross–border", "cross‐border"]),
        (r"cross\-border", ["cross-border", "cross‑border", "cross–border", "cross‐border"]),
        ("cross[-]border", ["cross-border"]),
        (r"\Qcross-border\E,?", ["cross-border,"]),
        ("(?-i:the)", []),
        ("(?-i:The)|(?i:AND)", ["The", "and", "and"]),
        ("Article 5", ["Article\u00a05", "Article\u20095"]),
        ("(?:cross)?-border", ["cross-border", "cross‑border", "cross–border", "cross‐border"]),
    ],
)
def test_signs_are_found_however_they_are_set(store: Store, pattern: str, keywords: list[str]) -> None:
    text = (
        "The people’s or people's or people‘s; cross-border, cross‑border, cross–border and cross‐border, "
        "by Article\u00a05 and Article\u20095."
    )
    assert [keyword for keyword, *_ in occurrences(store, text, pattern)] == keywords


def test_a_width_below_nothing_is_nothing(store: Store) -> None:
    occurrences(store, "big data here", "data")
    contexts = store.rows("select left_context, keyword, right_context from kwic('data', width := -5)")
    assert contexts == [("", "data", "")]


def test_a_text_of_one_passage_that_is_full_of_hits_is_answered_in_time(store: Store) -> None:
    assert len(occurrences(store, "e" * 20_000, "e")) == 20_000


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["data", "meta", "the ", "economy", " ", "é", "\n", "ies", "."]), max_size=12))
def test_every_match_of_any_text_quotes_it(store: Store, parts: list[str]) -> None:
    text = "".join(parts)
    for pattern in PATTERNS:
        for keyword, start, end in occurrences(store, text, pattern):
            assert text[start:end].replace("\n", " ") == keyword
