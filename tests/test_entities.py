"""Entities: which forms name one thing, by which rule, and how often and when it is named."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.entities import EntitiesSettings, Entity, EntityForm, entities
from tasks.entity_decisions import Decision, settle
from tasks.entity_keys import entity_id, fold
from tasks.stage import collect
from tests.conftest import document
from tests.evaluation.systems import FORMS_SCHEMA
from warehouse.paths import published_file

Form = dict[str, Any]


def form(text: str, label: str = "PERSON", document: str = "a", **values: Any) -> Form:
    """A form in a document: one mention, no date, no duplicate, nothing abbreviated, unless told otherwise."""
    given_values = {"stands_for": None, "mentions": 1, "is_duplicate": False, "date": None, **values}
    return {"document_id": document, "text": text, "label": label, **given_values}


def resolve(forms: list[Form], **settings: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    table = pa.Table.from_pylist(forms, schema=FORMS_SCHEMA)
    found = collect(entities.writes, entities.function(table, EntitiesSettings(**settings)))
    return found[Entity].to_pylist(), found[EntityForm].to_pylist()


def resolved(forms: list[Form], **settings: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """For each document and text the name of the entity and the rule."""
    found, stands_for = resolve(forms, **settings)
    names = {row["entity_id"]: row["name"] for row in found}
    return {(row["document_id"], row["text"]): (names[row["entity_id"]], row["rule"]) for row in stands_for}


def test_no_forms_give_no_entities() -> None:
    assert resolve([]) == ([], [])


def test_an_entity_has_its_name_label_other_forms_counts_and_dates() -> None:
    early, late = datetime.date(2015, 3, 1), datetime.date(2021, 7, 4)
    found, stands_for = resolve(
        [
            form("the PRC", "GPE", "a", mentions=2, date=late),
            form("China", "GPE", "b", mentions=3, date=early),
            form("PRC", "GPE", "b", mentions=1, date=early),
            form("Elm Board", "ORG", "c", mentions=1),
        ]
    )
    china, board = entity_id("place", "china"), entity_id("body", "elm board")
    assert found == [
        {
            "entity_id": china,
            "name": "China",
            "label": "GPE",
            "aliases": ["PRC"],
            "mention_count": 6,
            "document_count": 2,
            "first_date": early,
            "last_date": late,
        },
        {
            "entity_id": board,
            "name": "Elm Board",
            "label": "ORG",
            "aliases": [],
            "mention_count": 1,
            "document_count": 1,
            "first_date": None,
            "last_date": None,
        },
    ]
    assert stands_for == [
        {
            "document_id": document,
            "text": text,
            "label": label,
            "stands_for": None,
            "entity_id": entity,
            "rule": rule,
            "mentions": n,
        }
        for document, text, label, entity, rule, n in (
            ("a", "the PRC", "GPE", china, "gazetteer", 2),
            ("b", "China", "GPE", china, "gazetteer", 3),
            ("b", "PRC", "GPE", china, "gazetteer", 1),
            ("c", "Elm Board", "ORG", board, "name", 1),
        )
    ]


@pytest.mark.parametrize(
    ("texts", "label", "name"),
    [
        pytest.param(("Xi Jinping", "Xi Jinping's", "Xi Jinping’s", "Xi Jinping‘s"), "PERSON", "Xi Jinping", id="possessive"),
        pytest.param(("World Bank", "the World Bank", "The World Bank’s"), "ORG", "World Bank", id="article"),
        pytest.param(("United States", "U.S.", "US", "the US"), "GPE", "United States", id="aliases"),
        pytest.param(("Elm-Oak Board", "Elm Oak Board", "ELM OAK BOARD"), "ORG", "ELM OAK BOARD", id="hyphen and case"),
        pytest.param(("Elm Boards", "Elm Boards'"), "ORG", "Elm Boards", id="possessive of a plural"),
        pytest.param(("World Lantern Forum", "2021 World Lantern Forum"), "EVENT", "World Lantern Forum", id="year in front"),
        pytest.param(("Xi'an", "Xi’an"), "GPE", "Xi'an", id="apostrophe"),
        pytest.param(
            ("14th Five-Year Plan", "14th Five-Year Plan (2021–2025)", "14th Five-Year Plan (2021-25)"),
            "LAW",
            "14th Five-Year Plan",
            id="the years of a plan",
        ),
        pytest.param(("Elm Plan", "Elm Plan (2019-2023)"), "LAW", "Elm Plan", id="the years of a plan nobody knows"),
        pytest.param(
            (
                "Second Session of the 14th National People's Congress",
                "Second Session of the 14th National People's Congress of the People's Republic of China",
            ),
            "EVENT",
            "Second Session of the 14th National People's Congress",
            id="the country of a congress",
        ),
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_one_entity(texts: tuple[str, ...], label: str, name: str) -> None:
    found, _ = resolve([form(text, label) for text in sorted(texts)])
    assert [(row["name"], row["label"], row["mention_count"]) for row in found] == [(name, label, len(texts))]


@pytest.mark.parametrize(
    "forms",
    [
        pytest.param([form("Xi"), form("Xinhua", "ORG")], id="Xi and Xinhua"),
        pytest.param([form("Xi Jinping"), form("Xinhua", "ORG")], id="Xi Jinping and Xinhua"),
        pytest.param([form("Li Keqiang"), form("Li Qiang")], id="Li Keqiang and Li Qiang"),
        pytest.param([form("Li"), form("Li Keqiang"), form("Li Qiang")], id="Li beside two Lis"),
        pytest.param([form("Elm", "PERSON"), form("Elm", "GPE")], id="a person and a place"),
        pytest.param([form("2021 Elm", "ORG"), form("Elm", "ORG")], id="a year in front of a body"),
        pytest.param([form("Elm Law", "LAW"), form("Oak Law", "LAW")], id="two laws"),
        pytest.param([form("18th Elm Congress", "EVENT"), form("19th Elm Congress", "EVENT")], id="two congresses"),
    ],
)
def test_different_things_stay_apart(forms: list[Form]) -> None:
    found, _ = resolve(forms)
    assert len(found) == len(forms)


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        pytest.param(
            [form("Xi"), form("Xi Jinping")],
            {"Xi": ("Xi Jinping", "fuller name in the document")},
            id="surname in front",
        ),
        pytest.param(
            [form("Elm"), form("Ann Elm")], {"Elm": ("Ann Elm", "fuller name in the document")}, id="surname behind"
        ),
        pytest.param(
            [form("Elm’s"), form("Ann Elm’s")], {"Elm’s": ("Ann Elm", "fuller name in the document")}, id="possessives"
        ),
        pytest.param([form("Li"), form("Li Keqiang"), form("Li Qiang")], {"Li": ("Li", "name")}, id="two of a surname"),
        pytest.param([form("Elm"), form("Ann Elms")], {"Elm": ("Elm", "name")}, id="another surname"),
        pytest.param(
            [form("CRD", "ORG"), form("CRD", "ORG", stands_for="Council for River Data")],
            {"CRD": ("Council for River Data", "fuller name in the document")},
            id="a short form that is explained once",
        ),
        pytest.param(
            [form("CRD", "ORG", stands_for="Council for River Data"), form("Council for River Data", "ORG")],
            {"CRD": ("Council for River Data", "acronym")},
            id="a short form and its name",
        ),
        pytest.param(
            [form("CoP", "ORG", stands_for="Communist Party of China")],
            {"CoP": ("Communist Party of China", "acronym")},
            id="a short form of a name in the gazetteer",
        ),
        pytest.param(
            [form("CAC", "ORG", mentions=9), form("CAC", "ORG", stands_for="Codex Alimentarius Commission")],
            {"CAC": ("Codex Alimentarius Commission", "fuller name in the document")},
            id="a short form that the gazetteer knows for another name",
        ),
        pytest.param(
            [form("CAC", "ORG"), form("CAC", "EVENT", stands_for="Canton Autumn Carnival")],
            {"CAC": ("Canton Autumn Carnival", "fuller name in the document")},
            id="with another label",
        ),
        pytest.param(
            [form("NDRC", "ORG"), form("NDRC", "ORG", stands_for="Development & Reform Commission")],
            {"NDRC": ("National Development and Reform Commission", "gazetteer")},
            id="a definition that words the gazetteer's name otherwise",
        ),
        pytest.param(
            [form("CPC", "ORG", stands_for="Communist Party of Cuba")],
            {"CPC": ("Communist Party of Cuba", "acronym")},
            id="a definition that is of the gazetteer's name but for a word",
        ),
        pytest.param(
            [form("CAC", "ORG"), form("CAC", "ORG", "b", stands_for="Codex Alimentarius Commission", mentions=9)],
            {"CAC": ("Cyberspace Administration of China", "gazetteer")},
            id="a definition in another document",
        ),
        pytest.param(
            [form("Politburo", "ORG", stands_for="Politburo of the Communist Party of Cuba")],
            {"Politburo": ("Politburo of the Communist Party of Cuba", "fuller name in the document")},
            id="a body with whose it is",
        ),
        pytest.param(
            [form("Communist Party of China", "ORG"), form("Party", "ORG")],
            {"Party": ("Communist Party of China", "fuller name in the document")},
            id="the Party where the Communist Party is named",
        ),
        pytest.param([form("Party", "ORG")], {"Party": ("Party", "name")}, id="the Party alone"),
        pytest.param(
            [form("Politburo of the Communist Party of Cuba", "ORG"), form("Party", "ORG"), form("CPC", "ORG", "b")],
            {"Party": ("Communist Party of Cuba", "fuller name in the document")},
            id="the Party where an organ of another country's is named",
        ),
        pytest.param(
            [form("20th Politburo", "ORG"), form("Party", "ORG")],
            {"Party": ("Communist Party of China", "fuller name in the document")},
            id="the Party where an organ of China's is named",
        ),
        pytest.param(
            [
                form("Communist Party of Vietnam", "ORG"),
                form("Party", "ORG"),
                form("Communist Party of China", "ORG", "b", mentions=50),
            ],
            {"Party": ("Communist Party of Vietnam", "fuller name in the document")},
            id="the Party where another country's is named, whatever the rest of the corpus names",
        ),
        pytest.param(
            [form("Board", "ORG"), form("System", "ORG"), form("Board of the Ash Payment System", "ORG")],
            {"Board": ("Board of the Ash Payment System", "fuller name in the document"), "System": ("System", "name")},
            id="the kind of body that is named first",
        ),
        pytest.param(
            [form("Committee", "ORG"), form("Ash Rate Committee", "ORG", mentions=4), form("full Committee", "ORG")],
            {"Committee": ("Ash Rate Committee", "fuller name in the document")},
            id="a body beside one that was cut wrongly",
        ),
        pytest.param(
            [
                form("System", "ORG"),
                form("System Elm Account", "ORG"),
                form("Committee", "ORG"),
                form("Committee on Ash", "ORG"),
            ],
            {"System": ("System", "name"), "Committee": ("Committee on Ash", "fuller name in the document")},
            id="the kind of body and not what it is of",
        ),
        pytest.param(
            [
                form("Committee", "ORG"),
                form("Ash Rate Committee", "ORG"),
                form("Ash Rate Committee", "ORG", document="b", mentions=9),
                form("Elm Committee", "ORG", mentions=2),
            ],
            {"Committee": ("Committee", "name")},
            id="a body that another is named oftener than",
        ),
        pytest.param(
            [form("Committee", "ORG"), form("Ash Committee", "ORG", mentions=3), form("Elm Committee", "ORG")],
            {"Committee": ("Committee", "name")},
            id="two bodies of which neither dominates",
        ),
    ],
)
def test_a_short_form_is_resolved_in_its_document(forms: list[Form], expected: dict[str, tuple[str, str]]) -> None:
    found = resolved(forms)
    assert {text: found["a", text] for text in expected} == expected


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        pytest.param([form("Ann Elm", document="b")], "Ann Elm", id="the only one"),
        pytest.param(
            [form("Ann Elm", document="b", mentions=8), form("Bob Elm", document="c", mentions=2)],
            "Ann Elm",
            id="just dominant",
        ),
        pytest.param(
            [form("Ann Elm", document="b", mentions=79), form("Bob Elm", document="c", mentions=21)],
            "Elm",
            id="not quite dominant",
        ),
        pytest.param(
            [form("Ann Elm", document="b", mentions=4), form("Ann Elm", document="c", mentions=4)], "Ann Elm", id="summed up"
        ),
        pytest.param([form("Elm Board", "ORG", document="b")], "Elm", id="a body is no fuller name"),
    ],
)  # fmt: skip
def test_a_surname_without_a_fuller_name_in_its_document_goes_to_who_dominates_the_corpus(
    forms: list[Form], expected: str
) -> None:
    rule = "name" if expected == "Elm" else "fuller name in the corpus"
    assert resolved([form("Elm", document="a"), *forms])["a", "Elm"] == (expected, rule)


def test_the_document_goes_before_the_corpus() -> None:
    forms = [form("Bob Elm"), form("Elm"), form("Ann Elm", document="b", mentions=90), form("Elm", document="c")]
    found = resolved(forms)
    assert found["a", "Elm"] == ("Bob Elm", "fuller name in the document")
    assert found["c", "Elm"] == ("Ann Elm", "fuller name in the corpus")


@pytest.mark.parametrize(("dominance", "expected"), [(0.5, "Ann Elm"), (0.7, "Ann Elm"), (0.71, "Elm"), (1.0, "Elm")])
def test_dominance_is_the_share_that_the_commonest_fuller_name_needs(dominance: float, expected: str) -> None:
    forms = [form("Elm"), form("Ann Elm", document="b", mentions=7), form("Bob Elm", document="c", mentions=3)]
    assert resolved(forms, dominance=dominance)["a", "Elm"][0] == expected


@pytest.mark.parametrize("dominance", [0.49, 1.01])
def test_dominance_has_bounds(dominance: float) -> None:
    with pytest.raises(ValidationError):
        EntitiesSettings(dominance=dominance)


@pytest.mark.parametrize(
    ("forms", "name", "label", "aliases"),
    [
        pytest.param(
            [form("ELM BOARD", "ORG", mentions=2), form("Elm Board", "ORG", mentions=5)],
            "Elm Board",
            "ORG",
            ["ELM BOARD"],
            id="the commonest form",
        ),
        pytest.param(
            [form("ELM BOARD", "ORG"), form("Elm Board", "ORG")],
            "ELM BOARD",
            "ORG",
            ["Elm Board"],
            id="a tie by letters",
        ),
        pytest.param(
            [form("Elm Isle", "GPE", mentions=2), form("Elm Isle", "LOC", document="b", mentions=3)],
            "Elm Isle",
            "LOC",
            [],
            id="the commonest label",
        ),
        pytest.param([form("PRC", "LOC", mentions=9)], "China", "GPE", ["PRC"], id="the gazetteer's name and label"),
        pytest.param(
            [form("Elm", mentions=9), form("Ann Elm")], "Ann Elm", "PERSON", ["Elm"], id="a short form is no name"
        ),
        pytest.param(
            [form("2021 Elm Forum", "EVENT", mentions=9)],
            "Elm Forum",
            "EVENT",
            ["2021 Elm Forum"],
            id="an event's year",
        ),
        pytest.param(
            [form("CRD", "ORG", stands_for="Council for River Data", mentions=9)],
            "Council for River Data",
            "ORG",
            ["CRD"],
            id="the name behind a short form",
        ),
    ],
)
def test_an_entity_is_named_by_the_gazetteer_or_its_commonest_full_form(
    forms: list[Form], name: str, label: str, aliases: list[str]
) -> None:
    found, _ = resolve(forms)
    assert [(row["name"], row["label"], row["aliases"]) for row in found] == [(name, label, aliases)]


def test_a_document_that_repeats_another_is_resolved_and_not_counted() -> None:
    date = datetime.date(2020, 1, 1)
    found, stands_for = resolve(
        [
            form("Ann Elm", document="a", mentions=2, date=date),
            form("Ann Elm", document="b", mentions=5, is_duplicate=True, date=datetime.date(2021, 1, 1)),
            form("Elm", document="b", mentions=5, is_duplicate=True),
            form("Oak Board", "ORG", document="b", is_duplicate=True),
        ]
    )
    assert [
        (row["name"], row["mention_count"], row["document_count"], row["first_date"], row["last_date"], row["aliases"])
        for row in found
    ] == [("Ann Elm", 2, 1, date, date, []), ("Oak Board", 0, 0, None, None, [])]
    assert [(row["document_id"], row["text"]) for row in stands_for] == [
        ("a", "Ann Elm"),
        ("b", "Ann Elm"),
        ("b", "Elm"),
        ("b", "Oak Board"),
    ]


def test_a_document_that_repeats_another_has_no_say_in_who_dominates() -> None:
    forms = [form("Elm"), form("Ann Elm", document="b", mentions=9), form("Bob Elm", document="c", mentions=1)]
    copies = [form("Bob Elm", document=f"d{number}", mentions=5, is_duplicate=True) for number in range(3)]
    assert resolved(forms + copies)["a", "Elm"] == resolved(forms)["a", "Elm"]


def test_a_document_that_repeats_another_has_no_say_in_the_name() -> None:
    forms = [
        form("Elm Board", "ORG", mentions=2),
        form("ELM BOARD", "ORG", document="b", mentions=5, is_duplicate=True),
    ]
    assert [row["name"] for row in resolve(forms)[0]] == ["Elm Board"]


def test_an_id_depends_on_kind_and_name_alone() -> None:
    alone, _ = resolve([form("Elm Board", "ORG")])
    among, _ = resolve([form("Elm-Board’s", "ORG", mentions=4), form("Elm"), form("Elm", "GPE")])
    assert alone[0]["entity_id"] == among[0]["entity_id"] == entity_id("body", "elm board")
    assert len({row["entity_id"] for row in among}) == 3


def kinds(*labels: tuple[str, int], text: str = "Elm Account", **settings: Any) -> list[tuple[str, int]]:
    """The labels and counts of the entities of one name, given how often it has which label."""
    forms = [form(text, label, document=label, mentions=mentions) for label, mentions in labels]
    return [(row["label"], row["mention_count"]) for row in resolve(forms, **settings)[0]]


def test_a_name_of_several_words_is_one_thing_whatever_its_labels() -> None:
    assert kinds(("ORG", 3), ("EVENT", 2), ("LAW", 2)) == [("ORG", 7)]
    assert kinds(("ORG", 3), ("EVENT", 2), ("LAW", 2), text="Account") == [("ORG", 3), ("EVENT", 2), ("LAW", 2)]
    spelt_out = [
        form("EA", label, document, stands_for="Elm Account")
        for label, document in zip(("ORG", "ORG", "LAW"), "abc", strict=True)
    ]
    assert [(row["name"], row["label"], row["mention_count"]) for row in resolve(spelt_out)[0]] == [
        ("Elm Account", "ORG", 3)
    ]


@pytest.mark.parametrize(
    ("people", "things", "expected"),
    [
        pytest.param(8, 2, [("PERSON", 10)], id="a person whom the model took for a thing"),
        pytest.param(2, 8, [("ORG", 10)], id="a thing that the model took for a person"),
        pytest.param(7, 3, [("PERSON", 7), ("ORG", 3)], id="one of each"),
    ],
)
def test_a_person_and_a_thing_may_have_a_name_in_common(
    people: int, things: int, expected: list[tuple[str, int]]
) -> None:
    assert kinds(("PERSON", people), ("ORG", things)) == expected
    assert (
        kinds(("PERSON", people), ("ORG", things), dominance=1.0)
        == [("PERSON", people), ("ORG", things)][:: 1 if people > things else -1]
    )


def test_a_name_of_repeated_documents_alone_keeps_a_kind() -> None:
    forms = [form("Elm Account", label, label, is_duplicate=True) for label in ("EVENT", "LAW")]
    assert [(row["label"], row["mention_count"]) for row in resolve(forms)[0]] == [("EVENT", 0)]
    assert [row["label"] for row in resolve([form("Ann Elm", is_duplicate=True)])[0]] == ["PERSON"]


def test_what_the_analyst_says_of_a_name_holds_for_every_label() -> None:
    decision = Decision(name="Elm Account", action="add", label="LAW")
    assert kinds(("ORG", 3), ("LAW", 1), decisions=(decision,)) == [("LAW", 4)]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The  Elm–Board’s", "elm board"),
        ("a Board", "board"),
        ("U.S.", "u s"),
        ("Xi‘s", "xi"),
        ("O'Elm", "o elm"),
        ("“Elm”", "elm"),
        ("Thea Elm", "thea elm"),
        ("", ""),
    ],
)
def test_folding_leaves_what_spellings_share(name: str, folded: str) -> None:
    assert fold(name) == folded


TEXTS = [
    "Xi",
    "Xi Jinping",
    "Li",
    "Li Keqiang",
    "Li Qiang",
    "Elm",
    "Ann Elm",
    "the Elm Board",
    "CRD",
    "PRC",
    "2021 Elm Forum",
]
FORMS = st.builds(
    form,
    st.sampled_from(TEXTS),
    st.sampled_from(["PERSON", "ORG", "EVENT"]),
    st.sampled_from("abc"),
    stands_for=st.sampled_from([None, None, "Council for River Data", "Centre of Road Design"]),
    mentions=st.integers(1, 5),
)
TABLES = st.lists(
    FORMS, max_size=14, unique_by=lambda row: (row["document_id"], row["text"], row["label"], row["stands_for"])
)


def place(row: Form) -> tuple[str | None, ...]:
    return row["document_id"], row["text"], row["label"], row["stands_for"]


def with_duplicates(rows: list[Form], duplicates: set[str]) -> list[Form]:
    return [row | {"is_duplicate": row["document_id"] in duplicates} for row in rows]


@profile(deadline=None, derandomize=True)
@given(TABLES.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_the_forms_does_not_matter(drawn: tuple[list[Form], list[Form]]) -> None:
    assert resolve(drawn[0]) == resolve(drawn[1])


@profile(deadline=None, derandomize=True)
@given(TABLES, st.sets(st.sampled_from("abc"), max_size=2))
def test_an_entitys_count_is_that_of_the_forms_that_stand_for_it(rows: list[Form], duplicates: set[str]) -> None:
    rows = with_duplicates(rows, duplicates)
    found, stands_for = resolve(rows)
    targets = {place(row): row["entity_id"] for row in stands_for}
    counted: Counter[str] = Counter()
    for row in rows:
        counted[targets[place(row)]] += 0 if row["is_duplicate"] else row["mentions"]
    assert {row["entity_id"]: row["mention_count"] for row in found} == {**dict.fromkeys(counted, 0), **counted}


@profile(deadline=None, derandomize=True)
@given(TABLES)
def test_every_form_has_one_entity_and_every_entity_one_row(rows: list[Form]) -> None:
    found, stands_for = resolve(rows)
    identifiers = [row["entity_id"] for row in found]
    assert len(set(identifiers)) == len(identifiers)
    assert sorted(map(repr, map(place, stands_for))) == sorted(map(repr, map(place, rows)))
    assert {row["entity_id"] for row in stands_for} <= set(identifiers)


def test_one_short_form_with_two_meanings_in_a_document_adds_up() -> None:
    found, stands_for = resolve(
        [
            form("CRD", "ORG", mentions=3),
            form("CRD", "ORG", stands_for="Centre of Road Design"),
            form("CRD", "ORG", stands_for="Council for River Data"),
        ]
    )
    assert len({row["entity_id"] for row in stands_for}) == 1
    counts = {row["entity_id"]: row["mention_count"] for row in found}
    assert counts[stands_for[0]["entity_id"]] == 5
    assert sum(counts.values()) == 5


def test_a_body_of_one_state_is_not_that_of_another_which_its_document_names_as_well() -> None:
    found, stands_for = resolve(
        [
            form("Ministry of Finance", "ORG", mentions=2),
            form("Ministry of Finance", "ORG", stands_for="Ministry of Finance of Japan", mentions=3),
            form("Politburo", "ORG", stands_for="Politburo of the Communist Party of Cuba"),
            form("Politburo", "ORG"),
        ]
    )
    names = {row["entity_id"]: row["name"] for row in found}
    assert [(row["text"], row["stands_for"], names[row["entity_id"]], row["mentions"]) for row in stands_for] == [
        ("Ministry of Finance", "Ministry of Finance of Japan", "Ministry of Finance of Japan", 3),
        ("Ministry of Finance", None, "Ministry of Finance", 2),
        (
            "Politburo",
            "Politburo of the Communist Party of Cuba",
            "Politburo of the Communist Party of Cuba",
            1,
        ),
        ("Politburo", None, "Politburo", 1),
    ]


# -- the analyst's decisions ------------------------------------------------------------------------------------------

DECIDED = [
    form("Li Qiang", mentions=3),
    form("Premier Li", mentions=2),
    form("Content", "ORG"),
    form("Content", "EVENT"),
]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(
            {"name": "Li Qiang", "action": "merge", "aliases": ("Premier Li",)},
            {"Premier Li": ("Li Qiang", "analyst"), "Li Qiang": ("Li Qiang", "analyst")},
            id="merge",
        ),
        pytest.param(
            {"name": "The Premier", "action": "merge", "label": "PERSON", "aliases": ("premier li", "Li Qiang")},
            {"Premier Li": ("The Premier", "analyst"), "Li Qiang": ("The Premier", "analyst")},
            id="merge under a name of the analyst's, whatever the case",
        ),
        pytest.param(
            {"name": "Content", "action": "add", "label": "PRODUCT", "aliases": ("Premier Li",)},
            {"Content": ("Content", "analyst"), "Premier Li": ("Content", "analyst")},
            id="add",
        ),
    ],
)
def test_the_analyst_decides_over_everything(decision: dict[str, Any], expected: dict[str, tuple[str, str]]) -> None:
    found = resolved(DECIDED, decisions=(Decision(**decision),))
    assert {text: outcome for (_, text), outcome in found.items() if text in expected} == expected


@pytest.mark.parametrize(("label", "left"), [(None, []), ("ORG", ["EVENT"])])
def test_what_the_analyst_rejects_is_no_entity(label: str | None, left: list[str]) -> None:
    found, stands_for = resolve(DECIDED, decisions=(Decision(name="content", action="reject", label=label),))
    assert [row["label"] for row in found if row["name"] == "Content"] == left
    rejected = [(row["text"], row["entity_id"]) for row in stands_for if row["rule"] == "rejected"]
    assert rejected == [("Content", None)] * (2 - len(left))


def test_a_name_may_be_rejected_with_several_labels() -> None:
    decisions = tuple(
        Decision(name=name, action="reject", label=label) for name, label in (("content", "ORG"), ("Content", "EVENT"))
    )
    assert [row["name"] for row in resolve(DECIDED, decisions=decisions)[0] if row["name"] == "Content"] == []


def test_a_merge_without_a_label_takes_that_of_the_name_itself() -> None:
    rows = [form("Ann Elm", "PERSON"), form("The Elm Office", "ORG", mentions=9)]
    found, _ = resolve(rows, decisions=(Decision(name="Ann Elm", action="merge", aliases=("The Elm Office",)),))
    assert [(row["name"], row["label"], row["mention_count"]) for row in found] == [("Ann Elm", "PERSON", 10)]


@pytest.mark.parametrize("action", ["merge", "add"])
@pytest.mark.parametrize("name", ["CAC", "Cyberspace Administration of China"])
@pytest.mark.parametrize(("label", "shown"), [(None, "ORG"), ("ORG", "ORG"), ("FAC", "FAC")])
def test_a_decision_on_a_name_that_an_entity_is_known_by_is_on_that_entity(
    action: str, name: str, label: str | None, shown: str
) -> None:
    rows = [
        form("Cyberspace Administration of China", "ORG", mentions=11),
        form("CAC", "ORG", mentions=15),
        form("Central Internet Board", "ORG"),
    ]
    decision = Decision.model_validate(
        {"name": name, "action": action, "label": label, "aliases": ("Central Internet Board",)}
    )
    found, _ = resolve(rows, decisions=(decision,))
    assert [(row["name"], row["label"], row["mention_count"]) for row in found] == [
        ("Cyberspace Administration of China", shown, 27)
    ]


def test_a_decision_on_a_known_name_with_a_label_of_another_kind_is_on_another_entity() -> None:
    rows = [form("Cyberspace Administration of China", "ORG"), form("CAC", "ORG", mentions=2)]
    found, _ = resolve(rows, decisions=(Decision(name="CAC", action="merge", label="EVENT", aliases=("Cup",)),))
    assert [(row["name"], row["label"]) for row in found] == [
        ("CAC", "EVENT"),
        ("Cyberspace Administration of China", "ORG"),
    ]


@pytest.mark.parametrize("names", [*permutations(("Ash Council", "Elm Council", "Oak Council"))])
@pytest.mark.parametrize("label", [None, "ORG"])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_what_is_merged_into_a_merged_name_follows_it(
    names: tuple[str, ...], label: str | None, is_reversed: bool
) -> None:
    decisions = [Decision(name=name, action="merge", label=label, aliases=(alias,)) for alias, name in pairwise(names)]
    rows = [form(name, "ORG") for name in sorted(names)]
    found, _ = resolve(rows, decisions=tuple(decisions[::-1] if is_reversed else decisions))
    assert [(row["name"], row["mention_count"]) for row in found] == [(names[-1], 3)]


def test_an_added_name_may_be_merged_on() -> None:
    added = Decision(name="Elm Council", action="add", label="ORG", aliases=("EC",))
    merged = Decision(name="Ash Council", action="merge", aliases=("elm council",))
    rows = [form(name, "ORG") for name in ("Ash Council", "EC", "Elm Council")]
    for decisions in ((added, merged), (merged, added)):
        assert [row["name"] for row in resolve(rows, decisions=decisions)[0]] == ["Ash Council"]


def decided(action: str, name: str, *aliases: str) -> Decision:
    return Decision.model_validate({"name": name, "action": action, "aliases": aliases})


@pytest.mark.parametrize(
    ("decisions", "settled", "problems"),
    [
        pytest.param(
            [decided("merge", "Oak", "Elm", "Fir"), decided("merge", "Ash", "the elm", "Yew")],
            [decided("merge", "Oak", "Elm", "Fir"), decided("merge", "Ash", "Yew")],
            [("Ash", "'the elm' stands for 'Oak' and 'Ash'; it counts for the first")],
            id="merged into two",
        ),
        pytest.param(
            [decided("add", "Oak", "Elm"), decided("add", "Ash", "Elm")],
            [decided("add", "Oak", "Elm"), decided("add", "Ash")],
            [("Ash", "'Elm' stands for 'Oak' and 'Ash'; it counts for the first")],
            id="under two added names",
        ),
        pytest.param(
            [decided("merge", "Oak", "Elm"), decided("merge", "Fir", "Oak"), decided("merge", "Elm", "Fir")],
            [decided("merge", "Oak", "Elm"), decided("merge", "Fir", "Oak")],
            [("Elm", "'Fir' cannot stand for 'Elm', which stands for it; it is not used")],
            id="a circle",
        ),
        pytest.param(
            [decided("merge", "Oak", "Elm"), decided("merge", "OAK", "ELM", "oak")],
            [decided("merge", "Oak", "Elm"), decided("merge", "OAK", "ELM", "oak")],
            [],
            id="spellings of one name",
        ),
        pytest.param(
            [decided("merge", "Oak", "Elm"), decided("reject", "Ash", "Elm")],
            [decided("merge", "Oak", "Elm"), decided("reject", "Ash", "Elm")],
            [],
            id="rejected",
        ),
    ],
)
def test_of_decisions_that_contradict_each_other_the_first_counts(
    decisions: list[Decision], settled: list[Decision], problems: list[tuple[str, str]]
) -> None:
    assert settle(decisions) == (tuple(settled), tuple(problems))


def test_of_names_that_are_merged_into_each_other_the_first_line_counts() -> None:
    rows = [form("Ash Council", "ORG"), form("Elm Council", "ORG")]
    lines = (decided("merge", "Elm Council", "Ash Council"), decided("merge", "Ash Council", "Elm Council"))
    for decisions in (lines, lines[::-1]):
        assert [row["name"] for row in resolve(rows, decisions=decisions)[0]] == [decisions[0].name]


def test_how_names_are_recognised_does_not_make_their_resolution_stale() -> None:
    parts = entities.fingerprint(EntitiesSettings())
    assert "data gazetteer.csv" in parts
    assert [name for name in parts if name.startswith("code tasks.recognition")] == []


# -- counts by form -----------------------------------------------------------------------------------------------------


def test_views_by_form_say_what_the_mentions_say(published_once: Callable[..., Path]) -> None:
    texts = {f"{number}.txt": document(number, year=2016 + number) for number in range(4)}
    folder = published_once(
        texts | {"copy.txt": f"{texts['0.txt']}\n\n"}, entities={"decisions": [{"name": "Guizhou", "action": "reject"}]}
    )
    counted = "(select *, document_id in (select document_id from pipeline.duplicates) as is_duplicate from mentions)"
    with duckdb.connect(str(published_file(folder / "warehouse")), read_only=True) as connection:

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return connection.execute(statement).fetchall()

        trends = rows(
            "select entity_id, granularity, period_start, occurrences, documents from entity_trends order by all"
        )
        aliases = rows("select entity_id, alias, label, mentions, documents from entity_aliases order by all")
        assert trends == rows(
            "select entity_id, granularity, period_start, count(*), count(distinct document_id) "
            f"from {counted} join pipeline.document_periods using (document_id) "
            "where not is_duplicate and entity_id is not null group by all order by all"
        )
        assert aliases == rows(
            f"select entity_id, text, label, count(*), count(distinct document_id) from {counted} "
            "where not is_duplicate and entity_id is not null group by all order by all"
        )
        assert rows("select count(*) from pipeline.duplicates") == [(1,)]
        assert rows("select distinct text from pipeline.entity_forms where rule = 'rejected'") == [("Guizhou",)]
    assert len(trends) >= 3
    assert max(mentions for *_, mentions, _ in aliases) >= 3
