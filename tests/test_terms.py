"""Terms: which words and phrases of a tagged sentence are counted, how often, and as what."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tasks.terms import Occurrence, Token, terms_of, word_of

TAGS = {"N": "NOUN", "P": "PROPN", "A": "ADJ", "V": "VERB", "D": "DET", "I": "ADP", ".": "PUNCT", "#": "NUM", "X": "X"}
STOP_WORDS = frozenset(("the", "of", "in", "and", "a", "is", "most"))


def sentence(marked: str) -> tuple[list[Token], str]:
    """Tokens and text of words such as `data/N`, `economies/N/economy`; a word behind `~` stands close to the one before."""
    tokens: list[Token] = []
    text = ""
    for item in marked.replace("~", " ~").split():
        word, tag, *lemma = item.removeprefix("~").split("/")
        if item.startswith("~") and tokens:
            text = text.removesuffix(" ")
            tokens[-1] = tokens[-1]._replace(has_space=False)
        known = word_of(word, TAGS[tag], lemma[0] if lemma else word, is_stop=word.lower() in STOP_WORDS)
        tokens.append(Token(*known, len(text), True))
        text += word + " "
    return tokens, text.rstrip()


def occurrences(marked: str, names: tuple[str, ...] = (), longest: int = 5) -> list[Occurrence]:
    tokens, text = sentence(marked)
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return list(terms_of(tokens, spans, text, longest))


def counts(marked: str, names: tuple[str, ...] = (), longest: int = 5) -> dict[str, int]:
    return dict(Counter(occurrence.term for occurrence in occurrences(marked, names, longest)))


def once(*terms: str) -> dict[str, int]:
    return dict.fromkeys(terms, 1)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("economies/N/economy", once("economy"), id="a noun by its lemma"),
        pytest.param("grew/V/grow", once("grow"), id="a verb by its lemma"),
        pytest.param("greener/A/green", once("green"), id="an adjective by its lemma"),
        pytest.param("Guizhou/P/Guizhou", once("guizhou"), id="a name in lower case"),
        pytest.param("of/I the/D and/X", {}, id="other parts of speech"),
        pytest.param("most/A", {}, id="a stop word"),
        pytest.param("new/A", {}, id="an empty word"),
        pytest.param("Following/V/follow", {}, id="an empty word by its lemma"),
        pytest.param("Mr/P and/X Mrs/P and/X Ms/P", {}, id="titles"),
        pytest.param("Mr./P and/X Mrs./P and/X Ms./P", {}, id="titles with a full stop"),
        pytest.param("etc./N e.g./A", {}, id="abbreviations without a subject"),
        pytest.param("October/P and/X Friday/P", {}, id="months and days of the week"),
        pytest.param("U.S./P", once("u.s."), id="an abbreviated name"),
        pytest.param("Elm,2/P of/I growth,11/N of/I 5,000/N", once("elm", "growth"), id="the numbers of footnotes"),
        pytest.param("Mses./P", {}, id="mesdames"),
        pytest.param("x/N", {}, id="one character"),
        pytest.param("J./P", {}, id="an initial"),
        pytest.param("great/A less/A", {}, id="words that say something in a phrase only"),
        pytest.param("great/A depression/N", once("depression", "great depression"), id="and in a phrase they do"),
        pytest.param("Applause/N~./.", {}, id="what the audience does"),
        pytest.param("Laughter/N and/X applause/N", {}, id="and what else it does"),
        pytest.param("applause/N for/I reform/N", once("applause", "reform"), id="applause that is spoken of"),
        pytest.param("20th/A", {}, id="an ordinal"),
        pytest.param("21st/N 2nd/N 3rd/N", {}, id="more ordinals"),
        pytest.param("1990s/N", {}, id="a decade"),
        pytest.param("2020/N 50.5/N", {}, id="figures"),
        pytest.param("5G/N", once("5g"), id="a figure with a letter"),
        pytest.param("%/N 's/N --/N", {}, id="signs"),
        pytest.param("data/N/datum", once("data"), id="data"),
        pytest.param("Data/N/datum", once("data"), id="data that opens a sentence"),
        pytest.param("datum/N/datum", once("datum"), id="a datum"),
        pytest.param("media/N/medium", once("media"), id="media"),
        pytest.param("medium/A/medium", once("medium"), id="medium"),
        pytest.param("statistics/N/statistic", once("statistics"), id="statistics"),
        pytest.param("goods/N/good", once("goods"), id="goods"),
        pytest.param("good/A/good", {}, id="good"),
        pytest.param("chip/N of/I chips/N/chip", {"chip": 2}, id="each occurrence counts"),
        pytest.param("", {}, id="no words"),
    ],
)
def test_single_terms_are_lemmas_of_content_words(marked: str, expected: dict[str, int]) -> None:
    assert counts(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("digital/A economy/N", once("digital", "economy", "digital economy"), id="adjective and noun"),
        pytest.param("data/N/datum centres/N/centre", once("data", "centre", "data centre"), id="two nouns"),
        pytest.param("economy/N digital/A", once("economy", "digital"), id="an adjective ends no phrase"),
        pytest.param("grow/V trade/N", once("grow", "trade"), id="a verb is in no phrase"),
        pytest.param("trade/N of/I goods/N", once("trade", "goods"), id="another part of speech ends the run"),
        pytest.param("trade/N~,/. tax/N", once("trade", "tax"), id="a comma ends the run"),
        pytest.param("new/A port/N", once("port"), id="an empty word in front"),
        pytest.param("port/N part/N", once("port"), id="an empty word behind"),
        pytest.param("most/A ports/N/port", once("port"), id="a stop word in front"),
        pytest.param("20th/A port/N", once("port"), id="an ordinal in front"),
        pytest.param("port/N x/N", once("port"), id="one character behind"),
        pytest.param(
            "green/A new/A port/N", once("green", "port", "green new port"), id="an empty word inside may stand"
        ),
        pytest.param(
            "digital/A economy/N governance/N",
            once(
                "digital",
                "economy",
                "governance",
                "digital economy",
                "economy governance",
                "digital economy governance",
            ),
            id="phrases in a phrase count as well",
        ),
        pytest.param(
            "digital/A economy/N and/X digital/A economy/N law/N",
            {
                "digital": 2,
                "economy": 2,
                "law": 1,
                "digital economy": 2,
                "economy law": 1,
                "digital economy law": 1,
            },
            id="a phrase counts wherever it stands",
        ),
        pytest.param("data/N data/N", {"data": 2, "data data": 1}, id="a word twice"),
    ],
)
def test_phrases_are_runs_of_adjectives_and_nouns_that_end_in_a_noun(marked: str, expected: dict[str, int]) -> None:
    assert counts(marked) == expected


@pytest.mark.parametrize(
    ("longest", "phrases"),
    [
        pytest.param(1, [], id="1"),
        pytest.param(2, ["aa bb", "bb cc", "cc dd"], id="2"),
        pytest.param(3, ["aa bb", "aa bb cc", "bb cc", "bb cc dd", "cc dd"], id="3"),
        pytest.param(9, ["aa bb", "aa bb cc", "aa bb cc dd", "bb cc", "bb cc dd", "cc dd"], id="more than there are"),
    ],
)
def test_a_phrase_has_no_more_words_than_the_longest(longest: int, phrases: list[str]) -> None:
    found = counts("aa/N bb/N cc/N dd/N", longest=longest)
    assert sorted(term for term in found if " " in term) == phrases
    assert {term for term in found if " " not in term} == {"aa", "bb", "cc", "dd"}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "cross/A~-/.~border/N trade/N", once("cross-border", "trade", "cross-border trade"), id="one hyphen"
        ),
        pytest.param("state/N~-/.~of/I~-/.~the/D~-/.~art/N", once("state-of-the-art"), id="many hyphens"),
        pytest.param("e/N~-/.~commerce/N", once("e-commerce"), id="a single letter in front"),
        pytest.param("cross/A~–/.~border/N", once("cross-border"), id="a dash for a hyphen"),
        pytest.param("sub/A~-/.~systems/N/system", once("sub-system"), id="the last part's lemma"),
        pytest.param("meta/A~-/.~data/N/datum", once("meta-data"), id="a plural that is a word of its own"),
        pytest.param("E/N~-/.~Commerce/P/Commerce", once("e-commerce"), id="in lower case"),
        pytest.param("trade/N -/. tax/N", once("trade", "tax"), id="a dash between spaces"),
        pytest.param("trade/N~-/. tax/N", once("trade", "tax"), id="a hanging hyphen"),
        pytest.param("covid/N~-/.~19/#", once("covid"), id="a figure behind the hyphen"),
        pytest.param(
            "state/N~-/.~owned/V/own firm/N", once("state-owned", "firm", "state-owned firm"), id="a participle"
        ),
        pytest.param("trade/N~-/.", once("trade"), id="nothing behind the hyphen"),
        pytest.param("-/.~trade/N", once("trade"), id="nothing before the hyphen"),
    ],
)
def test_words_with_hyphens_are_one_word(marked: str, expected: dict[str, int]) -> None:
    assert counts(marked) == expected


@pytest.mark.parametrize(
    ("marked", "names", "expected"),
    [
        pytest.param(
            "Lake/P Bank/P lends/V/lend",
            ("Lake Bank",),
            [
                ("lake", True, True),
                ("bank", True, True),
                ("lend", False, False),
                ("lake bank", True, True),
            ],
            id="a name of two words is a term and counts once",
        ),
        pytest.param(
            "Bank/P~,/. Board/P",
            ("Bank, Board",),
            [("bank", True, True), ("board", True, True)],
            id="what a comma parts is no name",
        ),
        pytest.param(
            "Bank/P of/I Lakes/P/Lake",
            ("Bank of Lakes",),
            [("bank", True, True), ("lake", True, True), ("bank of lakes", True, True)],
            id="a name keeps its small words and its own form",
        ),
        pytest.param(
            "the/D  Lake/P   Bank/P", ("Lake Bank",), [("lake", True, True), ("bank", True, True), ("lake bank", True, True)],
            id="in order",
        ),
        pytest.param(
            "Lake/P loans/N/loan",
            ("Lake",),
            [("lake", True, True), ("loan", False, True), ("lake loan", False, True)],
            id="a phrase around a name is a noun",
        ),
        pytest.param(
            "green/A Lake/P",
            ("Lake",),
            [("green", False, False), ("lake", True, True), ("green lake", True, True)],
            id="a phrase that ends in a name is a name",
        ),
        pytest.param(
            "Data/N Law/N rules/N/rule",
            ("Data Law",),
            [
                ("data", True, True),
                ("law", True, True),
                ("rule", False, True),
                ("data law", True, True),
                ("data law rule", False, True),
            ],
            id="no phrase cuts a name and a longer one may hold it",
        ),
        pytest.param(
            "old/A Data/N Law/N",
            ("Data Law",),
            [
                ("old", False, False),
                ("data", True, True),
                ("law", True, True),
                ("data law", True, True),
                ("old data law", False, True),
            ],
            id="a phrase may not end inside a name",
        ),
        pytest.param("digital/A/digital", ("digital",), [("digital", True, False)], id="an adjective in a name"),
        pytest.param("Law/N law/N", ("Law",), [("law", True, True), ("law", False, True), ("law law", False, True)], id="place"),
    ],
)  # fmt: skip
def test_names_are_terms_as_wholes(marked: str, names: tuple[str, ...], expected: list[tuple[str, bool, bool]]) -> None:
    assert sorted(occurrences(marked, names)) == sorted(Occurrence(*item) for item in expected)


def test_a_name_of_more_words_than_two_of_the_longest_phrases_is_no_term() -> None:
    marked, name = "Ab/P Cd/P Ef/P Gh/P Ij/P", "Ab Cd Ef Gh Ij"
    assert name.lower() not in counts(marked, (name,), longest=2)
    assert name.lower() in counts(marked, (name,), longest=3)


WORDS = st.tuples(
    st.sampled_from(["tax", "port", "new", "Lake", "Bank", "old", "20th", "x", "the", ",", "-"]),
    st.sampled_from("NPAVDI.#"),
    st.booleans(),
)


@st.composite
def tagged(draw: st.DrawFn) -> tuple[list[Token], list[tuple[int, int]], str]:
    """A sentence with names that stand apart and begin and end with a word."""
    marked = " ".join(f"{'~' if close else ''}{word}/{tag}" for word, tag, close in draw(st.lists(WORDS, max_size=12)))
    tokens, text = sentence(marked)
    cuts = sorted(draw(st.sets(st.integers(0, len(tokens)), max_size=6)))
    groups = [tokens[first:last] for first, last in zip(cuts[::2], cuts[1::2], strict=False)]
    return tokens, [(group[0].start, group[-1].start + len(group[-1].text)) for group in groups], text


@profile(deadline=None, derandomize=True)
@given(tagged(), st.integers(1, 6))
def test_whatever_the_sentence_its_terms_keep_the_rules(
    drawn: tuple[list[Token], list[tuple[int, int]], str], longest: int
) -> None:
    tokens, names, text = drawn
    wholes = {" ".join(text[start:end].split()).lower() for start, end in names}
    for term, _, is_noun in terms_of(tokens, names, text, longest):
        words = term.split(" ")
        assert term == term.lower()
        if term in wholes:
            continue
        assert len(words) <= longest or len(words) == 1
        assert not {words[0], words[-1]} & {"new", "the", "x", "20th", ",", "-"}
        assert is_noun or len(words) == 1


@profile(deadline=None, derandomize=True)
@given(tagged(), st.integers(1, 5))
def test_a_longer_longest_phrase_only_adds_terms(
    drawn: tuple[list[Token], list[tuple[int, int]], str], longest: int
) -> None:
    tokens, _, text = drawn
    fewer, more = (Counter(terms_of(tokens, [], text, limit)) for limit in (longest, longest + 1))
    assert fewer <= more


@profile(deadline=None, derandomize=True)
@given(tagged())
def test_names_do_not_change_how_often_a_word_is_counted(drawn: tuple[list[Token], list[tuple[int, int]], str]) -> None:
    tokens, names, text = drawn
    with_names, without = (
        Counter(item.term for item in terms_of(tokens, spans, text, 1) if " " not in item.term) for spans in (names, [])
    )
    assert with_names == without
