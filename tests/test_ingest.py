"""Ingest: what becomes of a file's text, what the document says of itself, and which of its dates is believed."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from flows.settings import Settings
from tasks.dating import DATE_SOURCES
from tasks.ingest import (
    DateCandidate,
    DocumentText,
    IngestSettings,
    Refusal,
    SeedFile,
    Source,
    ingest,
)
from tests.conftest import query, run_corpus

BODY = (
    "The Ministry of Commerce said that trade in digital services grew again, and that forty pilot zones would open "
    "their markets, share their data with each other, and tell the State Council what they had learned from it."
)
TODAY = datetime.date(2024, 6, 30)

Record = Source | DocumentText | DateCandidate | Refusal


@pytest.fixture
def take_in(tmp_path: Path) -> Callable[..., list[Record]]:
    """Write one file and ingest it; settings by keyword."""

    def take(
        content: str | bytes, name: str = "a.txt", *, overrides: Mapping[str, str] | None = None, **changes: object
    ) -> list[Record]:
        raw = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        file = SeedFile(
            "d1", name, hashlib.sha256(raw).hexdigest(), len(raw), json.dumps(overrides) if overrides else None
        )
        settings = IngestSettings.model_validate({"folder": tmp_path, "today": TODAY, **changes})
        return list(ingest.function([file], settings))

    return take


TakeIn = Callable[..., list[Record]]


def source(records: list[Record]) -> Source:
    (found,) = (record for record in records if isinstance(record, Source))
    return found


def publication(records: list[Record]) -> tuple[str | None, str | None, str | None, float | None]:
    """The publication date of the one document, its precision, source and confidence."""
    found = source(records)
    return (
        found.publication_date.isoformat() if found.publication_date else None,
        found.publication_date_precision,
        found.publication_date_source,
        found.publication_date_confidence,
    )


def candidates(records: list[Record]) -> list[tuple[str, str | None, str | None, str, bool]]:
    return [
        (
            record.role,
            record.date.isoformat() if record.date else record.problem,
            record.precision,
            record.source,
            record.is_chosen,
        )
        for record in records
        if isinstance(record, DateCandidate)
    ]


def refusal(records: list[Record]) -> tuple[str, str]:
    (found,) = records
    assert isinstance(found, Refusal)
    return found.reason, found.detail


UNDATED = (None, None, None, None)


# -- whole documents --------------------------------------------------------------------------------------------------


def test_a_plain_text_becomes_a_document_with_its_text_and_dates(take_in: TakeIn) -> None:
    text = f"Rules for Platforms\n\nOctober 18, 2021\n\nBy Zhang Wei\n\n{BODY}\n"
    assert take_in(text, "news/a.txt") == [
        Source(
            document_id="d1",
            path="news/a.txt",
            content_sha256=hashlib.sha256(text.encode()).hexdigest(),
            text_sha256=hashlib.sha256(text.strip().encode()).hexdigest(),
            media_type="text/plain",
            encoding="utf-8",
            title="Rules for Platforms",
            publisher=None,
            author="Zhang Wei",
            speaker=None,
            language="en",
            publication_date=datetime.date(2021, 10, 18),
            publication_date_precision="day",
            publication_date_source="header",
            publication_date_confidence=0.85,
            event_date=None,
            event_date_precision=None,
        ),
        DocumentText("d1", text, 0),
        DateCandidate(
            "d1", "publication", datetime.date(2021, 10, 18), "day", "header", "October 18, 2021", None, is_chosen=True
        ),
    ]


def test_a_markdown_file_becomes_a_document_whose_body_starts_behind_the_front_matter(take_in: TakeIn) -> None:
    text = (
        "---\ntitle: Rules\npublisher: Press\nauthors: [Zhang Wei, Li Min]\nspeaker: Li Min\nlanguage: en\n"
        f"date: 2021-10-18\nevent_date: 2021-10-17\n---\n# Rules for Platforms\n\n{BODY}\n"
    )
    assert take_in(text, "a.md") == [
        Source(
            document_id="d1",
            path="a.md",
            content_sha256=hashlib.sha256(text.encode()).hexdigest(),
            text_sha256=hashlib.sha256(text[text.index("# Rules") :].strip().encode()).hexdigest(),
            media_type="text/markdown",
            encoding="utf-8",
            title="Rules",
            publisher="Press",
            author="Zhang Wei, Li Min",
            speaker="Li Min",
            language="en",
            publication_date=datetime.date(2021, 10, 18),
            publication_date_precision="day",
            publication_date_source="front_matter",
            publication_date_confidence=0.95,
            event_date=datetime.date(2021, 10, 17),
            event_date_precision="day",
        ),
        DocumentText("d1", text, text.index("# Rules")),
        DateCandidate(
            "d1", "publication", datetime.date(2021, 10, 18), "day", "front_matter", "2021-10-18", None, is_chosen=True
        ),
        DateCandidate(
            "d1", "event", datetime.date(2021, 10, 17), "day", "front_matter", "2021-10-17", None, is_chosen=True
        ),
    ]


def test_the_text_kept_is_the_text_that_was_decoded(take_in: TakeIn) -> None:
    content = f"Rules for Cafe\u0301s\r\n\r\n{BODY}\x00\r\n".encode("utf-16")
    records = take_in(content)
    assert [record for record in records if isinstance(record, DocumentText)] == [
        DocumentText("d1", f"Rules for Cafés\n\n{BODY}\n", 0)
    ]
    assert source(records).encoding == "utf-16"


@pytest.mark.parametrize(
    ("content", "is_same"),
    [
        pytest.param(f"Cafés\r\n\r\n{BODY}".encode("utf-16"), True, id="another encoding and line end"),
        pytest.param(f"Cafe\u0301s\n\n{BODY}".encode(), True, id="another Unicode form"),
        pytest.param(f"\n\nCafés \n\t\n{BODY}\n\n".encode(), True, id="space at the ends"),
        pytest.param(f"cafés\n\n{BODY}".encode(), False, id="another case"),
        pytest.param(f"Cafés\n{BODY}".encode(), False, id="a blank line less"),
    ],
)
def test_the_digest_of_a_text_is_that_of_what_is_read(take_in: TakeIn, content: bytes, is_same: bool) -> None:
    first = source(take_in(f"Cafés\n\n{BODY}\n"))
    assert (source(take_in(content)).text_sha256 == first.text_sha256) is is_same


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    contents = {"bad.txt": b"\x00" * 90, "good.txt": BODY.encode()}
    files = []
    for number, (name, content) in enumerate(contents.items()):
        (tmp_path / name).write_bytes(content)
        files.append(SeedFile(f"d{number}", name, hashlib.sha256(content).hexdigest(), len(content), None))
    records = list(ingest.function(files, IngestSettings(folder=tmp_path, today=TODAY)))
    assert [(type(record).__name__, record.document_id) for record in records] == [
        ("Refusal", "d0"),
        ("Source", "d1"),
        ("DocumentText", "d1"),
    ]


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param("a.txt", "", ("empty", "the file holds no text"), id="no bytes"),
        pytest.param("a.txt", "\ufeff \n", ("empty", "the file holds no text"), id="a byte-order mark alone"),
        pytest.param("a.md", "---\ntitle: A\n---\n", ("empty", "the file holds no text"), id="front matter alone"),
        pytest.param("a.txt", "One", ("too_short", "1 word; ingest.fewest_words asks for 5"), id="one word"),
        pytest.param(
            "a.txt", "Four words are few", ("too_short", "4 words; ingest.fewest_words asks for 5"), id="four words"
        ),
        pytest.param(
            "a.md",
            "---\ntitle: words of front matter do not count\n---\nOne two three.",
            ("too_short", "3 words; ingest.fewest_words asks for 5"),
            id="only the body counts",
        ),
        pytest.param(
            "a.md",
            "---\ntitle: A: B\n---\n" + BODY,
            ("bad_front_matter", "the front matter is not valid YAML in line 2"),
            id="bad front matter",
        ),
        pytest.param(
            "a.txt",
            b"\x00\x01\x02" * 90,
            ("not_text", "the file is binary: too many control characters for a text"),
            id="binary",
        ),
    ],
)
def test_a_file_without_a_document_in_it_is_refused(
    take_in: TakeIn, name: str, content: str | bytes, expected: tuple[str, str]
) -> None:
    assert take_in(content, name) == [Refusal("d1", name, *expected)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(
            "Die Regierung hat beschlossen, dass die digitale Wirtschaft wächst und dass alle Unternehmen Daten teilen.",
            "de",
            id="German",
        ),
        pytest.param(
            "Le gouvernement a décidé que l'économie devait croître et que les entreprises partageraient leurs données.",
            "fr",
            id="French",
        ),
        pytest.param(
            "数字经济 是 主要 经济 形态，数据 资源 是 关键 要素，各地 要 建设 公共 数据 平台。", "zh", id="Chinese"
        ),
    ],
)
def test_a_text_in_another_language_is_refused(take_in: TakeIn, text: str, code: str) -> None:
    assert refusal(take_in(text)) == (
        "unsupported_language",
        f"the text is in {code!r}; ingest.languages allows en",
    )


def test_a_file_that_changed_since_the_scan_is_left_to_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY)
    file = SeedFile("d1", "a.txt", hashlib.sha256(b"as it was").hexdigest(), 9, None)
    assert list(ingest.function([file], IngestSettings(folder=tmp_path))) == [
        Refusal("d1", "a.txt", "unstable", "the file changed while it was read; the next run takes it")
    ]


def test_a_file_that_has_gone_since_the_scan_is_refused(tmp_path: Path) -> None:
    file = SeedFile("d1", "a.txt", "0" * 64, 1, None)
    assert list(ingest.function([file], IngestSettings(folder=tmp_path))) == [
        Refusal("d1", "a.txt", "unreadable", "the file cannot be opened: No such file or directory")
    ]


def test_a_month_in_old_type_stops_nothing(take_in: TakeIn) -> None:
    assert source(take_in(f"A Treaty of Trade\n\nAuguſt 1, 1776\n\n{BODY}")).title == "A Treaty of Trade"


# -- what a document says of itself -----------------------------------------------------------------------------------


def test_the_analyst_overrides_front_matter_and_front_matter_overrides_the_header(take_in: TakeIn) -> None:
    text = (
        "---\ntitle: By front matter\nauthor: Front Matter\n---\n"
        f"date 2021-10-18 Header Press: By header\n\nBy Header Writer\n\n{BODY}"
    )
    found = source(take_in(text, "a.md", overrides={"title": "By the analyst"}))
    assert (found.title, found.author, found.publisher) == ("By the analyst", "Front Matter", "Header Press")


def test_every_field_can_be_overridden(take_in: TakeIn) -> None:
    overrides = {
        "title": "T",
        "publisher": "P",
        "author": "A",
        "speaker": "S",
        "language": "en",
        "publication_date": "2020-05",
        "event_date": "2020-04",
    }
    found = source(take_in("Die Regierung hat heute beschlossen, dass alle Unternehmen teilen.", overrides=overrides))
    assert {field: getattr(found, field) for field in overrides} == {
        **overrides,
        "publication_date": datetime.date(2020, 5, 1),
        "event_date": datetime.date(2020, 4, 1),
    }
    assert (found.publication_date_precision, found.event_date_precision) == ("month", "month")


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        pytest.param("Zhang Wei’s Speech at the Trade Forum", "Zhang Wei", id="speech"),
        pytest.param("President Zhang Wei's Remarks on Trade", "Zhang Wei", id="office before the name"),
        pytest.param("Full Text: Zhang Wei's Keynote", "Zhang Wei", id="words before a colon"),
        pytest.param("Zhang Wei‘s Written Statement", "Zhang Wei", id="a mark the wrong way round"),
        pytest.param("Zhang Wei on Trade", None, id="no word for a speech"),
        pytest.param("The Port Authority's Report", None, id="an institution"),
        pytest.param("Zhang's Speech", None, id="a surname alone"),
        pytest.param("Speech on Trade", None, id="no name"),
    ],
)
def test_the_speaker_is_read_from_the_title(take_in: TakeIn, title: str, speaker: str | None) -> None:
    found = source(take_in(f"{title}\n\n{BODY}"))
    assert (found.title, found.speaker) == (title, speaker)


def test_a_stated_speaker_goes_before_the_one_in_the_title(take_in: TakeIn) -> None:
    text = f"---\nspeaker: Li Min\n---\nZhang Wei’s Speech at the Forum\n\n{BODY}"
    assert source(take_in(text, "a.md")).speaker == "Li Min"


@pytest.mark.parametrize("written", ["en-GB", "en_US", "EN", "English", "eng", "British"])
def test_a_language_may_be_written_as_a_code_or_by_its_name_and_is_else_found_out(
    take_in: TakeIn, written: str
) -> None:
    assert source(take_in(f"---\nlang: {written}\n---\n{BODY}", "a.md")).language == "en"


def test_furniture_above_the_title_is_no_title(take_in: TakeIn) -> None:
    assert source(take_in(f"Share this article\n\nRules for Platforms\n\n{BODY}")).title == "Rules for Platforms"


# -- dates ------------------------------------------------------------------------------------------------------------

HEADER_DATE = f"Rules for Platforms\n\nOctober 18, 2021\n\n{BODY}"
DATELINE = f"Rules for Platforms\n\nWUZHEN, October 18, 2021 (Example News) -- {BODY}"


@pytest.mark.parametrize(
    ("name", "text", "overrides", "expected"),
    [
        pytest.param(
            "a.txt",
            BODY,
            {"publication_date": "2021-10-18"},
            ("2021-10-18", "day", "_documents.csv", 1.0),
            id="the analyst",
        ),
        pytest.param(
            "a.md",
            f"---\ndate: 2021-10-18\n---\n{BODY}",
            None,
            ("2021-10-18", "day", "front_matter", 0.95),
            id="front matter",
        ),
        pytest.param("2021-10-18-rules.txt", BODY, None, ("2021-10-18", "day", "file_name", 0.9), id="file name"),
        pytest.param(
            "rules_20211018.txt", BODY, None, ("2021-10-18", "day", "file_name", 0.9), id="file name, compact"
        ),
        pytest.param(
            "rules_2021_10_18.txt", BODY, None, ("2021-10-18", "day", "file_name", 0.9), id="file name, underscores"
        ),
        pytest.param("a.txt", HEADER_DATE, None, ("2021-10-18", "day", "header", 0.85), id="header"),
        pytest.param("a.txt", DATELINE, None, ("2021-10-18", "day", "dateline", 0.75), id="dateline"),
        pytest.param("a.txt", f"Rules\n\n{BODY}", None, UNDATED, id="nothing states a date"),
    ],
)
def test_each_source_of_a_publication_date(
    take_in: TakeIn, name: str, text: str, overrides: dict[str, str] | None, expected: tuple[object, ...]
) -> None:
    assert publication(take_in(text, name, overrides=overrides)) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "1999-annual-report.txt", BODY, ("1999-01-01", "year", "file_name", 0.9), id="year in a file name"
        ),
        pytest.param("report 2019-07.txt", BODY, ("2019-07-01", "month", "file_name", 0.9), id="month in a file name"),
        pytest.param(
            "a.txt", f"Rules\n\nOctober 2021\n\n{BODY}", ("2021-10-01", "month", "header", 0.85), id="month in a header"
        ),
        pytest.param(
            "a.txt", f"Rules\n\n2021\n\n{BODY}", ("2021-01-01", "year", "header", 0.85), id="year in a header"
        ),
        pytest.param(
            "a.txt", f"Rules\n\nWUZHEN, October 18 (Example News) -- {BODY}", UNDATED, id="a dateline without a year"
        ),
        pytest.param("a.txt", f"Rules\n\nWUZHEN, October 2021 -- {BODY}", UNDATED, id="a dateline without a day"),
        pytest.param("2035-vision.txt", BODY, UNDATED, id="what a plan aims at"),
        pytest.param("a.txt", f"Rules\n\n03/04/2021\n\n{BODY}", UNDATED, id="day and month may be either"),
        pytest.param("a.txt", f"Rules\n\nFebruary 30, 2021\n\n{BODY}", UNDATED, id="no such day"),
    ],
)
def test_a_date_is_no_more_precise_than_it_is_stated(
    take_in: TakeIn, name: str, text: str, expected: tuple[object, ...]
) -> None:
    assert publication(take_in(text, name)) == expected


def test_the_time_stamp_of_the_file_dates_nothing(take_in: TakeIn) -> None:
    assert candidates(take_in(BODY, today=datetime.date(9999, 12, 31))) == []


def test_the_best_source_is_chosen_and_the_others_are_kept(take_in: TakeIn) -> None:
    text = f"---\ndate: 2021-10-02\n---\nRules\n\nOctober 4, 2021\n\nWUZHEN, October 5, 2021 -- {BODY}"
    records = take_in(text, "2021-10-03.md", overrides={"publication_date": "2021-10-01"})
    assert [entry for entry in candidates(records) if entry[0] == "publication"] == [
        ("publication", "2021-10-01", "day", "_documents.csv", True),
        ("publication", "2021-10-02", "day", "front_matter", False),
        ("publication", "2021-10-03", "day", "file_name", False),
        ("publication", "2021-10-04", "day", "header", False),
        ("publication", "2021-10-05", "day", "dateline", False),
    ]
    assert publication(records) == ("2021-10-01", "day", "_documents.csv", 0.8)
    ranked = [source for source in DATE_SOURCES if source != "html_metadata"]
    assert ranked[:5] == [entry[3] for entry in candidates(records) if entry[0] == "publication"]


@pytest.mark.parametrize(
    ("name", "header", "expected"),
    [
        pytest.param("2021-10.txt", "October 18, 2021", ("2021-10-18", "day", "header", 0.85), id="day of the month"),
        pytest.param("2021.txt", "October 18, 2021", ("2021-10-18", "day", "header", 0.85), id="day of the year"),
        pytest.param("2021.txt", "October 2021", ("2021-10-01", "month", "header", 0.85), id="month of the year"),
        pytest.param("2021-10.txt", "2021", ("2021-10-01", "month", "file_name", 0.9), id="a year adds nothing"),
        pytest.param(
            "2021-10.txt", "November 18, 2021", ("2021-10-01", "month", "file_name", 0.7), id="day of another month"
        ),
        pytest.param(
            "2020.txt", "November 18, 2021", ("2020-01-01", "year", "file_name", 0.7), id="day of another year"
        ),
        pytest.param("2021-10-18.txt", "October 18, 2021", ("2021-10-18", "day", "file_name", 0.9), id="the same day"),
        pytest.param(
            "2021-10-18.txt", "October 2021", ("2021-10-18", "day", "file_name", 0.9), id="the month of the day"
        ),
        pytest.param("2021-10-18.txt", "October 19, 2021", ("2021-10-18", "day", "file_name", 0.7), id="another day"),
    ],
)
def test_a_worse_source_may_refine_a_date_but_not_change_it(
    take_in: TakeIn, name: str, header: str, expected: tuple[object, ...]
) -> None:
    records = take_in(f"Rules for Platforms\n\n{header}\n\n{BODY}", name)
    assert publication(records) == expected
    assert [entry[4] for entry in candidates(records)].count(True) == 1


@pytest.mark.parametrize(
    ("second", "confidence"),
    [
        pytest.param("October 20, 2021", 0.65, id="dated twice"),
        pytest.param("Updated: October 20, 2021", 0.85, id="changed"),
    ],
)
def test_two_dates_in_the_header_make_the_first_less_certain(take_in: TakeIn, second: str, confidence: float) -> None:
    records = take_in(f"Rules\n\nOctober 18, 2021\n\n{second}\n\n{BODY}")
    assert publication(records) == ("2021-10-18", "day", "header", confidence)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        pytest.param({"publication_date": "2024-07-01"}, ("2021-10-18", "day", "header", 0.85), id="tomorrow"),
        pytest.param({"publication_date": "2024-06-30"}, ("2024-06-30", "day", "_documents.csv", 0.8), id="today"),
        pytest.param({"publication_date": "1499-12-31"}, ("2021-10-18", "day", "header", 0.85), id="too long ago"),
        pytest.param(
            {"publication_date": "2021"}, ("2021-01-01", "year", "_documents.csv", 1.0), id="no more than a year"
        ),
        pytest.param({"publication_date": "1500"}, ("1500-01-01", "year", "_documents.csv", 0.8), id="just believable"),
    ],
)
def test_a_date_in_the_future_or_too_long_ago_is_not_believed(
    take_in: TakeIn, overrides: dict[str, str], expected: tuple[object, ...]
) -> None:
    assert publication(take_in(HEADER_DATE, overrides=overrides)) == expected


def test_a_date_to_come_is_kept_as_a_candidate_and_not_chosen(take_in: TakeIn) -> None:
    records = take_in(f"Vision\n\nOctober 18, 2035\n\n{BODY}", "2035-digest.txt")
    assert publication(records) == UNDATED
    assert candidates(records) == [
        ("publication", "2035-01-01", "year", "file_name", False),
        ("publication", "2035-10-18", "day", "header", False),
    ]


# -- the date of the event --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"Rules\n\nThe leaders of the forum met in the city on October 18, 2021 and agreed. {BODY}",
            [("event", "2021-10-18", "day", "opening", True)],
            id="on a day",
        ),
        pytest.param(
            f"Speech at the Forum of October 18, 2021\n\n{BODY}",
            [("event", "2021-10-18", "day", "title", True)],
            id="in the title",
        ),
        pytest.param(
            f"Rules\n\nThe leaders of the forum met in the city in October 2021 and then agreed. {BODY}",
            [],
            id="a month is no day",
        ),
        pytest.param(
            f"Rules\n\n{'The leaders of the forum spoke. ' * 12} They met on October 18, 2021 again.",
            [],
            id="far from the opening",
        ),
        pytest.param(
            f"Rules\n\n(June 3, 2020) The group met on July 4, 2021 and agreed on the rules of trade. {BODY}",
            [("event", "2021-07-04", "day", "opening", True)],
            id="another date shortly before",
        ),
    ],
)
def test_the_date_of_the_event_is_no_publication_date(
    take_in: TakeIn, text: str, expected: list[tuple[object, ...]]
) -> None:
    records = take_in(text)
    assert candidates(records) == expected
    assert publication(records) == UNDATED
    assert source(records).event_date == (datetime.date.fromisoformat(str(expected[0][1])) if expected else None)


def test_no_day_is_invented_for_the_event(take_in: TakeIn) -> None:
    """A year in a title may be that of what is reported or of the report: it does not become the first of January."""
    assert source(take_in(f"Work Report for 2020\n\n{BODY}")).event_date is None


# -- the effect of each setting ---------------------------------------------------------------------------------------


def test_folder_is_where_paths_begin(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.txt").write_text(BODY)
    file = SeedFile("d1", "a.txt", hashlib.sha256(BODY.encode()).hexdigest(), len(BODY), None)

    def kinds(folder: Path) -> list[str]:
        return [type(record).__name__ for record in ingest.function([file], IngestSettings(folder=folder))]

    assert kinds(tmp_path / "below") == ["Source", "DocumentText"]
    assert kinds(tmp_path) == ["Refusal"]


@pytest.mark.parametrize(("today", "date"), [("2021-10-17", None), ("2021-10-18", "2021-10-18")])
def test_today_is_the_last_day_that_is_believed(take_in: TakeIn, today: str, date: str | None) -> None:
    assert publication(take_in(HEADER_DATE, today=today))[0] == date


def test_today_is_the_day_of_the_run_unless_set() -> None:
    before = datetime.datetime.now(datetime.UTC).date()
    assert before <= IngestSettings().today <= datetime.datetime.now(datetime.UTC).date()


@pytest.mark.parametrize(("year", "date"), [(2022, None), (2021, "2021-10-18")])
def test_earliest_year_is_the_first_that_is_believed(take_in: TakeIn, year: int, date: str | None) -> None:
    assert publication(take_in(HEADER_DATE, earliest_year=year))[0] == date


@pytest.mark.parametrize(("fewest", "taken"), [(0, True), (6, True), (7, False)])
def test_fewest_words(take_in: TakeIn, fewest: int, taken: bool) -> None:
    records = take_in("The ports will share their data.", fewest_words=fewest)
    assert isinstance(records[0], Source) is taken


def test_fewest_words_of_none_still_refuses_an_empty_file(take_in: TakeIn) -> None:
    assert refusal(take_in(" \n", fewest_words=0))[0] == "empty"


@pytest.mark.parametrize(
    ("languages", "expected"),
    [(("en",), "unsupported_language"), (("en", "de"), "de"), (("de",), "de"), (("fr",), "unsupported_language")],
)
def test_languages(take_in: TakeIn, languages: tuple[str, ...], expected: str) -> None:
    text = "Die Regierung hat beschlossen, dass die digitale Wirtschaft wächst und dass alle ihre Daten teilen."
    (first, *_) = take_in(text, languages=languages)
    assert (first.reason if isinstance(first, Refusal) else source([first]).language) == expected


def test_largest_file_keeps_a_larger_one_out_of_the_warehouse(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(ingest={"largest_file": 300})
    (settings.seeds / "small.txt").write_text(BODY)
    (settings.seeds / "large.txt").write_text(f"{BODY} {BODY}")
    run_corpus(settings)
    assert query(settings, "select path from documents") == [("small.txt",)]
    assert query(settings, "select path, reason from rejections") == [("large.txt", "too_large")]
