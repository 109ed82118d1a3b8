"""A folder full of nasty files: each has the outcome that it is to have, and none keeps the others from being read."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from flows import display
from flows.execution import execute
from flows.intake import Options
from flows.refresh import StageRun
from flows.run import Run, Summary, open_run
from flows.settings import Settings, load_settings
from flows.stages import STAGES
from flows.status import show_status
from tasks.stage import Stage
from tests.conftest import document, query, quick, run_corpus
from tests.hostile import essay, page_content, pdf, stream
from tests.hostile_cases import CASES, HAZARDS, LEAK, SECRET, Case
from warehouse.paths import private_file

# Control characters, changes of direction, lone surrogates.
UNSEEN = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
READING = tuple(
    stage for stage in STAGES if stage.name in ("ingest", "clean", "similarity")
)  # what an outcome rests on

ALONE = {"workers": 1}  # no other processes annotate meanwhile what is only to be read


class OverrunError(BaseException):
    """Something takes far longer than it may: no handler of errors in the program is to catch this."""


@contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """Fail, rather than hang, where the block takes too long."""

    def stop(_: int, frame: FrameType | None) -> None:
        where = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "nowhere"
        raise OverrunError(f"not done after {seconds} s, in {where}")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_folder(settings: Settings, meanwhile: Callable[[], object] = lambda: None) -> dict[str, int]:
    """Run the stages that read files, and say how many each has processed; `meanwhile` comes behind the scan."""

    def reading(_: Run, do_stage: Callable[[Stage], StageRun], __: Callable[[], Path]) -> None:
        for stage in READING:
            do_stage(stage)

    with open_run(settings, Options()) as run:
        meanwhile()
        summary = execute(run, reading, lambda *_: None)
    return {stage.stage: stage.processed for stage in summary.stages}


def rows(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement on the warehouse that is not published yet."""
    with duckdb.connect(str(private_file(settings.warehouse)), read_only=True) as connection:
        return connection.execute(statement).fetchall()


OUTCOMES = """
select path, status || ' ' || reason, detail from rejections
union all
select path, if(duplicate_of is null, 'ingested', 'duplicate same_text'), '' from documents where word_count > 0
"""


def outcomes(settings: Settings) -> dict[str, list[tuple[str, str]]]:
    """The outcomes of each path, which are to be one, with its sentence."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, outcome, detail in rows(settings, OUTCOMES):
        found.setdefault(path, []).append((outcome, detail))
    return found


def outcome_of(settings: Settings, path: str) -> str:
    """The one outcome of a path."""
    ((outcome, _),) = outcomes(settings)[path]
    return outcome


def everything_said(settings: Settings) -> str:
    """Every text in every table and view of the warehouse."""
    with duckdb.connect(str(private_file(settings.warehouse)), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and data_type = 'VARCHAR' order by all"
        ).fetchall()
        return "\n".join(
            str(value)
            for schema, table, column in columns
            for (value,) in connection.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
        )


def lay_out(cases: Sequence[Case], seeds: Path) -> None:
    """Make the files of some cases, each about a topic of its own."""
    for number, case in enumerate(cases):
        path = seeds / case.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if case.place is not None:
            case.place(path)
            continue
        content = case.make(topic(number))
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def topic(number: int) -> str:
    return f"quota {number:03d} of barley"


def listed(seeds: Path) -> Counter[str]:
    """The paths that must have an outcome: files of any kind, and folders that are not entered."""
    found: Counter[str] = Counter()
    for folder, folders, files in os.walk(seeds):
        closed = [name for name in folders if name.startswith((".", "_")) or (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in closed]
        for name in (*files, *closed):
            path = os.fsencode((Path(folder) / name).relative_to(seeds))
            found[path.decode("utf-8", "backslashreplace")] += 1
    return found


@pytest.fixture(scope="module")
def settled(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A folder with all cases, read once."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "seeds").mkdir()
    (root / "secret.txt").write_text(SECRET, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, deadline(180):
        patch.chdir(root)
        lay_out(CASES, root / "seeds")
        settings = load_settings(seeds=root / "seeds", warehouse=root / "warehouse", **quick(toy_model, annotate=ALONE))
        read_folder(settings)
        yield settings


@dataclass(frozen=True)
class Found:
    """What the warehouse holds after the one run on all cases."""

    outcomes: dict[str, list[tuple[str, str]]]
    documents: dict[str, dict[str, Any]]
    texts: dict[str, str]


@pytest.fixture(scope="module")
def found(settled: Settings) -> Found:
    """What the run on all cases found."""
    columns = [name for (name,) in rows(settled, "select column_name from (describe documents)")]
    documents = [dict(zip(columns, row, strict=True)) for row in rows(settled, "select * from documents")]
    texts = rows(
        settled,
        "select path, string_agg(text, ' ' order by position) from passages join documents using (document_id) "
        "where kind <> 'boilerplate' group by path",
    )
    return Found(
        outcomes(settled),
        {document["path"]: document for document in documents},
        {path: " ".join(text.split()) for path, text in texts},
    )


# -- each file by itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "case"),
    [pytest.param(number, case, id=ascii(case.name)[1:-1][:60]) for number, case in enumerate(CASES)],
)
def test_a_file_has_its_outcome(number: int, case: Case, found: Found) -> None:
    path = case.shown or case.name
    assert path in found.outcomes
    ((outcome, detail),) = found.outcomes[path]
    assert outcome in case.outcome.split(" or "), detail
    if outcome != "ingested":
        assert case.detail in detail.casefold()
        assert detail or outcome == "duplicate same_text"
        return
    text = found.texts[path]
    if case.make("x") != case.make("y"):  # the file is about its topic
        for sentence in (f"the rules on {topic(number)} would be eased", "money was needed before the harvest."):
            assert text.count(sentence) == 1
    assert [part for part in case.holds if text.count(part) != 1] == []
    assert [part for part in case.lacks if part in text] == []
    document = found.documents[path]
    assert {column: document[column] for column in case.described} == dict(case.described)


# -- the folder as a whole --------------------------------------------------------------------------------------------


def test_every_path_has_exactly_one_outcome(settled: Settings, found: Found) -> None:
    assert Counter({path: len(each) for path, each in found.outcomes.items()}) == listed(settled.seeds)


def test_duplicates_name_the_document_that_stands_for_them(found: Found) -> None:
    first = found.documents["same/bytes/1.txt"]["document_id"]
    for path in ("same/bytes/2.txt", "same/bytes/3.txt"):
        ((_, detail),) = found.outcomes[path]
        assert first in detail
        assert "same/bytes/1.txt" in detail
    for pair in ("lines", "mark", "form"):
        of = found.documents[f"same/{pair}/2.txt"]["duplicate_of"]
        assert of == found.documents[f"same/{pair}/1.txt"]["document_id"]


def test_nothing_from_outside_the_folder_is_in_the_warehouse(settled: Settings) -> None:
    said = everything_said(settled)
    assert topic(0) in said
    assert SECRET not in said
    assert LEAK not in said


def test_nothing_was_executed_or_written_elsewhere(settled: Settings) -> None:
    root = settled.seeds.parent
    assert sorted(path.name for path in root.iterdir()) == ["secret.txt", "seeds", "warehouse"]
    assert [path for path in root.parent.rglob("escaped.txt") if "hostile" in str(path)] == []


def test_nothing_that_moves_a_cursor_or_hides_is_in_texts_and_descriptions(found: Found) -> None:
    described = {
        (path, column): document[column]
        for path, document in found.documents.items()
        for column in ("title", "publisher", "author", "speaker")
    }
    unseen = re.compile(UNSEEN)
    assert [where for where, text in described.items() if text and unseen.search(text)] == []
    assert [path for path, text in found.texts.items() if unseen.search(text)] == []


def test_a_second_run_finds_nothing_to_read(settled: Settings, found: Found) -> None:
    assert read_folder(settled) == dict.fromkeys((stage.name for stage in READING), 0)
    assert outcomes(settled) == found.outcomes


# -- texts that make a careless program slow --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hazards(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A folder with texts that could take for ever, read within two minutes even where the machine is busy."""
    root = tmp_path_factory.mktemp("hazards")
    (root / "seeds").mkdir()
    for name, text in HAZARDS.items():
        ending = text if len(text) < 1_000_000 else ""
        content = f"---\nlanguage: en\n---\n{text}\n\n{essay(name)}\n{ending}\n"
        (root / "seeds" / f"{name}.md").write_text(content, encoding="utf-8")
    line = essay("one endless line").replace("\n", " ")
    (root / "seeds" / "endless.txt").write_text((line * (20_000_000 // len(line) + 1))[:19_999_999], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        settings = load_settings(seeds=root / "seeds", warehouse=root / "warehouse", **quick(toy_model, annotate=ALONE))
        with deadline(120):
            read_folder(settings)
        yield settings


@pytest.mark.parametrize("name", [*(f"{name}.md" for name in HAZARDS), "endless.txt"])
def test_a_text_that_could_take_for_ever_is_read_in_time(hazards: Settings, name: str) -> None:
    assert outcome_of(hazards, name) == "ingested"


# -- files that change ------------------------------------------------------------------------------------------------


def put(settings: Settings, name: str, content: str | bytes) -> Path:
    path = settings.seeds / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_file_that_grows_while_it_is_read_is_taken_in_later(settings: Settings) -> None:
    path = put(settings, "a.txt", essay("growth"))
    put(settings, "b.txt", essay("rest"))
    is_over = threading.Event()

    def grow() -> None:
        while not is_over.wait(0.001):
            with path.open("a", encoding="utf-8") as file:
                file.write("And one line more.\n")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        read_folder(settings)
    finally:
        is_over.set()
        writer.join()
    assert outcomes(settings).keys() == {"a.txt", "b.txt"}
    assert (outcome_of(settings, "a.txt"), outcome_of(settings, "b.txt")) == ("quarantined unstable", "ingested")
    read_folder(settings)
    assert outcome_of(settings, "a.txt") == "ingested"


def _delete(path: Path) -> None:
    path.unlink()


def _replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _replace_by_link(path: Path) -> None:
    outside = path.parent.parent / "outside.txt"
    path.rename(outside)  # the same bytes, but outside the folder
    path.symlink_to(outside)


def _truncate(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("change", "reasons", "later"),
    [
        pytest.param(_delete, {"unreadable", "unstable"}, None, id="deleted"),
        pytest.param(_truncate, {"unstable"}, "quarantined empty", id="truncated"),
        pytest.param(_replace_by_pipe, {"unreadable", "unstable", "not_a_file"}, "skipped not_a_file", id="a pipe"),
        pytest.param(_replace_by_folder, {"unreadable", "unstable", "not_a_file"}, None, id="a folder"),
        pytest.param(_replace_by_link, {"unreadable", "unstable", "symlink"}, "skipped symlink", id="a link"),
    ],
)
def test_a_file_that_changes_between_scan_and_reading_stops_nothing(
    settings: Settings, change: Callable[[Path], None], reasons: set[str], later: str | None
) -> None:
    path = put(settings, "a.txt", essay("change"))
    put(settings, "b.txt", essay("rest"))
    with deadline(30):
        read_folder(settings, lambda: change(path))
        assert outcome_of(settings, "a.txt").split()[-1] in reasons
        assert outcome_of(settings, "b.txt") == "ingested"
        read_folder(settings)
    assert [outcome for outcome, _ in outcomes(settings).get("a.txt", [])] == ([later] if later else [])


@pytest.mark.parametrize(
    ("bad", "reason", "good"),
    [
        pytest.param(b"", "empty", essay("repair").encode(), id="empty"),
        pytest.param(b"%PDF-1.4\n", "corrupt", pdf(page_content("Five words and some more on repairs.")), id="pdf"),
        pytest.param(b"---\na: b: c\n---\n", "bad_front_matter", essay("repair").encode(), id="front matter"),
    ],
)
def test_a_file_that_is_repaired_comes_in_on_the_next_run(
    settings: Settings, bad: bytes, reason: str, good: bytes
) -> None:
    put(settings, "a.md", bad)
    read_folder(settings)
    assert outcome_of(settings, "a.md") == f"quarantined {reason}"
    put(settings, "a.md", good)
    read_folder(settings)
    assert outcome_of(settings, "a.md") == "ingested"


def test_a_file_that_may_not_be_read_comes_in_when_it_may(settings: Settings) -> None:
    path = put(settings, "a.txt", essay("permission"))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    read_folder(settings)
    assert outcome_of(settings, "a.txt") == "quarantined unreadable"
    path.chmod(0o600)
    read_folder(settings)
    assert outcome_of(settings, "a.txt") == "ingested"


def test_a_reader_that_takes_too_long_is_stopped(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(ingest={"longest_read": 2})
    # Each form draws the next ten times, so that the page holds 10^12 of the last.
    forms = {
        90_000 + level: stream(
            f"/X{level + 1} Do ".encode() * 10 if level < 12 else page_content("end"),
            f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> "
            f"/XObject << /X{level + 1} {90_001 + level} 0 R >> >>",
        )
        for level in range(13)
    }
    put(settings, "slow.pdf", pdf(b"/X0 Do", resources="/XObject << /X0 90000 0 R >>", objects=forms))
    put(settings, "b.txt", essay("rest"))
    with deadline(60):
        read_folder(settings)
    assert outcome_of(settings, "slow.pdf") == "quarantined too_slow"
    assert outcome_of(settings, "b.txt") == "ingested"


def test_a_file_above_the_limit_is_not_read(settings: Settings) -> None:
    put(settings, "a.txt", essay("size") * 70_000)
    put(settings, "b.pdf", b"%PDF-1.4\n" + bytes(20_000_000))
    os.truncate(put(settings, "c.txt", essay("nothing")), 10**11)  # takes no room on the disk
    read_folder(settings)
    assert {path: outcome for path, ((outcome, _),) in outcomes(settings).items()} == dict.fromkeys(
        ("a.txt", "b.pdf", "c.txt"), "quarantined too_large"
    )


def test_a_folder_of_any_depth_stops_nothing(settings: Settings) -> None:
    put(settings, "a.txt", essay("depth"))
    folders = [settings.seeds]
    for _ in range(1200):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    (folders[-1] / "b.txt").write_text(essay("the deep"), encoding="utf-8")
    try:
        read_folder(settings)
        assert outcome_of(settings, "a.txt") == "ingested"
        assert len(outcomes(settings)) == 2
    finally:
        (folders[-1] / "b.txt").unlink()
        for folder in reversed(folders[1:]):
            folder.rmdir()


def test_names_that_are_shown_alike_are_files_of_their_own(settings: Settings) -> None:
    put(settings, "caf\udce9.txt", essay("raw bytes"))
    put(settings, "caf\\xe9.txt", essay("a backslash"))
    read_folder(settings)
    found = outcomes(settings)
    assert sum(map(len, found.values())) == 2
    assert {each for path in found for each, _ in found[path]} == {"ingested"}


# -- a whole run ------------------------------------------------------------------------------------------------------

_KINDS = ("names/", "special/", "skipped/", "front/", "same/", "dates/", "text/")
SHOWN_BADLY = "bad \x1b[31mred\x9b \u202egnp \u061c \n.txt"


@pytest.fixture(scope="module")
def published(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Summary]:
    """Good documents among bad files, taken through all stages and published."""
    root = tmp_path_factory.mktemp("published")
    (root / "seeds").mkdir()
    lay_out([case for case in CASES if case.name.startswith(_KINDS)], root / "seeds")
    for number in range(6):
        (root / "seeds" / f"{number}.txt").write_text(document(number, year=2016 + number), encoding="utf-8")
    (root / "seeds" / SHOWN_BADLY).write_text("Too short.", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, deadline(120):
        patch.chdir(root)
        settings = load_settings(seeds=root / "seeds", warehouse=root / "warehouse", **quick(toy_model, annotate=ALONE))
        summary = run_corpus(settings)
    assert summary is not None
    return settings, summary


def test_a_run_on_bad_files_is_published_with_all_good_ones(published: tuple[Settings, Summary]) -> None:
    settings, summary = published
    assert summary.status == "published"
    assert [check.check_name for check in summary.checks if not check.is_passed] == []
    good = {case.shown or case.name for case in CASES if case.outcome == "ingested" and case.name.startswith(_KINDS)}
    taken = {path for (path,) in query(settings, "select path from documents where duplicate_of is null")}
    assert good | {f"{number}.txt" for number in range(6)} <= taken


def test_a_run_after_it_has_nothing_to_do(published: tuple[Settings, Summary], monkeypatch: pytest.MonkeyPatch) -> None:
    settings, _ = published
    monkeypatch.chdir(settings.seeds.parent)
    assert run_corpus(settings) is None


@pytest.mark.parametrize("is_terminal", [False, True], ids=["to a file", "to a terminal"])
def test_summary_and_status_name_what_is_quarantined_and_leave_the_terminal_alone(
    published: tuple[Settings, Summary],
    is_terminal: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings, summary = published
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    for tell in (lambda: display.summary(summary), lambda: show_status(settings.warehouse, print_json=None)):
        tell()
        said = capsys.readouterr().out
        assert "bad \ufffd[31mred" in said
        assert re.findall(UNSEEN, said) == []
