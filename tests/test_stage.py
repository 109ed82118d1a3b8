"""What stages declare: records as Arrow tables, and a fingerprint that changes with all that shapes the output."""

from __future__ import annotations

import ast
import datetime
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import tasks
from flows.stages import STAGES
from tasks.errors import CorpusError
from tasks.source_code import helper_modules
from tasks.stage import Columns, Stage, arrow_schema, collect, shapes_output, stage, to_table


@dataclass(frozen=True, slots=True)
class Shape:
    """A record with every type of field."""

    TABLE: ClassVar[str] = "shapes"

    name: str
    sides: int
    area: float
    is_round: bool
    drawn_on: datetime.date
    seen_at: datetime.datetime
    kind: Literal["flat", "solid"]
    colours: tuple[str, ...]
    corners: tuple[int, ...]
    note: str | None
    weight: float | None
    form: Literal["thin", "thick"] | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A record of two fields."""

    TABLE: ClassVar[str] = "spots"

    place: str
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """Another record."""

    TABLE: ClassVar[str] = "lines"

    length: float | None


SHAPE = Shape(
    name="square",
    sides=4,
    area=2.25,
    is_round=False,
    drawn_on=datetime.date(2020, 2, 29),
    seen_at=datetime.datetime(2021, 3, 4, 5, 6, 7, 8),  # noqa: DTZ001 - what is stored has no zone
    kind="flat",
    colours=("red", "blue"),
    corners=(),
    note=None,
    weight=1.5,
    form=None,
)


# -- records and Arrow ------------------------------------------------------------------------------------------------


def test_a_records_fields_are_the_columns_in_order_and_none_is_no_type_of_its_own() -> None:
    assert arrow_schema(Shape) == pa.schema(
        [
            ("name", pa.string()),
            ("sides", pa.int64()),
            ("area", pa.float64()),
            ("is_round", pa.bool_()),
            ("drawn_on", pa.date32()),
            ("seen_at", pa.timestamp("us")),
            ("kind", pa.string()),
            ("colours", pa.list_(pa.string())),
            ("corners", pa.list_(pa.int64())),
            ("note", pa.string()),
            ("weight", pa.float64()),
            ("form", pa.string()),
        ]
    )


def test_records_become_rows_with_their_values() -> None:
    expected = {name: getattr(SHAPE, name) for name in arrow_schema(Shape).names} | {
        "colours": ["red", "blue"],
        "corners": [],
    }
    assert to_table(Shape, [SHAPE, SHAPE]).to_pylist() == [expected, expected]


def test_no_records_are_a_table_with_the_records_columns() -> None:
    table = to_table(Shape, iter(()))
    assert (table.num_rows, table.schema) == (0, arrow_schema(Shape))


@profile(deadline=None, derandomize=True)
@given(st.lists(st.builds(Spot, place=st.text(st.characters(codec="utf-8")), size=st.integers(-(2**63), 2**63 - 1))))
def test_records_come_back_from_their_table(rows: list[Spot]) -> None:
    assert [Spot(**row) for row in to_table(Spot, rows).to_pylist()] == rows


def spots(*sizes: int, kind: pa.DataType | None = None) -> Columns:
    """Spots as columns, with one column that the record does not have."""
    columns = {"size": pa.array(sizes, kind or pa.int64()), "extra": pa.array(sizes, pa.int64())}
    return Columns(Spot, pa.table({"place": pa.array(["here"] * len(sizes), pa.string()), **columns}))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param([], {Spot: [], Line: []}, id="nothing"),
        pytest.param([Spot("a", 1)], {Spot: [("a", 1)], Line: []}, id="records of one type"),
        pytest.param(
            [Line(1.0), Spot("a", 1), Line(None)],
            {Spot: [("a", 1)], Line: [(1.0,), (None,)]},
            id="records of two types",
        ),
        pytest.param([spots(3, 4)], {Spot: [("here", 3), ("here", 4)], Line: []}, id="columns"),
        pytest.param([spots()], {Spot: [], Line: []}, id="columns without rows"),
        pytest.param(
            [spots(3), Spot("a", 1), spots(4), Spot("b", 2)],
            {Spot: [("a", 1), ("b", 2), ("here", 3), ("here", 4)], Line: []},
            id="columns among records",
        ),
        pytest.param([spots(3, kind=pa.int32())], {Spot: [("here", 3)], Line: []}, id="columns of a narrower type"),
    ],
)
def test_what_a_stage_yields_is_one_table_for_each_record_that_it_writes(
    output: list[Any], expected: dict[type[Any], list[tuple[Any, ...]]]
) -> None:
    tables = collect((Spot, Line), iter(output))
    assert {record: [tuple(row.values()) for row in table.to_pylist()] for record, table in tables.items()} == expected
    assert {record: table.schema for record, table in tables.items()} == {r: arrow_schema(r) for r in (Spot, Line)}


def test_a_stage_cannot_yield_what_it_does_not_declare() -> None:
    with pytest.raises(KeyError):
        collect((Spot,), [Line(1.0)])


# -- declaring a stage ------------------------------------------------------------------------------------------------


class Plain(BaseModel):
    """Settings of a stage for tests."""

    size: int = 3
    words: tuple[str, ...] = ()
    workers: int = Field(1, json_schema_extra={"shapes_output": False})


def declare(module: str = "tasks.similarity", **changes: Any) -> Stage:
    """A stage that is defined in a module of that name."""

    def painting(rows: Iterable[Spot], settings: Plain) -> Iterator[Line]:
        """Paint lines.

        The second paragraph is no summary.
        """
        return iter(())

    painting.__module__ = module
    return stage(**{"reads": Spot, "writes": Line, "version": 1, "settings": Plain, **changes})(painting)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ("document", (Spot,), (Line,), ()), id="document by document"),
        pytest.param(
            {"queries": ("periods",)}, ("corpus", (Spot,), (Line,), ("periods",)), id="queries make it corpus"
        ),
        pytest.param(
            {"reads": (Spot, Line), "writes": (Line, Spot)}, ("document", (Spot, Line), (Line, Spot), ()), id="2"
        ),
    ],
)
def test_a_stage_takes_its_name_and_summary_from_the_function(
    changes: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    declared = declare(**changes)
    assert (declared.per, declared.reads, declared.writes, declared.queries) == expected
    assert (declared.name, declared.summary) == ("painting", "Paint lines.")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        pytest.param(None, True, id="unmarked"),
        pytest.param({}, True, id="marked with nothing"),
        pytest.param({"shapes_output": True}, True, id="marked that it does"),
        pytest.param({"shapes_output": False}, False, id="marked that it does not"),
        pytest.param({"other": False}, True, id="marked otherwise"),
        pytest.param(dict, True, id="a function"),
    ],
)
def test_a_setting_shapes_the_output_unless_it_is_marked(extra: object, expected: bool) -> None:
    assert shapes_output(extra) is expected


# -- fingerprint ------------------------------------------------------------------------------------------------------

Write = Callable[[str], str]
_numbers = count()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a module of the package `tasks` with a name of its own, and return the name."""
    monkeypatch.setattr(tasks, "__path__", [*tasks.__path__, str(tmp_path)])

    def module(source: str) -> str:
        name = f"probe_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        importlib.invalidate_caches()
        return f"tasks.{name}"

    return module


SOURCE = '''
    """A module."""

    from dataclasses import dataclass

    FACTOR = 2


    @dataclass
    class Square:
        """A square."""

        side: int = 1  # in metres

        def area(self) -> int:
            """Its area."""
            return self.side**FACTOR


    async def wait():
        """Only this."""
'''


def code(module: str) -> str:
    return declare(module).fingerprint(Plain())[f"code {module}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("# in metres", "# in feet", id="a comment"),
        pytest.param("  # in metres", "", id="no comment"),
        pytest.param("A module.", "Another.", id="the module's docstring"),
        pytest.param('"""A module."""\n', "", id="no docstring of the module"),
        pytest.param("A square.", "A figure.", id="a class's docstring"),
        pytest.param('        """Its area."""\n', "", id="no docstring of a method"),
        pytest.param("Only this.", "Only that.", id="the docstring that is the whole body"),
        pytest.param("FACTOR = 2", "FACTOR = (\n        2\n    )", id="line breaks"),
        pytest.param("return self.side**FACTOR", "return self.side ** FACTOR", id="spaces"),
    ],
)
def test_comments_docstrings_and_layout_do_not_change_the_fingerprint(write: Write, old: str, new: str) -> None:
    assert old in SOURCE
    assert code(write(SOURCE)) == code(write(SOURCE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("FACTOR = 2", "FACTOR = 3", id="a constant"),
        pytest.param("FACTOR = 2", 'FACTOR = "2"', id="the type of a constant"),
        pytest.param("side: int = 1", "side: int = 2", id="a default"),
        pytest.param("self.side**FACTOR", "self.side*FACTOR", id="an operator"),
        pytest.param("@dataclass", "@dataclass(frozen=True)", id="a decorator"),
    ],
)
def test_a_change_of_code_changes_the_fingerprint(write: Write, old: str, new: str) -> None:
    assert old in SOURCE
    assert code(write(SOURCE)) != code(write(SOURCE.replace(old, new)))


def differing(first: dict[str, str], second: dict[str, str]) -> set[str]:
    return {part for part in first.keys() | second.keys() if first.get(part) != second.get(part)}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"size": 4}, {"setting painting.size"}, id="a number"),
        pytest.param({"words": ("a",)}, {"setting painting.words"}, id="a list"),
        pytest.param({"workers": 8}, set(), id="what is marked not to shape the output"),
        pytest.param(
            {"size": 4, "words": ("a",)}, {"setting painting.size", "setting painting.words"}, id="two settings"
        ),
    ],
)
def test_a_changed_setting_changes_its_own_part_of_the_fingerprint(changed: dict[str, Any], expected: set[str]) -> None:
    declared = declare()
    assert differing(declared.fingerprint(Plain()), declared.fingerprint(Plain(**changed))) == expected


@pytest.mark.parametrize("declared", STAGES, ids=lambda declared: declared.name)
def test_every_setting_of_every_stage_is_in_its_fingerprint_unless_it_is_marked(declared: Stage) -> None:
    parts = declared.fingerprint(declared.settings())
    fields = declared.settings.model_fields.items()
    wanted = {f"setting {declared.name}.{key}" for key, field in fields if shapes_output(field.json_schema_extra)}
    assert {part for part in parts if part.startswith("setting")} == wanted


def test_another_version_changes_the_version_alone() -> None:
    assert differing(declare(version=1).fingerprint(Plain()), declare(version=2).fingerprint(Plain())) == {"version"}


def test_another_library_version_changes_that_library_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = declare(libraries=("numpy", "scipy"))
    before = declared.fingerprint(Plain())
    version = tasks.stage._package_version
    monkeypatch.setattr(tasks.stage, "_package_version", lambda name: "0.0" if name == "scipy" else version(name))
    after = declared.fingerprint(Plain())
    assert differing(before, after) == {"library scipy"}
    assert after["library scipy"] == "0.0"


def test_a_library_that_is_not_there_is_named_as_such() -> None:
    assert declare(libraries=("no-such-library",)).fingerprint(Plain())["library no-such-library"] == "not installed"


class WithModel(Plain):
    """Settings that name a model."""

    model: str = "none"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "meta.json").write_text("{} "), id="a file's content"),
        pytest.param(lambda folder: (folder / "meta.json").rename(folder / "data.json"), id="a file's name"),
        pytest.param(lambda folder: (folder / "deep" / "more.bin").write_bytes(b""), id="one file more"),
    ],
)
def test_the_model_that_is_a_folder_is_in_the_fingerprint_with_its_content(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "meta.json").write_text("{}")
    declared, settings = declare(settings=WithModel), WithModel(model=str(tmp_path))
    before = declared.fingerprint(settings)
    assert differing(before, declared.fingerprint(settings)) == set()
    change(tmp_path)
    assert differing(before, declared.fingerprint(settings)) == {f"library {tmp_path}"}


def test_a_data_file_that_a_helper_names_is_in_the_fingerprint_with_its_content(write: Write, tmp_path: Path) -> None:
    helper = write('NAMES = "places.csv"\nOTHER = "absent.csv"\n')
    declared = declare(write(f"from {helper} import NAMES\n"))
    (tmp_path / "places.csv").write_text("a\n")
    before = declared.fingerprint(Plain())
    (tmp_path / "places.csv").write_text("b\n")
    assert differing(before, declared.fingerprint(Plain())) == {"data places.csv"}
    assert "data absent.csv" not in before


STAGE_SOURCE = """
    from tasks.stage import stage
    from {helper} import VALUE


    @stage(reads=object, writes=object, version=1, settings=object)
    def carving(rows, settings):
        return VALUE
"""


def test_helpers_of_helpers_count_and_other_stages_do_not(write: Write) -> None:
    of_the_other = write("VALUE = 1\n")
    other = write(STAGE_SOURCE.format(helper=of_the_other))
    last = write(f"from {other} import carving\nVALUE = 2\n")
    middle = write(f"def work():\n    from {last} import VALUE\n    return VALUE\n")
    unused = write("VALUE = 3\n")
    own = write(STAGE_SOURCE.format(helper=middle))
    assert helper_modules(own) == {own, middle, last}
    assert f"code {unused}" not in declare(own).fingerprint(Plain())


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("from tasks.{name} import VALUE", id="a name of the module"),
        pytest.param("from tasks import {name}", id="the module of the package"),
        pytest.param("import tasks.{name}", id="the module by its full name"),
        pytest.param("import tasks.{name} as helper", id="the module under another name"),
        pytest.param("from .{name} import VALUE", id="relative, a name"),
        pytest.param("from . import {name}", id="relative, the module"),
    ],
)
def test_a_helper_counts_however_it_is_imported(write: Write, statement: str) -> None:
    helper = write("VALUE = 1\n")
    own = write(statement.format(name=helper.removeprefix("tasks.")) + "\n")
    assert helper_modules(own) == {own, helper}


def test_two_modules_may_import_each_other(write: Write, tmp_path: Path) -> None:
    first = write("")
    second = write(f"from {first} import x\n")
    (tmp_path / f"{first.removeprefix('tasks.')}.py").write_text(f"from {second} import y\n", encoding="utf-8")
    assert helper_modules(first) == helper_modules(second) == {first, second}


def test_a_module_without_a_source_is_refused_with_its_name() -> None:
    with pytest.raises(CorpusError, match=r"tasks\.no_such_module"):
        helper_modules("tasks.no_such_module")


@pytest.mark.parametrize("declared", STAGES, ids=lambda declared: declared.name)
def test_a_stage_is_made_of_its_module_and_helpers_and_of_no_other_stage(declared: Stage) -> None:
    others = {other.module for other in STAGES} - {declared.module}
    modules = helper_modules(declared.module)
    assert declared.module in modules
    assert modules.isdisjoint(others)


@pytest.mark.parametrize("declared", STAGES, ids=lambda declared: declared.name)
def test_a_stage_takes_nothing_but_records_from_another_stages_module(declared: Stage) -> None:
    records = {other.module: {record.__name__ for record in other.writes} for other in STAGES if other is not declared}
    records["tasks.ingest"] = records.get("tasks.ingest", set()) | {"SeedFile"}
    tree = ast.parse(inspect.getsource(importlib.import_module(declared.module)))
    taken = {
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in records
        for alias in node.names
    }
    assert {(module, name) for module, name in taken if name not in records[str(module)]} == set()
