"""A document that a stage breaks down on is left out and told of; the others, and the faults of others, are not its affair."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

import flows.execution
from flows.cli import main
from flows.refresh import StageError
from flows.settings import Settings
from flows.stages import STAGES
from flows.transform import transform
from tasks.additions import additions
from tasks.annotate import annotate
from tasks.clean import Passage, clean
from tasks.errors import CorpusError
from tasks.ingest import ingest
from tasks.stage import Stage, collect
from tasks.topic_placement import topic_placement
from tests.conftest import PARAGRAPHS, document, query, run_corpus, write
from warehouse.compare import compare
from warehouse.paths import private_file, published_file
from warehouse.store import Store

REJECTION = "select path, stage, status, reason, detail from rejections order by path"
PATHS = "select path from documents order by path"


# Five documents, one of which breaks the fragile model.
HARMLESS = {f"{number}.txt": document(number, year=2016 + number) for number in range(4)}
FOLDER = {**HARMLESS, "bad.txt": document(9, year=2018, extra="and poison")}


@pytest.fixture(scope="module")
def fragile_model(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rule-made model with a component that raises at the word poison: a rule for a word that is not in the match."""
    import spacy

    nlp = spacy.load(toy_model)
    nlp.get_pipe("attribute_ruler").add([[{"LOWER": "poison"}]], {"POS": "X"}, index=3)  # type: ignore[attr-defined]
    folder = tmp_path_factory.mktemp("models") / "fragile"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def sound(published_copy: Callable[..., Settings]) -> Settings:
    """Settings on the five documents, published with the model that does not break."""
    return published_copy(FOLDER)


@pytest.fixture
def broken(published_copy: Callable[..., Settings], fragile_model: Path) -> Settings:
    """Settings on the five documents, published with the fragile model."""
    return published_copy(FOLDER, annotate={"model": str(fragile_model)})


def with_model(settings: Settings, model: Path, **others: Any) -> Settings:
    return settings.model_copy(
        update={"annotate": settings.annotate.model_copy(update={"model": str(model), **others})}
    )


def anew(settings: Settings) -> Path:
    """A warehouse of their own for the same documents and settings, up to date."""
    other = settings.model_copy(update={"warehouse": settings.warehouse.with_name("anew")})
    run_corpus(other)
    return other.warehouse


def differing(settings: Settings, other: Path) -> list[str]:
    """The public tables that a warehouse does not have in common with another."""
    return [found.table for found in compare(published_file(settings.warehouse), published_file(other))[1]]


def kept_of(settings: Settings, path: str) -> set[str]:
    """The tables of the pipeline's file that have rows of a document."""
    with Store(private_file(settings.warehouse)) as store:
        ((document_id,),) = store.rows(
            "select content_sha256[:16] from pipeline.files where path = $path", {"path": path}
        )
        tables = store.rows(
            "select schema_name || '.' || table_name from duckdb_columns() where column_name = 'document_id'"
        )
        return {
            table
            for (table,) in tables
            if store.rows(f"select 1 from {table} where document_id = $id limit 1", {"id": document_id})
        }


BROKEN = "ValueError: [E1001] Target token outside of matched span"


def test_the_run_goes_on_without_a_document_that_breaks_the_model(
    make_settings: Callable[..., Settings],
    published_once: Callable[..., Path],
    fragile_model: Path,
) -> None:
    without_it = published_once(HARMLESS, annotate={"model": str(fragile_model)}) / "warehouse"
    settings = make_settings(annotate={"model": str(fragile_model), "workers": 1})
    write(settings.seeds, FOLDER)
    summary = run_corpus(settings)
    assert summary is not None
    assert (summary.status, summary.documents) == ("published", 4)
    ((path, reason, detail),) = summary.quarantined
    assert (path, reason) == ("bad.txt", "breakdown")
    assert detail.startswith(f"annotate breaks down on it: {BROKEN}")
    assert query(settings, REJECTION) == [("bad.txt", "annotate", "quarantined", "breakdown", detail)]
    assert query(settings, PATHS) == [(f"{number}.txt",) for number in range(4)]
    assert kept_of(settings, "bad.txt") == {"pipeline.refusals", "pipeline.first_seen", "pipeline.seed_files"}
    assert differing(settings, without_it) == ["rejections"]
    assert run_corpus(settings) is None
    status = CliRunner().invoke(main, ["status", "--json", "--warehouse", str(settings.warehouse)])
    assert json.loads(status.stdout)["quarantined"] == [{"path": "bad.txt", "reason": "breakdown", "detail": detail}]


def test_it_leaves_every_table_when_a_new_model_breaks_and_comes_back_with_one_that_does_not(
    sound: Settings, fragile_model: Path, published_once: Callable[..., Path]
) -> None:
    assert query(sound, "select count(*) from documents") == [(5,)]
    broken = with_model(sound, fragile_model)
    run_corpus(broken)
    assert query(broken, PATHS) == [(f"{number}.txt",) for number in range(4)]
    assert kept_of(broken, "bad.txt") == {"pipeline.refusals", "pipeline.first_seen", "pipeline.seed_files"}
    assert differing(broken, anew(broken)) == []
    assert run_corpus(broken) is None
    run_corpus(sound)
    assert query(sound, REJECTION) == []
    assert differing(sound, published_once(FOLDER) / "warehouse") == []


def tried(settings: Settings, **options: bool) -> int:
    """How many documents the language pass of a run is given; none if there was nothing to do."""
    summary = run_corpus(settings, **options)
    return sum(stage.processed for stage in summary.stages if stage.stage == "annotate") if summary else 0


def _move(settings: Settings) -> Settings:
    (settings.seeds / "bad.txt").rename(settings.seeds / "moved.txt")
    return settings


def _describe(settings: Settings) -> Settings:
    (settings.seeds / "_documents.csv").write_text("path,title\nbad.txt,Another title\n", encoding="utf-8")
    return settings


def _change_content(settings: Settings) -> Settings:
    (settings.seeds / "bad.txt").write_text(document(9, year=2018, extra="and more poison"), encoding="utf-8")
    return settings


def _copy(settings: Settings) -> Settings:
    (settings.seeds / "also.txt").write_bytes((settings.seeds / "bad.txt").read_bytes())
    return settings


def _change_the_stage(settings: Settings) -> Settings:
    return with_model(settings, Path(settings.annotate.model), longest_phrase=4)


def _change_a_stage_before_it(settings: Settings) -> Settings:
    return settings.model_copy(update={"clean": settings.clean.model_copy(update={"shortest_repeated": 7})})


def _change_a_stage_behind_it(settings: Settings) -> Settings:
    return settings.model_copy(update={"trends": settings.trends.model_copy(update={"fewest_periods": 5})})


def _add_another(settings: Settings) -> Settings:
    (settings.seeds / "5.txt").write_text(document(5), encoding="utf-8")
    return settings


@pytest.mark.parametrize(
    ("change", "options", "expected", "paths"),
    [
        pytest.param(_move, {}, 1, ["moved.txt"], id="its file is moved"),
        pytest.param(_describe, {}, 1, ["bad.txt"], id="the analyst says something of it"),
        pytest.param(_change_content, {}, 1, ["bad.txt"], id="its content changes"),
        pytest.param(_copy, {}, 1, ["also.txt", "bad.txt"], id="its bytes come twice"),
        pytest.param(_change_the_stage, {}, 5, ["bad.txt"], id="the stage's settings change"),
        pytest.param(_change_a_stage_before_it, {}, 1, ["bad.txt"], id="an earlier stage's settings change"),
        pytest.param(_change_a_stage_behind_it, {}, 0, ["bad.txt"], id="a later stage's settings change"),
        pytest.param(_add_another, {}, 1, ["bad.txt"], id="another document comes"),
        pytest.param(lambda settings: settings, {"rebuild": True}, 5, ["bad.txt"], id="a rebuild"),
        pytest.param(lambda settings: settings, {"rehash": True}, 0, ["bad.txt"], id="the same bytes, read again"),
    ],
)
def test_it_is_tried_again_when_what_it_meets_with_has_changed(
    broken: Settings,
    change: Callable[[Settings], Settings],
    options: dict[str, bool],
    expected: int,
    paths: list[str],
) -> None:
    settings = change(broken)
    assert tried(settings, **options) == expected
    rejected = query(settings, "select path, reason from rejections where status = 'quarantined' order by path")
    assert rejected == [(path, "breakdown") for path in paths]
    assert run_corpus(settings) is None


def test_whatever_becomes_of_its_file_every_table_is_what_a_rebuild_gives(broken: Settings) -> None:
    for change in (_copy, _describe, _add_another, _move, _change_a_stage_before_it):
        broken = change(broken)
        run_corpus(broken)
    assert query(broken, PATHS) == [(f"{number}.txt",) for number in (0, 1, 2, 3, 5)]
    assert differing(broken, anew(broken)) == []


def test_one_that_is_taken_out_of_the_folder_is_forgotten(broken: Settings) -> None:
    (broken.seeds / "bad.txt").unlink()
    run_corpus(broken)
    assert query(broken, REJECTION) == []
    with Store(private_file(broken.warehouse)) as store:
        assert store.rows("from pipeline.refusals") == []
    assert run_corpus(broken) is None


def fragile(stage: Stage, document_id: str) -> Stage:
    """The stage, in this process, which breaks down on the records or the rows of a document."""

    def function(own: list[Any] | pa.Table, *others: Any) -> Iterator[Any]:
        ids = own["document_id"].to_pylist() if isinstance(own, pa.Table) else [each.document_id for each in own]
        if document_id in ids:
            raise RuntimeError("poisoned\n  by <object at 0x7f00dead>")
        yield from stage.function(own, *others)

    return dataclasses.replace(stage, function=function)


@pytest.mark.parametrize("stage", [ingest, clean, annotate, topic_placement], ids=lambda stage: stage.name)
def test_whatever_stage_it_breaks_nothing_is_counted_with_it(
    sound: Settings, published_once: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    another = {"6.txt": document(6, year=2020)}
    without_it = published_once({**HARMLESS, **another}) / "warehouse"
    paragraphs = (f"The poison of report {number} was found in the digital economy." for number in range(12))
    text = "\n\n".join(["Poison and poison", "March 3, 2021", *paragraphs, *PARAGRAPHS[:2]])
    (sound.seeds / "bad.txt").unlink()
    write(sound.seeds, {"poison.txt": text, **another})
    poisoned = hashlib.sha256(text.encode()).hexdigest()[:16]
    with monkeypatch.context() as patch:
        patch.setattr(
            flows.execution, "STAGES", tuple(fragile(s, poisoned) if s.name == stage.name else s for s in STAGES)
        )
        run_corpus(sound)
        assert query(sound, REJECTION) == [
            (
                "poison.txt",
                stage.name,
                "quarantined",
                "breakdown",
                f"{stage.name} breaks down on it: RuntimeError: poisoned by <object>",
            )
        ]
        assert kept_of(sound, "poison.txt") == {"pipeline.refusals", "pipeline.first_seen", "pipeline.seed_files"}
        assert run_corpus(sound) is None
    assert differing(sound, without_it) == ["rejections"]


def test_other_processes_begin_again_without_a_document_that_a_stage_breaks_down_on_meanwhile(
    make_settings: Callable[..., Settings], published_once: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(annotate={"workers": 2})
    write(settings.seeds, FOLDER)
    broken = hashlib.sha256((settings.seeds / "bad.txt").read_bytes()).hexdigest()[:16]
    stages = tuple(dataclasses.replace(stage, batch_size=1) for stage in STAGES)
    monkeypatch.setattr(
        flows.execution, "STAGES", tuple(fragile(s, broken) if s.name == "additions" else s for s in stages)
    )
    run_corpus(settings)
    assert query(settings, "select path, stage from rejections") == [("bad.txt", "additions")]
    assert kept_of(settings, "bad.txt") == {"pipeline.refusals", "pipeline.first_seen", "pipeline.seed_files"}
    assert differing(settings, published_once(HARMLESS) / "warehouse") == ["rejections"]


def put(settings: Settings, numbers: range, extra: str) -> None:
    for number in numbers:
        (settings.seeds / f"{number}.txt").write_text(document(number, extra=extra), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "new", "is_refused"),
    [
        pytest.param(0, 1, False, id="the only one"),
        pytest.param(0, 2, True, id="all two that there are"),
        pytest.param(3, 9, False, id="nine beside others"),
        pytest.param(3, 10, True, id="ten, and none that comes through"),
    ],
)
def test_a_stage_that_breaks_down_on_all_it_is_given_stops_the_run(
    settings: Settings, fragile_model: Path, toy_model: Path, before: int, new: int, is_refused: bool
) -> None:
    settings = with_model(settings, fragile_model)
    put(settings, range(before), "")
    run_corpus(settings)
    published = query(settings, PATHS)
    put(settings, range(before, before + new), "poison")
    if not is_refused:
        run_corpus(settings)
        assert query(settings, "select count(*) from rejections where reason = 'breakdown'") == [(new,)]
        assert query(settings, PATHS) == published
        return
    for _ in range(2):  # it is the same when it is tried again
        with pytest.raises(StageError) as refused:
            run_corpus(settings)
        assert str(refused.value).startswith(
            f"annotate breaks down on every document that it was given, {new} so far ("
        )
        assert BROKEN in str(refused.value)
    assert query(settings, PATHS) == published
    mended = with_model(settings, toy_model)
    run_corpus(mended)
    assert query(mended, "select count(*) from documents") == [(before + new,)]
    assert differing(mended, anew(mended)) == []


# -- faults of others -------------------------------------------------------------------------------------------------

PASSAGES = [
    Passage(f"p{number}", f"d{number}", 1, "body", f"Text {number} of a paragraph.", 0, 20, None) for number in range(3)
]


def raising(error: Exception, *, at: str) -> Stage:
    def function(records: list[Passage], settings: Any) -> Iterator[Any]:
        if any(record.document_id == at for record in records):
            raise error
        yield from additions.function(records, settings)

    return dataclasses.replace(additions, function=function)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(28, "No space left on device"),
        ModuleNotFoundError("No module named 'spacy'"),
        CorpusError("the model is missing"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_no_fault_of_a_document_is_not_taken_for_one(error: Exception) -> None:
    with pytest.raises(type(error)):
        transform(raising(error, at="d1"), [PASSAGES], additions.settings())


def test_what_the_machine_does_while_documents_are_tried_one_by_one_is_no_fault_of_theirs() -> None:
    def function(records: list[Passage], _: Any) -> Iterator[Any]:
        raise MemoryError if len(records) == 1 else ValueError
        yield

    with pytest.raises(MemoryError):
        transform(dataclasses.replace(additions, function=function), [PASSAGES], additions.settings())


def test_the_others_of_a_batch_have_the_rows_that_they_have_by_themselves() -> None:
    outcome = transform(raising(KeyError("x"), at="d1"), [PASSAGES], additions.settings())
    assert outcome.breakdowns == {"d1": "KeyError: 'x'"}
    expected = collect(additions.writes, additions.function([PASSAGES[0], PASSAGES[2]], additions.settings()))
    assert outcome.tables == expected


def test_what_is_said_of_a_breakdown_is_one_short_line() -> None:
    outcome = transform(raising(ValueError("line\n\tanother " + "x" * 9000), at="d0"), [PASSAGES], additions.settings())
    assert outcome.breakdowns["d0"].startswith("ValueError: line another xxx")
    assert len(outcome.breakdowns["d0"]) == 300
