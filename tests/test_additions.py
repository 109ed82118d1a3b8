"""Additions: the places of the names that the analyst has added."""

from __future__ import annotations

import pytest

from tasks.additions import AddedName, AddedSpan, AdditionsSettings, additions
from tasks.clean import Passage

NAMES = (
    AddedName(name="Silk Road Desk", label="ORG", aliases=("SRD", "Desk")),
    AddedName(name="Focus", label="ORG"),
    AddedName(name="R&D (Phase 1)", label="EVENT"),
)


def find(text: str, kind: str = "body", names: tuple[AddedName, ...] = NAMES) -> list[AddedSpan]:
    passage = Passage("d1-0000", "d1", 0, kind, text, 0, len(text), None)  # type: ignore[arg-type]
    body = Passage("d1-0001", "d1", 1, "body", "Nobody is named.", 50, 66, None)
    return list(additions.function([passage, body], AdditionsSettings(names=names)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The Silk Road Desk met.", [("Silk Road Desk", "Silk Road Desk")], id="the longest of two"),
        pytest.param("SRD and the Desk", [("SRD", "Silk Road Desk"), ("Desk", "Silk Road Desk")], id="aliases"),
        pytest.param("The Silk\nRoad  Desk met.", [("Silk\nRoad  Desk", "Silk Road Desk")], id="over a line's end"),
        pytest.param("They focus on Focus's plan.", [("Focus", "Focus")], id="in its case"),
        pytest.param("Desks, SRDs and aSRD", [], id="whole words only"),
        pytest.param("On R&D (Phase 1).", [("R&D (Phase 1)", "R&D (Phase 1)")], id="characters of patterns"),
        pytest.param("Nothing here.", [], id="none"),
    ],
)
def test_names_are_found_where_they_stand(text: str, expected: list[tuple[str, str]]) -> None:
    found = find(text)
    assert [(span.text, span.stands_for) for span in found] == expected
    assert all(text[span.start_char : span.end_char] == span.text for span in found)


@pytest.mark.parametrize(
    ("names", "label"),
    [
        pytest.param([("Ash", "ORG", "Desk"), ("Oak", "LAW", "Desk")], "ORG", id="the first of two"),
        pytest.param([("Oak", "LAW", "Desk"), ("Ash", "ORG", "Desk")], "LAW", id="whatever its letters"),
        pytest.param([("Ash", "ORG", "Desk"), ("Desk", "LAW", "Bench")], "LAW", id="its own name before an alias"),
    ],
)
def test_a_form_of_several_names_counts_for_one(names: list[tuple[str, str, str]], label: str) -> None:
    added = tuple(AddedName(name=name, label=label, aliases=(alias,)) for name, label, alias in names)
    assert [(span.text, span.label) for span in find("The Desk met.", names=added)] == [("Desk", label)]


@pytest.mark.parametrize(("kind", "count"), [("title", 1), ("heading", 1), ("body", 1), ("boilerplate", 0)])
def test_site_furniture_names_nobody(kind: str, count: int) -> None:
    assert len(find("The Silk Road Desk", kind)) == count


def test_without_names_nothing_is_found() -> None:
    assert find("The Silk Road Desk", names=()) == []


def test_a_record_holds_where_and_what() -> None:
    assert find("The SRD") == [AddedSpan("d1", "d1-0000", 4, 7, "SRD", "ORG", "Silk Road Desk")]


def test_a_document_without_a_body_names_nobody() -> None:
    title = Passage("d1-0000", "d1", 0, "title", "The Silk Road Desk", 0, 18, None)
    assert list(additions.function([title], AdditionsSettings(names=NAMES))) == []
