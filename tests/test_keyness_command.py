"""The command that compares two sets of documents."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from flows.cli import main
from flows.endings import WRONG_USAGE
from flows.settings import Settings

TEXTS = {
    "2020-01-05-port.txt": "Ports share data with ports. The ports of the coast open data to traders and to firms.",
    "2020-02-05-port.txt": "More ports open data. Ports sell none of the data that other ports collect for them.",
    "2021-01-05-snow.txt": "Snow fell on the hills. The hills had snow for days, and no data came from the hills.",
    "copy.txt": "Snow fell on the hills. The hills had snow for days, and no data came from the hills. ",
}


@pytest.fixture
def published(published_copy: Callable[..., Settings]) -> Settings:
    return published_copy(TEXTS)


def compare(published: Settings, *arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as end:
        main(["keyness", *arguments, "--warehouse", str(published.warehouse)])
    return end.value.code


@pytest.mark.parametrize("against", [(), ("--against", "path like '%snow%'")])
def test_terms_that_set_one_set_apart_come_first(
    published: Settings, capsys: pytest.CaptureFixture[str], against: tuple[str, ...]
) -> None:
    assert compare(published, "--where", "path like '%port%'", *against, "--limit", "1", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sizes"] == [{"documents": 2, "words": 33}, {"documents": 1, "words": 18}]
    (term,) = found["terms"]
    assert (term["term"], term["occurrences"], term["documents"], term["reference_occurrences"]) == ("ports", 6, 2, 0)
    assert term["log_ratio"] > 0
    assert term["log_odds_z"] > 0


def test_people_get_a_table_and_the_sizes(published: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(published, "--where", "path like '%snow%'", "--limit", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("term\toccurrences\tdocuments\treference_occurrences")
    assert {line.split("\t")[0] for line in lines[1:3]} <= {"snow", "hills"}
    assert lines[3] == "1 document of 18 words against 2 of 33"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--where", "path = 'x'"), WRONG_USAGE, "--where names no document with words"),
        (("--where", "true"), WRONG_USAGE, "--where leaves no other document with words"),
        (("--where", "true", "--against", "false"), WRONG_USAGE, "--against names no document with words"),
        (("--where", " "), WRONG_USAGE, "--where is empty: give a condition on documents"),
        (("--where", "true", "--against", ""), WRONG_USAGE, "--against is empty: give a condition on documents"),
        (("--where", "true", "--against", "path like '%port%'"), WRONG_USAGE, "2 documents are in both sets"),
        (("--where", "no_such_column = 1"), WRONG_USAGE, "no_such_column"),
    ],
)
def test_sets_that_cannot_be_compared_are_said(
    published: Settings, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert compare(published, *arguments) == code
    assert said in capsys.readouterr().err
