"""What documents say of themselves: openings as analysts keep them, each with the description that it must have.

The openings are made up. A field that is not listed must be found empty: nothing is better than something wrong.
"""

from __future__ import annotations

import datetime
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.metadata import Metadata, describe
from tasks.readers import Reading, read

TODAY = datetime.date(2025, 1, 1)
BODY = (
    "The provinces will share what they know about ports and rivers, and the offices that keep the registers will open "
    "them to every trader who asks, so that goods move faster and small firms find their customers with less effort."
)

# `=== name of the file` begins a document, `key: value` lines say what must be found, `---` ends them, ~ is the body.
OPENINGS = (Path(__file__).parent / "openings.txt").read_text(encoding="utf-8")


def table() -> list[tuple[str, str, dict[str, str]]]:
    """The openings as (file name, text, expected fields)."""
    rows = []
    for entry in re.split(r"^=== ", OPENINGS, flags=re.MULTILINE)[1:]:
        head, text = entry.split("\n---\n", 1)
        name, *fields = head.replace("\n  ", " ").split("\n")
        rows.append((name, text.replace("~", BODY), dict(field.split(": ", 1) for field in fields)))
    return rows


# One day as pages write it; the second half states the day of the last change only.
STAMPS = (
    "2021-10-18",
    "2021/10/18",
    "2021.10.18",
    "18.10.2021",
    "10/18/2021",
    "18/10/2021",
    "20211018",
    "2021年10月18日",
    "Oct 18, 2021 03:49 PM",
    "Oct. 18th, 2021",
    "18 Oct 2021",
    "18th of October, 2021",
    "18-Oct-2021",
    "OCT. 18, 2021",
    "Monday, October 18, 2021",
    "Mon, 18 Oct 2021 08:00:00 GMT",
    "Posted: October 18, 2021",
    "Published on 18 October 2021",
    "Release date: October 18, 2021",
    "For immediate release: October 18, 2021",
    "(October 18, 2021)",
    "10:00pm, 18 Oct, 2021",
    "Date: 2021-10-18",
    "2021-10-18 09:12:33",
    "2021-10-18T09:12:33+08:00",
    "Source: Xinhua | 2021-10-18 20:15:04",
    "(Xinhua) 08:10, October 18, 2021",
    "Xinhua, October 18, 2021",
    "2021-10-18 | Source: Xinhua",
    "October 18 2021",
    "By Zhang Wei | October 18, 2021",
    "By Zhang Wei, October 18, 2021",
    "By Zhang Wei (Xinhua) 08:10, October 18, 2021",
    "Published: October 18, 2021 | Updated: October 19, 2021",
    "Updated: October 19, 2021 Published: October 18, 2021",
    "October 18, 2021 · 5 min read",
    "Issued October 18, 2021",
    "First published: 18 October 2021",
    "2021 October 18",
)
ONLY_UPDATED = (
    "Updated: 2021-10-18 09:12 | chinadaily.com.cn",
    "Updated October 18, 2021",
    "Zhang Wei | Updated: 2021-10-18",
)
LAYOUTS = {
    "below": "Ministry Cuts Fees for Carriers\n\n{0}\n\n~\n",
    "above": "{0}\n\nMinistry Cuts Fees for Carriers\n\n~\n",
    "no blank lines": "Ministry Cuts Fees for Carriers\n{0}\n~\n~\n",
    "below a summary": "Ministry Cuts Fees for Carriers\n\nTraders had long asked for it.\n\n{0}\n\n~\n",
    "with furniture": "Home\n\nNews\n\nMinistry Cuts Fees for Carriers\n\n{0}\n\nShare this article\n\n~\n",
}


def generated() -> list[tuple[str, str, dict[str, str]]]:
    rows = []
    for layout in LAYOUTS.values():
        for stamp in (*STAMPS, *ONLY_UPDATED):
            expected = {"title": "Ministry Cuts Fees for Carriers", "published": "2021-10-18"}
            if "Xinhua" in stamp:
                expected["publisher"] = "Xinhua"
            if "By Zhang Wei" in stamp:
                expected["author"] = "Zhang Wei"
            rows.append(("a.txt", layout.format(stamp).replace("~", BODY), expected))
    return rows


def described(name: str, text: str, **overrides: str) -> Metadata:
    return describe(name, read(text.encode(), name, largest=10_000_000), overrides, earliest_year=1500, today=TODAY)


def fields(found: Metadata) -> dict[str, str]:
    """What was found under the names of the table; dates to their precision."""
    values = {"title": found.title, "author": found.author, "publisher": found.publisher, "speaker": found.speaker}
    for role, field in (("publication", "published"), ("event", "event")):
        for date in found.dates:
            if date.role == role and date.is_chosen:
                assert date.date is not None
                assert date.precision is not None
                values[field] = date.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[date.precision]]
    return {field: value for field, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("name", "text", "expected"), [pytest.param(*row, id=f"{n}-{row[0]}") for n, row in enumerate(table())]
)
def test_what_an_opening_says(name: str, text: str, expected: dict[str, str]) -> None:
    assert fields(described(name, text)) == expected


@pytest.mark.parametrize(("name", "text", "expected"), generated())
def test_a_stamp_is_read_wherever_it_stands(name: str, text: str, expected: dict[str, str]) -> None:
    assert fields(described(name, text)) == expected


# -- the dates that are kept -------------------------------------------------------------------------------------------


def rows(found: Metadata) -> list[tuple[str, str, str | None, str | None]]:
    return [(d.role, d.source, d.date.isoformat() if d.date else None, d.problem) for d in found.dates]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("a.txt", f"Rules\n\n03/04/2021\n\n{BODY}", "publication header None ambiguous", id="ambiguous"),
        pytest.param("03-04-2021.txt", BODY, "publication file_name None ambiguous", id="ambiguous name"),
        pytest.param(
            "a.txt", f"Rules\n\nFebruary 30, 2021\n\n{BODY}", "publication header None impossible", id="day 30"
        ),
        pytest.param("a.txt", f"Rules\n\n2021-13-01\n\n{BODY}", "publication header None impossible", id="month 13"),
        pytest.param("a.txt", f"Rules\n\n2035-01-01\n\n{BODY}", "publication header 2035-01-01 future", id="future"),
        pytest.param("a.txt", f"Rules\n\n1 May 1304\n\n{BODY}", "publication header 1304-05-01 ancient", id="ancient"),
        pytest.param(
            "a.txt", f"Rules\n\nWUZHEN, Oct. 18 -- {BODY}", "publication dateline None no_year", id="dateline"
        ),
        pytest.param("a.txt", f"Rules\n\nThey met on October 18. {BODY}", "event opening None no_year", id="no year"),
        pytest.param(
            "a.md", f"---\ndate: in spring\n---\n{BODY}", "publication front_matter None unreadable", id="words"
        ),
        pytest.param(
            "a.md", f"---\nevent_date: 03/04/2021\n---\n{BODY}", "event front_matter None ambiguous", id="event"
        ),
        pytest.param(
            "a.txt",
            f"Rules\n\nOn October 1, 1949, the chairman announced the founding of the state. {BODY}",
            "event opening 1949-10-01 in_passing",
            id="founding",
        ),
        pytest.param(
            "a.txt",
            f"Rules\n\nThe ports joined the union on December 11, 2001, as the conference agreed. {BODY}",
            "event opening 2001-12-11 in_passing",
            id="accession",
        ),
        pytest.param(
            "a.txt",
            f"Rules\n\nThis note looks at the plan announced on 5 May 2015 and what came of it. {BODY}",
            "event opening 2015-05-05 in_passing",
            id="plan",
        ),
    ],
)
def test_what_cannot_be_believed_is_kept_with_the_reason(name: str, text: str, expected: str) -> None:
    found = described(name, text)
    assert [" ".join(map(str, row)) for row in rows(found)] == [expected]
    assert not any(date.is_chosen for date in found.dates)


@pytest.mark.parametrize(
    ("header", "day", "event"),
    [
        pytest.param("October 20, 2021", "Oct. 18", "2021-10-18", id="two days before"),
        pytest.param("October 18, 2021", "Oct. 18", "2021-10-18", id="the same day"),
        pytest.param("January 2, 2022", "Dec. 30", "2021-12-30", id="over the new year"),
        pytest.param("October 20, 2021", "Aug. 21", "2021-08-21", id="sixty days before"),
        pytest.param("October 20, 2021", "Aug. 20", None, id="sixty-one days before"),
        pytest.param("October 20, 2021", "Oct. 21", None, id="a day to come"),
        pytest.param("October 2021", "Oct. 18", None, id="publication known to the month"),
        pytest.param("March 2, 2021", "Feb. 29", None, id="no such day in that year"),
        pytest.param("March 2, 2020", "Feb. 29", "2020-02-29", id="leap day"),
        pytest.param("October 20, 2021", "June 3, 2019", None, id="history"),
        pytest.param("October 2021", "June 3, 2019", None, id="history, publication known to the month"),
        pytest.param("2021", "June 3, 2019", None, id="history, publication known to the year"),
        pytest.param("October 2021", "June 3, 2021", "2021-06-03", id="news, publication known to the month"),
        pytest.param("2021", "June 3, 2021", "2021-06-03", id="news, publication known to the year"),
    ],
)
def test_the_year_of_an_event_comes_only_from_the_report_of_it(header: str, day: str, event: str | None) -> None:
    found = described("a.txt", f"Rules for Ports\n\n{header}\n\nThe council met on {day} and agreed on this. {BODY}")
    assert fields(found).get("event") == event


@pytest.mark.parametrize(
    "opening",
    [
        "Minutes of the committee's meeting of May 18, 1993.",
        "A meeting of the committee was held in the capital on Tuesday, May 18, 1993, at noon.",
        "The minister met the envoys on May 18, 1993.",
        "On May 18, 1993, the minister spoke at the forum.",
        "The minister said at a forum on May 18, 1993 that fees would fall.",
        "The ministry announced on May 18, 1993 that fees would fall.",
        "A readout of the call on May 18, 1993 was given.",
        "The minister signed the treaty today, May 18, 1993.",
        "The forum of the ports opened in the capital on May 18, 1993.",
    ],
)
def test_the_day_of_a_documents_own_occasion_needs_no_publication(opening: str) -> None:
    assert fields(described("a.txt", f"Rules for Ports\n\n{opening} {BODY}")).get("event") == "1993-05-18"


@pytest.mark.parametrize(
    ("header", "dateline", "published", "event"),
    [
        pytest.param("2021-10-19", "Oct. 18", "2021-10-19", "2021-10-18", id="reported the day after"),
        pytest.param("2021-10-18", "Oct. 18", "2021-10-18", None, id="reported the same day"),
        pytest.param("2021-10-19", "Oct. 18, 2021", "2021-10-19", "2021-10-18", id="with its year"),
        pytest.param("2021-10-17", "Oct. 18", "2021-10-17", None, id="later than the page"),
        pytest.param("", "Oct. 18, 2021", "2021-10-18", None, id="dateline alone"),
        pytest.param("", "Oct. 18", None, None, id="dateline alone and without its year"),
    ],
)
def test_a_dateline_dates_the_report_or_what_is_reported(
    header: str, dateline: str, published: str | None, event: str | None
) -> None:
    found = fields(described("a.txt", f"Rules for Ports\n\n{header}\n\nWUZHEN, {dateline} (Xinhua) -- {BODY}"))
    assert (found.get("published"), found.get("event")) == (published, event)


def reading(text: str = BODY, **given: object) -> Reading:
    return Reading(text, "text/html", "utf-8", **given)  # type: ignore[arg-type]


def test_what_a_page_says_of_itself_goes_under_its_own_source() -> None:
    given = reading(metadata={"publication_date": "2021-10-18"}, metadata_source="html_metadata")
    found = describe("2021-10-20.html", given, {}, earliest_year=1500, today=TODAY)
    assert rows(found) == [
        ("publication", "html_metadata", "2021-10-18", None),
        ("publication", "file_name", "2021-10-20", None),
    ]
    assert [date.is_chosen for date in found.dates] == [True, False]


def test_the_properties_of_a_file_count_last() -> None:
    properties = {"title": "Scan 7", "author": "Office", "publication_date": "2024-02-01", "publisher": "Scanner"}
    alone = describe("a.pdf", reading(properties=properties), {}, earliest_year=1500, today=TODAY)
    assert fields(alone) == {"title": "Scan 7", "author": "Office", "published": "2024-02-01"}
    text = f"Rules for Ports\n\nBy Zhang Wei\n\nUpdated: October 18, 2021\n\n{BODY}"
    beside = describe("a.pdf", reading(text, properties=properties), {}, earliest_year=1500, today=TODAY)
    assert fields(beside) == {"title": "Rules for Ports", "author": "Zhang Wei", "published": "2021-10-18"}


def test_the_properties_of_a_file_complete_no_year() -> None:
    text = f"Rules for Ports\n\nThe council met on Oct. 18 and agreed on this. {BODY}"
    given = reading(text, properties={"publication_date": "2021-10-20"})
    found = describe("a.pdf", given, {}, earliest_year=1500, today=TODAY)
    assert fields(found) == {"title": "Rules for Ports", "published": "2021-10-20"}


# -- whatever the text and the machine ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "locale"), [("Pacific/Kiritimati", "zh_CN.UTF-8"), ("America/Adak", "de_DE.UTF-8")])
def test_no_time_zone_and_no_locale_changes_a_date(monkeypatch: pytest.MonkeyPatch, zone: str, locale: str) -> None:
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("LC_ALL", locale)
    time.tzset()
    text = "---\ndate: 2021-10-18T23:30:00-05:00\nevent_date: 2021-10-18T00:10:00+09:00\n---\n"
    assert fields(described("a.md", text + BODY)) == {"published": "2021-10-18", "event": "2021-10-18"}
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A" * 5_000_000, id="no space"),
        pytest.param("1" * 5_000_000, id="digits"),
        pytest.param("1 " * 2_500_000, id="numbers"),
        pytest.param("Oct. 18, " * 500_000, id="days without a year"),
        pytest.param("*" * 5_000_000, id="stars"),
        pytest.param("[" * 5_000_000, id="brackets"),
        pytest.param("A. " * 1_500_000, id="initials"),
        pytest.param(("Ministry of " + "X" * 900 + "\n\n") * 5_000, id="long lines"),
        pytest.param("Title\n" + " " * 5_000_000 + "x", id="spaces"),
        pytest.param("By " + "Aa, " * 1_000_000, id="names"),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_opening(text: str) -> None:
    begin = time.process_time()
    describe("a.txt", Reading(text, "text/plain", "utf-8"), {"language": "en"}, earliest_year=1500, today=TODAY)
    assert time.process_time() - begin < 2


PIECES = st.sampled_from(
    [
        "October 18, 2021", "18 Oct", "2021-10-18", "03/04/2021", "30 February 2020", "2021年10月18日", "\n", "\n\n", " | ",
        ": ", "By ", "Zhang Wei", "Source", "Updated", "Published", "date ", "BEIJING, ", " -- ", "(Xinhua)", "#", "**", "===",
        "(", ")", "Rules for Ports", "The council met on ", "Editor's note: ", "Photo: ", "Home > News", "’s Speech",
        "Remarks by Chair ", BODY,
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(text=TEXTS, name=st.text(max_size=30), field=st.text(max_size=30) | PIECES)
def test_any_text_name_and_field_are_described_by_what_is_written(text: str, name: str, field: str) -> None:
    given = Reading(text, "text/plain", "utf-8", metadata={"publication_date": field})
    found = describe(name + ".txt", given, {"language": "en"}, earliest_year=1500, today=TODAY)
    written = " ".join(f"{text} {name} {field}".split())
    for date in found.dates:
        assert (date.date is None) == (date.precision is None)
        assert date.date is not None or date.problem is not None
        assert not (date.is_chosen and date.problem)
        if date.source != "note" and "*" not in text and "[" not in text and "_" not in text:
            assert " ".join(date.evidence.split()) in written
    for role in ("publication", "event"):
        assert sum(date.role == role and date.is_chosen for date in found.dates) <= 1
    assert found.title is None or found.title.strip()
