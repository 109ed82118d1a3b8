"""What the passages of a document say about each other's mentions."""

from __future__ import annotations

import pytest

from tasks.recognition import ShortForms, recognise, settle
from tests.test_recognition import blank, with_entities


def settled(*passages: tuple[str, list[tuple[str, str]]]) -> list[list[tuple[str, str, str | None]]]:
    """What is left of entities that a model found in passages of one document, with what each stands for."""
    recognised = [recognise(with_entities(text, *entities), blank()) for text, entities in passages]
    found = settle(recognised, ShortForms())
    return [
        [(text[item.start : item.end], item.label, item.stands_for) for item in items]
        for (text, _), items in zip(passages, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("passages", "last"),
    [
        pytest.param([("Xi Jinping came", []), ("Now Xi spoke", [])], [("Xi", "PERSON", None)], id="a missed surname"),
        pytest.param([("Now Xi spoke", []), ("Xi Jinping", [])], [("Xi Jinping", "PERSON", None)], id="the name comes later"),
        pytest.param(
            [("Ann Oakley came", [("Ann Oakley", "PERSON")]), ("a speech of Oakley", [("Oakley", "GPE")])],
            [("Oakley", "PERSON", None)],
            id="another label",
        ),
        pytest.param([("He Lifeng came", []), ("He spoke", [])], [], id="a pronoun"),
        pytest.param([("He Lifeng came", []), ("then He spoke", [])], [("He", "PERSON", None)], id="a surname like one"),
        pytest.param(
            [("Ann Oakley came", [("Ann Oakley", "PERSON")]), ("the Oakley Doctrine", [])], [], id="in a longer name"
        ),
        pytest.param(
            [("Li Qiang came", []), ("Li Keqiang came", []), ("and Li spoke", [])],
            [("Li", "PERSON", "Li Keqiang")],
            id="of two people the one named last",
        ),
        pytest.param(
            [("Vice Premier Li Qiang came", []), ("Premier Li Keqiang came", []), ("and Vice Premier Li spoke", [])],
            [("Li", "PERSON", "Li Qiang")],
            id="of two people the one of that office",
        ),
        pytest.param(
            [("Premier Li Keqiang came", []), ("Premier Li Qiang came", []), ("Li Na came", []), ("and Premier Li", [])],
            [("Li", "PERSON", "Li Qiang")],
            id="of two people of that office the one named last",
        ),
        pytest.param(
            [("Premier Li Keqiang came", []), ("Li Qiang came", []), ("and President Li spoke", [])],
            [("Li", "PERSON", "Li Qiang")],
            id="the one named last where nobody has that office",
        ),
        pytest.param(
            [("Elm Relief Drive (ERD)", [("Elm Relief Drive", "EVENT")]), ("the ERD ended", [("ERD", "ORG")])],
            [("ERD", "EVENT", None)],
            id="a short form that is defined",
        ),
        pytest.param(
            [("no orchard tax", []), ("the Orchard Tax", [("Orchard Tax", "ORG")])], [], id="a phrase in lower case elsewhere"
        ),
        pytest.param([("low turnout", []), ("Turnout fell", [("Turnout", "PERSON")])], [], id="a word that opens a sentence"),
        pytest.param(
            [("Ann Young came", [("Ann Young", "PERSON")]), ("young people", []), ("Young people sang", [])],
            [],
            id="a surname that is a word where it opens a sentence",
        ),
        pytest.param(
            [("Theresa May came", []), ("on May 5", [("May 5", "DATE")])], [("May 5", "DATE", None)], id="a month"
        ),
        pytest.param(
            [("Then they met Park Chung-hee.", [("Park Chung-hee", "PERSON")]), ("said Park.", [])],
            [("Park", "PERSON", None)],
            id="a Korean name",
        ),
        pytest.param([("", []), ("the Committee met", [("Committee", "ORG")])], [], id="a body of no name"),
        pytest.param(
            [("the Elm Committee", [("Elm Committee", "ORG")]), ("the Committee met", [("Committee", "ORG")])],
            [("Committee", "ORG", None)],
            id="a body that is named",
        ),
        pytest.param(
            [("Xi Jinping came", []), ("Xi Stresses Orchard Work Always", [("Xi Stresses Orchard", "PERSON")])],
            [("Xi", "PERSON", None)],
            id="a headline",
        ),
    ],
)  # fmt: skip
def test_a_passage_is_read_by_what_the_others_name(
    passages: list[tuple[str, list[tuple[str, str]]]], last: list[tuple[str, str, str | None]]
) -> None:
    assert settled(*passages)[-1] == last
