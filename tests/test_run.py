"""A run from beginning to end: what it plans, does, records and publishes, down to a folder without documents."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

import flows.ahead
import flows.execution
import warehouse.definitions
import warehouse.store
from flows import display
from flows.intake import Changes, Options, SeedsError
from flows.loss import LossError
from flows.plan import StagePlan, plan
from flows.refresh import StageRun
from flows.run import Summary
from flows.settings import Settings
from flows.stages import STAGES
from flows.work import derived_tables
from tasks.errors import CorpusError
from tasks.stage import Stage
from tests.conftest import document, memory_limit, query, run_corpus
from warehouse import ledger
from warehouse.checking import FOLDERS
from warehouse.compare import compare
from warehouse.definitions import sql_names
from warehouse.errors import WarehouseError
from warehouse.paths import private_file, published_file
from warehouse.reader import asking, counted_tables
from warehouse.store import Store

_clock = count(1_500_000_000)


def put(folder: Path, name: str, text: str) -> None:
    """Write a file with a time of change of its own, long past."""
    (folder / name).write_text(text, encoding="utf-8")
    moment = next(_clock)
    os.utime(folder / name, (moment, moment))


@pytest.fixture
def settled(published_copy: Callable[..., Settings]) -> Settings:
    """Settings with three documents that were written long ago, and a warehouse that is up to date with them."""
    return published_copy({f"{number}.txt": document(number) for number in range(3)})


def planned(settings: Settings, **options: bool) -> dict[str, tuple[str, ...]]:
    """The stages that a run would or might run, with the reasons."""
    stages = plan(settings, Options(**options)).stages
    return {stage.stage: stage.reasons for stage in stages if stage.documents or stage.vanished or stage.at_most}


def tables(settings: Settings) -> dict[str, int]:
    """The number of rows of every public table and view, each of which is read."""
    with asking(settings.warehouse) as ask:
        for macro in ("kwic('data')", "term_trend('data')", "entity_trend('Guizhou')"):
            ask(f"select * from {macro}")
        return counted_tables(ask)


# -- plan -------------------------------------------------------------------------------------------------------------


def test_plan_without_a_warehouse_names_everything_and_makes_no_file(settings: Settings, documents: Path) -> None:
    found = plan(settings)
    assert found.changes == Changes(added=tuple(f"{number}.txt" for number in range(6)))
    assert found.stages[0] == StagePlan("ingest", 6, 0, 0, ("6 new",))
    assert [stage.stage for stage in found.stages] == [stage.name for stage in STAGES]
    assert (found.notices, found.publishes) == ([], True)
    assert not settings.warehouse.exists()


def test_plan_on_a_folder_that_is_up_to_date_names_nothing(settled: Settings) -> None:
    found = plan(settled)
    assert (found.changes, planned(settled), found.publishes) == (Changes(), {}, False)


def _misspell(settings: Settings) -> None:
    (settings.seeds / "_stopwords.csv").write_text("word\n", encoding="utf-8")


def _list(settings: Settings) -> None:
    (settings.seeds / "archive.zip").write_bytes(b"PK")


def _unlink(settings: Settings) -> None:
    (settings.warehouse / "current").unlink()


@pytest.mark.parametrize("change", [_list, _unlink, _misspell])
def test_plan_says_that_a_version_is_published_though_no_stage_has_work(
    settled: Settings, change: Callable[[Settings], None], capsys: pytest.CaptureFixture[str]
) -> None:
    change(settled)
    found = plan(settled)
    assert (planned(settled), found.publishes) == ({}, True)
    display.plan(found)
    assert capsys.readouterr().out.startswith("No stage has anything to do, and a new version would be published")
    assert run_corpus(settled) is not None
    assert not plan(settled).publishes


def _add(seeds: Path) -> None:
    put(seeds, "3.txt", document(3))


def _change(seeds: Path) -> None:
    put(seeds, "1.txt", document(3))


def _rename(seeds: Path) -> None:
    (seeds / "1.txt").rename(seeds / "9.txt")


def _remove(seeds: Path) -> None:
    (seeds / "1.txt").unlink()


def _touch(seeds: Path) -> None:
    put(seeds, "1.txt", (seeds / "1.txt").read_text())


def _describe(seeds: Path) -> None:
    put(seeds, "_documents.csv", "path,title\n1.txt,By the analyst\n")


KINDS = [
    pytest.param(_add, Changes(added=("3.txt",)), ("1 new",), id="added"),
    pytest.param(_change, Changes(changed=("1.txt",)), ("1 new", "1 gone"), id="changed"),
    pytest.param(_rename, Changes(renamed=(("1.txt", "9.txt"),)), ("1 with changed input",), id="renamed"),
    pytest.param(_remove, Changes(removed=("1.txt",)), ("1 gone",), id="removed"),
    pytest.param(_touch, Changes(), None, id="touched"),
    pytest.param(_describe, Changes(), ("1 with changed input",), id="described by the analyst"),
]


@pytest.mark.parametrize(("change", "changes", "reasons"), KINDS)
def test_plan_says_what_the_run_does(
    settled: Settings, change: Callable[[Path], None], changes: Changes, reasons: tuple[str, ...] | None
) -> None:
    change(settled.seeds)
    found = plan(settled)
    stages = found.stages
    assert (found.changes, planned(settled).get("ingest")) == (changes, reasons)
    summary = run_corpus(settled)
    assert found.publishes is (summary is not None)
    if summary is None:
        assert planned(settled) == {}
        return
    assert summary.changes == found.changes
    for promised, done in zip(stages, summary.stages, strict=True):
        assert promised.stage == done.stage
        assert promised.documents <= done.processed <= promised.documents + promised.at_most
    assert (stages[0].documents, stages[0].vanished) == (summary.stages[0].processed, summary.stages[0].removed)
    assert planned(settled) == {}


PLACEMENT = {"topic_placement": ("if what topics gives has changed",)}  # a refit may give the same model


@pytest.mark.parametrize(
    ("branches", "reasons"),
    [
        pytest.param(
            {"topics": {"count": 3}}, {"topics": ("setting topics.count: 2 -> 3",), **PLACEMENT}, id="a number"
        ),
        pytest.param(
            {"topics": {"count": None}}, {"topics": ("setting topics.count: 2 -> None",), **PLACEMENT}, id="a number left out"
        ),
        pytest.param(
            {"trends": {"granularities": ["year"]}},
            {"trends": ("setting trends.granularities: ['month', 'quarter', 'year'] -> ['year']",)},
            id="a list",
        ),
        pytest.param({"annotate": {"workers": 2}}, {}, id="one that shapes no rows"),
    ],
)  # fmt: skip
def test_plan_gives_the_old_and_the_new_value_of_a_changed_setting(
    settled: Settings, make_settings: Callable[..., Settings], branches: dict[str, Any], reasons: dict[str, Any]
) -> None:
    changed = make_settings(**branches)
    assert planned(changed) == reasons
    summary = run_corpus(changed)
    done = [stage.stage for stage in summary.stages if stage.processed] if summary else []
    assert [name for name in done if name not in PLACEMENT] == [name for name in reasons if name not in PLACEMENT]


@pytest.mark.parametrize(
    ("change", "amounts"),
    [pytest.param(_add, (3, 1), id="one comes"), pytest.param(_remove, (2, 0), id="one is gone")],
)
def test_plan_counts_what_a_changed_setting_reaches_in_a_folder_that_has_changed_too(
    settled: Settings, make_settings: Callable[..., Settings], change: Callable[[Path], None], amounts: tuple[int, int]
) -> None:
    change(settled.seeds)
    stages = {stage.stage: stage for stage in plan(make_settings(clean={"patterns": ["no such text"]})).stages}
    assert (stages["clean"].documents, stages["clean"].at_most) == amounts


def test_plan_names_the_stages_that_a_changed_setting_may_reach(
    settled: Settings, make_settings: Callable[..., Settings]
) -> None:
    stages = plan(make_settings(clean={"patterns": ["Note 1 on broadband"]})).stages
    amounts = {stage.stage: (stage.documents, stage.at_most) for stage in stages if stage.documents or stage.at_most}
    reasons = {stage.stage: stage.reasons for stage in stages}
    assert reasons["annotate"] == ("if what clean gives has changed",)
    assert reasons["similarity"] == ("if what clean and signatures give has changed",)
    assert reasons["entities"] == ("if what additions, similarity, calendar and annotate give has changed",)
    assert amounts == {
        "clean": (3, 0),
        "annotate": (0, 3),
        "signatures": (0, 3),
        "similarity": (0, 1),
        "calendar": (0, 1),
        "additions": (0, 3),
        "entities": (0, 1),
        "topics": (0, 1),
        "topic_placement": (0, 3),
        "period_terms": (0, 3),
        "term_totals": (0, 3),
        "trends": (0, 1),
        "watchlist": (0, 3),
    }


@pytest.mark.parametrize("options", [{}, {"rebuild": True}, {"rehash": True}], ids=["plan", "rebuild", "rehash"])
def test_plan_changes_nothing(settled: Settings, options: dict[str, bool]) -> None:
    put(settled.seeds, "3.txt", document(3))
    (settled.seeds / "0.txt").unlink()

    def everything() -> list[Any]:
        with duckdb.connect(str(private_file(settled.warehouse)), read_only=True) as connection:
            names = connection.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
            return [connection.execute(f'from "{s}"."{t}" order by all').fetchall() for s, t in names]

    before, published = everything(), published_file(settled.warehouse).resolve()
    plan(settled, Options(**options))
    assert everything() == before
    assert published_file(settled.warehouse).resolve() == published


def test_a_stage_that_needs_more_memory_than_the_file_is_large_gets_it(
    settled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[tuple[str, bool]] = []
    refresh = flows.execution.refresh

    def starving(stage: Stage, store: Store, *given: Any) -> StageRun:
        tries.append((stage.name, is_bounded := memory_limit(store._connection) < 401_000_000))
        if is_bounded:
            raise duckdb.OutOfMemoryException("could not allocate block")
        return refresh(stage, store, *given)

    monkeypatch.setattr(flows.execution, "refresh", starving)
    monkeypatch.setattr(flows.ahead, "available_cores", lambda: 1)
    summary = run_corpus(settled, rebuild=True)
    assert summary is not None
    assert summary.status == "published"
    assert tries == [(stage.name, is_bounded) for stage in STAGES for is_bounded in (True, False)]


def test_plan_changes_nothing_where_a_schema_file_has_changed(
    settled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "sql"
    shutil.copytree(warehouse.definitions.SQL, copy, ignore=shutil.ignore_patterns("*.py", "data", "__pycache__"))
    schema = copy / "schema/sentences.sql"
    text = schema.read_text().replace("word_count  bigint", "spare varchar,\n    word_count  bigint")
    schema.write_text(text + "comment on column sentences.spare is 'Not used';\n")
    monkeypatch.setattr(warehouse.definitions, "SQL", copy)
    assert planned(settled)["annotate"] == ("table sentences has changed",)
    with duckdb.connect(str(private_file(settled.warehouse)), read_only=True) as connection:
        assert connection.execute("select count(distinct document_id) from sentences").fetchall() == [(3,)]
    summary = run_corpus(settled)
    assert summary is not None
    assert [stage.stage for stage in summary.stages if stage.processed] == [
        "annotate",
        "watchlist",
        "entities",
        "topics",
        "topic_placement",
        "period_terms",
        "term_totals",
        "trends",
    ]


def test_plan_of_a_rebuild_names_every_document(settled: Settings) -> None:
    assert planned(settled, rebuild=True)["ingest"] == ("3 new",)


# -- the record of a run ----------------------------------------------------------------------------------------------


def test_the_summary_and_the_tables_of_runs_say_the_same(settled: Settings) -> None:
    put(settled.seeds, "3.txt", document(3))
    put(settled.seeds, "4.txt", "Too short.")
    put(settled.seeds, "1.txt", document(5))
    (settled.seeds / "0.txt").rename(settled.seeds / "zero.txt")
    (settled.seeds / "2.txt").unlink()
    summary = run_corpus(settled)
    assert isinstance(summary, Summary)
    assert summary.changes == Changes(
        added=("3.txt", "4.txt"), changed=("1.txt",), renamed=(("0.txt", "zero.txt"),), removed=("2.txt",)
    )
    assert (summary.status, summary.documents) == ("published", 3)
    assert summary.published == str(published_file(settled.warehouse))
    assert [(path, reason) for path, reason, _ in summary.quarantined] == [("4.txt", "too_short")]
    assert query(
        settled,
        "select run_id, status, added, changed, renamed, removed, quarantined, notices, error from runs "
        "order by run_id desc limit 1",
    ) == [(summary.run_id, "published", 2, 1, 1, 1, 1, [], None)]
    recorded = query(
        settled,
        f"select stage, processed, removed, rows from stage_runs where run_id = '{summary.run_id}' order by stage",
    )
    assert recorded == sorted((stage.stage, stage.processed, stage.removed, stage.rows) for stage in summary.stages)
    assert len(recorded) == len(STAGES)
    checked = query(
        settled, f"select check_name, is_passed from check_results where run_id = '{summary.run_id}' order by all"
    )
    assert checked == sorted((name, True) for folder in FOLDERS for name in sql_names(folder))
    assert query(settled, "select count(*) from runs where finished_at >= started_at") == [(2,)]


def test_a_failed_run_is_recorded_with_its_error_and_publishes_nothing(
    settled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = published_file(settled.warehouse).resolve()
    put(settled.seeds, "3.txt", document(3))

    def fail(*_: Any) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr("flows.refresh.insert_rows", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            run_corpus(settled)
    assert published_file(settled.warehouse).resolve() == before
    run_corpus(settled)
    assert query(settled, "select status, error from runs order by run_id") == [
        ("published", None),
        ("failed", "out of memory"),
        ("published", None),
    ]


def test_a_missing_folder_of_documents_is_said(settings: Settings) -> None:
    settings.seeds.rmdir()
    with pytest.raises(SeedsError, match="is no folder"):
        run_corpus(settings)
    with pytest.raises(SeedsError, match="is no folder"):
        plan(settings)
    assert not settings.warehouse.exists()


# -- small folders ----------------------------------------------------------------------------------------------------

ONE_WORD = "Data.\n" * 6
SMALL = {
    "none": {},
    "one": {"0.txt": document(0)},
    "two": {"0.txt": document(0), "1.txt": document(1)},
    "two the same": {"0.txt": document(0), "1.txt": document(0)},
    "two with the same body": {"0.txt": document(0), "1.txt": document(0).replace("Report", "A report")},
    "one undated": {"0.txt": document(0, year=None)},
    "one of a single word": {"0.txt": ONE_WORD},
    "one of furniture": {"0.txt": "Share this on WeChat\n\nAll rights reserved.\n\nSubscribe to our newsletter\n"},
    "one quarantined": {"0.txt": ""},
    "no document, one README": {"README.md": "About this folder."},
}


@pytest.mark.parametrize("files", SMALL.values(), ids=SMALL.keys())
def test_a_small_folder_runs_through(make_settings: Callable[..., Settings], files: dict[str, str]) -> None:
    settings = make_settings(topics={"count": None, "seeds": 2})
    for name, text in files.items():
        put(settings.seeds, name, text)
    summary = run_corpus(settings)
    assert summary is not None
    assert summary.status == "published"
    assert all(check.is_passed for check in summary.checks)
    assert tables(settings)["documents"] == summary.documents


def test_a_folder_can_be_emptied_again(settings: Settings, published_once: Callable[..., Path]) -> None:
    empty = published_once({}) / "warehouse"
    names = [f"{number} {name}" for number, files in enumerate(SMALL.values()) for name in files]
    for name, text in zip(names, (text for files in SMALL.values() for text in files.values()), strict=True):
        put(settings.seeds, name, text)
    run_corpus(settings)
    for name in names:
        (settings.seeds / name).unlink()
    run_corpus(settings, accept_loss=True)
    assert compare(published_file(settings.warehouse), published_file(empty))[1] == []
    assert run_corpus(settings) is None


# -- a folder from which documents are gone ---------------------------------------------------------------------------


def state(settings: Settings) -> dict[str, bytes]:
    """The files of the warehouse, save the lock and what says that nothing has changed."""
    return {
        str(path): path.read_bytes()
        for path in sorted(settings.warehouse.rglob("*"))
        if path.is_file() and path.suffix not in (".json", "")
    }


def test_an_emptied_folder_is_refused_and_nothing_changes_until_it_is_said_to_be_meant(settled: Settings) -> None:
    before = state(settled)
    away = settled.seeds.rename(settled.seeds.with_name("away"))
    settled.seeds.mkdir()
    put(settled.seeds, "README.md", "Where the share is mounted.")
    said = f"3 of 3 documents are gone from {settled.seeds}, such as 0.txt: if it is a share, see that it is mounted; "
    for options in ({}, {"rebuild": True}, {"rehash": True}):
        with pytest.raises(LossError) as refused:
            run_corpus(settled, **options)
        assert str(refused.value) == (
            f"{said}if they are meant to go, start `corpus run --accept-loss`; nothing has been changed"
        )
        assert plan(settled, Options(**options)).notices == [
            f"`corpus run` would refuse: {said}if they are meant to go, start `corpus run --accept-loss`"
        ]
    assert state(settled) == before
    shutil.rmtree(settled.seeds)
    away.rename(settled.seeds)
    assert run_corpus(settled) is None
    for number in range(3):
        (settled.seeds / f"{number}.txt").unlink()
    assert plan(settled, Options(accept_loss=True)).notices == []
    run_corpus(settled, accept_loss=True)
    assert query(settled, "select count(*) from documents") == [(0,)]
    assert run_corpus(settled) is None


def test_files_that_are_there_are_not_said_to_be_gone(
    settled: Settings, make_settings: Callable[..., Settings]
) -> None:
    (settled.seeds / "0.txt").unlink()
    with pytest.raises(LossError) as refused:
        run_corpus(make_settings(ingest={"largest_file": 10}))
    size = (settled.seeds / "1.txt").stat().st_size
    assert str(refused.value).startswith(
        f"3 of 3 documents can be read no more in {settled.seeds}, such as 1.txt ({size} bytes; ingest.largest_file allows 10); "
        "if they are meant to go, start `corpus run --accept-loss`"
    )


def test_a_folder_in_the_place_of_the_link_to_a_version_is_refused(settled: Settings) -> None:
    current = settled.warehouse / "current"
    version = current.resolve()
    current.unlink()
    shutil.copytree(version, current)
    put(settled.seeds, "new.txt", document(99))
    with pytest.raises(WarehouseError, match=r"current is a folder and no link to a version.*: take it away, and"):
        run_corpus(settled)
    assert list(version.parent.iterdir()) == [version]
    shutil.rmtree(current)
    run_corpus(settled)
    assert query(settled, "select count(*) from documents") == [(4,)]


def test_an_emptied_folder_is_refused_in_the_middle_of_a_rebuild(settled: Settings) -> None:
    with Store(private_file(settled.warehouse)) as store, store.transaction() as cursor:
        ledger.clear(cursor, derived_tables(STAGES))
    for path in settled.seeds.iterdir():
        path.unlink()
    with pytest.raises(LossError, match=r"^3 of 3 documents are gone"):
        run_corpus(settled)


TWENTY = {f"{number:02d}.txt": document(number) for number in range(20)}
TWENTY |= {"copy of 00.txt": document(0), "short.txt": "Too short."}


def _take_out(number: int) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def change(seeds: Path, _: pytest.MonkeyPatch) -> None:
        for path in sorted(seeds.glob("[012]*.txt"))[:number]:
            path.unlink()
            if path.name == "00.txt":
                (seeds / "copy of 00.txt").unlink()

    return change


def _move(seeds: Path, _: pytest.MonkeyPatch) -> None:
    (seeds / "all").mkdir()
    for path in sorted(seeds.glob("*.txt")):
        path.rename(seeds / "all" / path.name)


def _edit(seeds: Path, _: pytest.MonkeyPatch) -> None:
    for number, path in enumerate(sorted(seeds.glob("*.txt"))):
        put(seeds, path.name, document(number, extra="and more"))


def _keep_the_copy(seeds: Path, patch: pytest.MonkeyPatch) -> None:
    _take_out(11)(seeds, patch)
    put(seeds, "00.txt", document(0))


def _lock_away(seeds: Path, patch: pytest.MonkeyPatch) -> None:
    really_open = os.open

    def refuse(path: Any, *arguments: Any, **named: Any) -> int:
        if str(path).endswith(".txt"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return really_open(path, *arguments, **named)

    patch.setattr(os, "open", refuse)


@pytest.mark.parametrize(
    ("change", "largest_loss", "lost"),
    [
        pytest.param(_take_out(10), 0.5, None, id="half of them"),
        pytest.param(_take_out(11), 0.5, 11, id="more than half"),
        pytest.param(_keep_the_copy, 0.5, None, id="half of them, and a copy of another"),
        pytest.param(_take_out(2), 0.1, None, id="no more than is set"),
        pytest.param(_take_out(3), 0.1, 3, id="more than is set"),
        pytest.param(_take_out(20), 1.0, None, id="all may go"),
        pytest.param(_move, 0.0, None, id="all are moved"),
        pytest.param(_edit, 0.0, None, id="all are edited"),
        pytest.param(_lock_away, 0.5, 20, id="none can be read"),
    ],
)
def test_more_than_half_of_twenty_documents_do_not_go_unasked(
    make_settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    published_copy: Callable[..., Settings],
    change: Callable[[Path, pytest.MonkeyPatch], None],
    largest_loss: float,
    lost: int | None,
) -> None:
    published_copy(TWENTY)
    settings = make_settings(run={"largest_loss": largest_loss})
    change(settings.seeds, monkeypatch)
    notices = plan(settings, Options(rehash=True)).notices
    assert [notice.split(" documents")[0] for notice in notices] == (
        [f"`corpus run` would refuse: {lost} of 20"] if lost else []
    )


def _empty(seeds: Path) -> dict[str, Any]:
    for path in sorted(seeds.glob("[012]*.txt"))[:12]:
        path.write_text("")
    return {}


def _replace(seeds: Path) -> dict[str, Any]:
    for path in seeds.glob("*.txt"):
        path.write_text(document(99))
    return {}


def _other_language(_: Path) -> dict[str, Any]:
    return {"ingest": {"languages": ["fr"]}}


def _pattern(seeds: Path) -> dict[str, Any]:
    put(seeds, "_boilerplate.csv", "pattern\ne\n")
    return {}


@pytest.mark.parametrize(
    ("change", "left", "reason"),
    [
        (_empty, 9, "empty"),
        (_replace, 1, "same_bytes"),
        (_other_language, 0, "unsupported_language"),
        (_pattern, 0, "boilerplate_only"),
    ],
)
def test_what_leaves_most_documents_out_is_not_published(
    make_settings: Callable[..., Settings],
    published_copy: Callable[..., Settings],
    change: Callable[[Path], dict[str, Any]],
    left: int,
    reason: str,
) -> None:
    settings = make_settings(**change(published_copy(TWENTY).seeds))
    with pytest.raises(LossError, match=f"^{left} of 20 documents would be left; .* left out as {reason}, such as"):
        run_corpus(settings)
    assert query(settings, "select count(*) from documents") == [(20,)]


def test_what_was_not_published_is_refused_again_until_it_is_mended_or_meant(
    published_copy: Callable[..., Settings],
) -> None:
    settings = published_copy(TWENTY)
    _empty(settings.seeds)
    for _ in range(2):  # the second finds nothing changed in the folder
        with pytest.raises(LossError):
            run_corpus(settings)
    for number in range(12):
        put(settings.seeds, f"{number:02d}.txt", document(number))
    run_corpus(settings)
    assert query(settings, "select count(*) from documents") == [(20,)]
    _empty(settings.seeds)
    run_corpus(settings, accept_loss=True)
    assert query(settings, "select count(*) from documents") == [(9,)]


def test_what_a_run_that_published_nothing_has_noted_as_gone_is_missed_all_the_same(
    published_copy: Callable[..., Settings], make_settings: Callable[..., Settings]
) -> None:
    settings = published_copy(TWENTY)
    seeds = sorted(settings.seeds.glob("[012]*.txt"))
    for path in seeds[11:]:
        path.unlink()
    put(settings.seeds, "new.txt", document(99))
    with pytest.raises(CorpusError, match="no_such_model"):
        run_corpus(make_settings(annotate={"model": "no_such_model"}))
    for path in seeds[6:11]:
        path.unlink()
    with pytest.raises(LossError, match=r"^14 of 20 documents are gone"):
        run_corpus(settings)


def test_an_emptied_folder_is_refused_whatever_has_become_of_the_private_file(settled: Settings) -> None:
    private_file(settled.warehouse).unlink()
    for path in settled.seeds.iterdir():
        path.unlink()
    with pytest.raises(LossError, match=r"^3 of 3 documents are gone"):
        run_corpus(settled)


def test_what_is_no_document_does_not_count_as_left(settled: Settings) -> None:
    put(settled.seeds, "short.txt", "Too short.")
    run_corpus(settled)
    for number in range(3):
        (settled.seeds / f"{number}.txt").unlink()
    assert plan(settled).notices[0].startswith("`corpus run` would refuse: 3 of 3 documents are gone")
    with pytest.raises(LossError, match=r"^3 of 3 documents are gone"):
        run_corpus(settled)


def test_a_folder_is_not_taken_for_empty_because_a_run_was_refused(published_copy: Callable[..., Settings]) -> None:
    settings = published_copy(TWENTY)
    _empty(settings.seeds)
    with pytest.raises(LossError, match="would be left"):
        run_corpus(settings)
    for path in settings.seeds.iterdir():
        path.unlink()
    with pytest.raises(LossError, match=r"^20 of 20 documents are gone"):
        run_corpus(settings)


def test_of_a_few_documents_all_but_one_may_go_at_once(settled: Settings) -> None:
    for number in range(2):
        (settled.seeds / f"{number}.txt").unlink()
    summary = run_corpus(settled)
    assert summary is not None
    assert summary.documents == 1


def test_what_was_never_published_is_not_missed(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(annotate={"model": "no_such_model"})
    put(settings.seeds, "0.txt", document(0))
    with pytest.raises(CorpusError, match="no_such_model"):
        run_corpus(settings)
    (settings.seeds / "0.txt").unlink()
    run_corpus(make_settings())
    assert query(settings, "select count(*) from documents") == [(0,)]


# -- options ----------------------------------------------------------------------------------------------------------


def test_rebuild_makes_every_table_anew_and_keeps_history(settled: Settings) -> None:
    seen = query(settled, "select document_id, first_seen_at from documents order by all")
    first = published_file(settled.warehouse).resolve()
    summary = run_corpus(settled, rebuild=True)
    assert summary is not None
    assert [stage.processed for stage in summary.stages] == [3 if s.per == "document" else 1 for s in STAGES]
    assert compare(first, published_file(settled.warehouse))[1] == []
    assert query(settled, "select document_id, first_seen_at from documents order by all") == seen
    assert query(settled, "select count(*) from runs") == [(2,)]
    assert run_corpus(settled) is None


def test_rehash_finds_a_change_that_size_and_time_hide(settled: Settings) -> None:
    path = settled.seeds / "1.txt"
    status, text = path.stat(), path.read_text()
    path.write_text(text.replace("broadband", "broadbond"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert run_corpus(settled) is None
    summary = run_corpus(settled, rehash=True)
    assert summary is not None
    assert summary.changes == Changes(changed=("1.txt",))
    assert query(settled, "select count(*) from passages where text like '%broadbond%'") == [(1,)]


def test_rehash_of_what_has_not_changed_is_nothing_to_do(settled: Settings) -> None:
    assert run_corpus(settled, rehash=True) is None


def test_refit_topics_fits_the_topics_and_does_nothing_else(settled: Settings) -> None:
    first = published_file(settled.warehouse).resolve()
    summary = run_corpus(settled, refit_topics=True)
    assert summary is not None
    assert {stage.stage: stage.processed for stage in summary.stages if stage.processed} == {"topics": 1}
    assert compare(first, published_file(settled.warehouse))[1] == []


# -- the analyst's files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "notices"),
    [
        pytest.param("_documents.csv", b"path,title\n0.txt,A title\n", [], id="right"),
        pytest.param(
            "_stopwords.csv",
            b"",
            ["_stopwords.csv: the header line must name the column 'term'; the file is not used"],
            id="empty",
        ),
        pytest.param(
            "_stopwords.csv",
            b"\n \n",
            ["_stopwords.csv: the header line must name the column 'term'; the file is not used"],
            id="blank",
        ),
        pytest.param(
            "_documents.csv",
            b"path,title\n9.txt,A title\n",
            ["_documents.csv:2: there is no file '9.txt'"],
            id="no such document",
        ),
        pytest.param(
            "_documents.csv",
            b"path,title\n./0.txt,A title\n../seeds/1.txt,A title\n/0.txt,A title\n0.TXT,A title\n",
            [
                "_documents.csv:3: there is no file '../seeds/1.txt'",
                "_documents.csv:4: there is no file '/0.txt'",
                "_documents.csv:5: there is no file '0.TXT'",
            ],
            id="paths that are none of the folder",
        ),
        pytest.param(
            "_topics.csv",
            b"topic_id,label\nt1,\n",
            ["_topics.csv:2: 't1' has no label; it is not used"],
            id="no label",
        ),
        pytest.param(
            "_Stopwords.csv",
            b"term\ndata\n",
            ["_Stopwords.csv: the file is not used; it must be called _stopwords.csv"],
            id="a name in other letters",
        ),
        pytest.param(
            "sub/_stopwords.csv",
            b"term\ndata\n",
            ["sub/_stopwords.csv: the file is not used; it is only read in the seeds folder itself"],
            id="in a folder below",
        ),
        pytest.param(
            "_documents.csv",
            b"# a comment\npath,publication_date\n0.txt,soon\n",
            ["_documents.csv:3: 'soon' is no date for publication_date (write 2021-10-18, 2021-10 or 2021)"],
            id="no date",
        ),
        pytest.param(
            "_documents.csv",
            b"path,publication_date,event_date\n0.txt,2201-03-05,1022-04-06\n1.txt,2201,2020\n",
            [
                "_documents.csv:2: the publication_date '2201-03-05' is after the day of the run; it is not used",
                "_documents.csv:2: the event_date '1022-04-06' is before ingest.earliest_year; it is not used",
                "_documents.csv:3: the publication_date '2201' is after the day of the run; it is not used",
            ],
            id="dates that are not believed",
        ),
        pytest.param(
            "_stopwords.csv",
            b"term\ndata\ndata\n\n,x\n",
            [
                "_stopwords.csv:3: a second line for 'data'; the line is not used",
                "_stopwords.csv:5: 2 cells under 1 columns; the line is not used",
            ],
            id="lines that are wrong",
        ),
        pytest.param(
            "_entities.csv",
            b"name,label,aliases,action\nOak,ORG,Elm,add\nAsh,ORG,Elm,add\nElm,,Oak,merge\n",
            [
                "_entities.csv:3: 'Elm' stands for 'Oak' and 'Ash'; it counts for the first",
                "_entities.csv:4: 'Oak' cannot stand for 'Elm', which stands for it; it is not used",
            ],
            id="names that contradict each other",
        ),
        pytest.param(
            "_boilerplate.csv",
            b"text\nNote\n",
            ["_boilerplate.csv: the header line must name the column 'pattern'; the file is not used"],
            id="no header",
        ),
    ],
)
def test_what_is_wrong_in_an_analyst_file_is_said_with_its_line(
    settled: Settings, name: str, content: bytes, notices: list[str]
) -> None:
    (settled.seeds / name).parent.mkdir(exist_ok=True)
    (settled.seeds / name).write_bytes(content)
    assert plan(settled).notices == notices


def test_a_run_gives_its_notices_and_keeps_them(settled: Settings) -> None:
    (settled.seeds / "_topics.csv").write_text("topic_id,label\nt1,\n", encoding="utf-8")
    put(settled.seeds, "3.txt", document(3))
    summary = run_corpus(settled)
    assert summary is not None
    assert summary.notices == ["_topics.csv:2: 't1' has no label; it is not used"]
    latest = "select notices from runs order by run_id desc limit 1"
    assert query(settled, latest) == [(summary.notices,)]
    (settled.seeds / "_topics.csv").write_text("topic_id,label\n", encoding="utf-8")
    assert run_corpus(settled) is not None
    assert query(settled, latest) == [([],)]
    assert run_corpus(settled) is None


@pytest.mark.parametrize(
    "content", [pytest.param(b"\x00\x01\x02" * 50, id="binary"), pytest.param(b'term\n"open', id="an open quote")]
)
def test_an_analyst_file_that_cannot_be_read_is_a_notice_and_no_failure(settled: Settings, content: bytes) -> None:
    (settled.seeds / "_stopwords.csv").write_bytes(content)
    put(settled.seeds, "3.txt", document(3))
    summary = run_corpus(settled)
    assert summary is not None
    assert len(summary.notices) == 1
    assert all(notice.startswith("_stopwords.csv") for notice in summary.notices)


# -- quarantine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "bad", "reason"),
    [
        pytest.param("x.txt", b"Two words.", "too_short", id="too short"),
        pytest.param("x.txt", bytes(range(32)) * 20, "not_text", id="binary"),
        pytest.param("x.md", b"---\ntitle: [open\n---\n\nText of some words that follow.", "bad_front_matter", id="YAML"),
        pytest.param(
            "x.txt", "Dies ist ein deutscher Bericht über die digitale Wirtschaft der Stadt.".encode(),
            "unsupported_language", id="language",
        ),
    ],
)  # fmt: skip
def test_a_document_is_quarantined_with_its_reason_and_taken_in_when_repaired(
    settled: Settings, name: str, bad: bytes, reason: str
) -> None:
    (settled.seeds / name).write_bytes(bad)
    summary = run_corpus(settled)
    assert summary is not None
    assert [(path, code) for path, code, _ in summary.quarantined] == [(name, reason)]
    assert query(settled, "select path, stage, status, reason from rejections") == [
        (name, "ingest", "quarantined", reason)
    ]
    assert query(settled, "select count(*) from documents") == [(3,)]
    put(settled.seeds, name, document(7))
    repaired = run_corpus(settled)
    assert repaired is not None
    assert repaired.changes == Changes(changed=(name,))
    assert query(settled, "select path from rejections") == []
    assert query(settled, f"select count(*) from documents where path = '{name}'") == [(1,)]
