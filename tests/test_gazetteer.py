"""The gazetteer's file: every line is an entry, no form stands in it twice, no ordinary word is a name."""

from __future__ import annotations

from collections import Counter

import pytest
from spacy.lang.en import English

from tasks.gazetteer import (
    GAZETTEER,
    ORGANS_OF_CHINA,
    PLACES_OF_CHINA,
    Name,
    gazetteer,
    organs_of_china,
    places_of_china,
)
from tasks.recognition import NAME_LABELS

# Words that open a sentence or stand in a headline and name nothing there.
ORDINARY = """
academy action agency agreement alliance army assembly association authority bank bill board bureau cabinet center
centre chair chairman charter city cloud commission committee communique company conference congress constitution
convention council country county court daily data day delegation department digital district east economy editor
energy era euro expo february fair finance forum free fund future gap general government group gulf health history house
hub industry initiative innovation institute intelligence internet it journal july june justice labor law leader league
march may market meeting minister ministry modernization monday month nation network new news north office opinions order
outline park parliament party peace people plan plans plenum policy press president province reform region report
republic research road rule school science sea secretary security senate session silk smart south state states strategy
street summit target technology times trade treaty turkey union university valley village visa war west will world year
"""


def test_every_entry_has_a_name_a_known_label_and_clean_aliases() -> None:
    entries = gazetteer()
    assert len(entries) > 1000
    assert [entry for entry in entries if entry.label not in NAME_LABELS] == []
    forms = [form for entry in entries for form in entry.forms]
    assert [form for form in forms if form != " ".join(form.split()) or not form] == []
    assert [form for form in forms if len(form) < 2 or not any(character.isalpha() for character in form)] == []


def test_no_line_of_the_file_is_passed_over_and_no_field_is_left_over() -> None:
    lines = GAZETTEER.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines[1:] if not line.startswith("#")]
    assert lines[0] == "name,label,aliases"
    assert len(gazetteer()) == len(rows)
    assert [line for line in rows if "|" in line and "" in line.rsplit(",", 1)[1].strip('"').split("|")] == []


def test_the_headings_tell_what_is_chinas() -> None:
    headings = {entry.heading for entry in gazetteer()}
    assert headings.issuperset((*ORGANS_OF_CHINA, *PLACES_OF_CHINA))
    assert {"Politburo", "State Council", "Ministry of Railways"} <= organs_of_china()
    assert {"China", "PRC", "Guizhou", "Guiyang"} <= places_of_china()
    assert {"State Duma", "Japan", "Tokyo"}.isdisjoint(organs_of_china() | places_of_china())


def test_no_name_or_alias_stands_in_the_gazetteer_twice() -> None:
    forms = Counter(form for entry in gazetteer() for form in entry.forms)
    owners = Counter(form for entry in gazetteer() for form in {f.casefold() for f in (entry.name, *entry.aliases)})
    assert [form for form, times in (*forms.items(), *owners.items()) if times > 1] == []


def test_no_ordinary_word_is_a_name_or_an_alias() -> None:
    words = English.Defaults.stop_words | set(ORDINARY.split())

    def is_ordinary(form: str) -> bool:
        return (form.islower() or form.istitle()) and form.casefold() in words

    assert [(e.name, form) for e in gazetteer() for form in e.forms if is_ordinary(form)] == []


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(Name("Deng Xiaoping", "PERSON", ()), id="without aliases"),
        pytest.param(Name("Mao Zedong", "PERSON", ("Mao Tse-tung",)), id="with one"),
    ],
)
def test_an_entry_is_read_as_it_stands(entry: Name) -> None:
    assert entry in gazetteer()
