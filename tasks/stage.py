"""What a stage is: a pure function, the records it reads and writes, and a fingerprint of all that shapes its output."""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel

from tasks.source_code import data_files, helper_modules, source_digest


class Record(Protocol):
    """A frozen dataclass that equals one table: its fields are the columns."""

    TABLE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Many records of one type as an Arrow table, for what is too many to be Python objects.

    They take the place of all that the stage wrote before, or only of the rows whose key is among `instead_of`.
    """

    record: type[Record]
    table: pa.Table
    instead_of: pa.Array | None = None


Output = Record | Columns


@dataclass(frozen=True)
class Stage:
    """A stage as the runner sees it.

    `per` says what one unit of work is: a document (by its id), a period, or the whole corpus. A document stage takes the
    records of the one table it reads; a corpus stage takes one Arrow table for each name in `queries`, then its settings.
    A document stage with `queries` takes their tables, for its documents, in place of records, and behind them one table
    for each name in `context`, which is the same for all; a change in what other stages write for the whole corpus reaches it.
    A period stage takes the tables of its queries for its periods. Its query `units` names each `period`, the documents in it
    and what else counts of them there (`state`): a period is to be done where these differ, or what the first table that it
    reads has of them.
    A period stage with `deferred` queries takes up what has changed in the first table that it reads, another period stage's:
    the values that rows which differ have in its `key`, and functions that read the queries, given what a query asks about. It
    says which of its own rows, by their `key`, it makes anew.
    A corpus stage with `deferred` queries decides by itself whether it needs these: it takes functions that read them, given
    the ids that a query asks about, and as `reason` why it is called: it is new, the stage has changed, or its input only.
    Behind its queries a corpus stage takes those that it `recalls`, about what it wrote itself: their tables are empty unless
    only its input has changed since.
    The batches of a document stage hold `batch_size` documents at most, and not too many bytes: `bulk` names the field of
    what it reads that tells them, a text or a number of bytes.
    `key` is the column that says to which unit of work a row belongs.
    `load` takes its settings and imports and loads what it will need, so that this can be done while something else waits.
    """

    name: str
    module: str
    function: Callable[..., Iterable[Output]]
    reads: tuple[type[Record], ...]
    writes: tuple[type[Record], ...]
    version: int
    per: Literal["document", "period", "corpus"]
    queries: tuple[str, ...]
    units: str
    context: tuple[str, ...]
    deferred: tuple[str, ...]
    recalls: tuple[str, ...]
    key: str
    libraries: tuple[str, ...]
    settings: type[BaseModel]
    batch_size: int
    bulk: str
    is_parallel: bool
    load: Callable[[Any], object]

    @property
    def every_query(self) -> tuple[str, ...]:
        """The names of all queries whose results it may see."""
        return self.queries + self.context + self.deferred + self.recalls + ((self.units,) if self.units else ())

    @property
    def source(self) -> str:
        """Under what name the ledger has the digests of what the units are made from."""
        return self.units or self.reads[0].TABLE

    @property
    def needs_nothing(self) -> bool:
        """Whether any process can work on its documents at once: all that this takes is their records."""
        return self.per == "document" and not self.queries and self.load is load_nothing

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]

    def fingerprint(self, settings: BaseModel) -> dict[str, str]:
        """Everything but the input that shapes the output, by name: a changed value means the stage must run again."""
        parts = {"version": str(self.version)}
        for key, field in type(settings).model_fields.items():
            if not shapes_output(field.json_schema_extra):
                continue
            parts[f"setting {self.name}.{key}"] = str(settings.model_dump(mode="json", include={key})[key])
        for module in sorted(helper_modules(self.module)):
            parts[f"code {module}"] = source_digest(module)
        for data in sorted(data_files(self.module)):
            parts[f"data {data.name}"] = hashlib.sha256(data.read_bytes()).hexdigest()[:16]
        model = getattr(settings, "model", None)
        for library in (*self.libraries, *([model] if isinstance(model, str) else [])):
            parts[f"library {library}"] = _library_version(library)
        return parts


def load_nothing(_: BaseModel) -> None:
    """What a stage loads that needs nothing but its own module."""


def stage(
    *,
    reads: type[Record] | tuple[type[Record], ...],
    writes: type[Record] | tuple[type[Record], ...],
    version: int,
    settings: type[BaseModel],
    per: Literal["document", "period", "corpus"] | None = None,
    queries: tuple[str, ...] = (),
    units: str = "",
    context: tuple[str, ...] = (),
    deferred: tuple[str, ...] = (),
    recalls: tuple[str, ...] = (),
    key: str = "",
    libraries: tuple[str, ...] = (),
    batch_size: int = 500,
    bulk: str = "",
    is_parallel: bool = False,
    load: Callable[[Any], object] = load_nothing,
) -> Callable[[Callable[..., Iterable[Output]]], Stage]:
    """Declare a function as the stage of its name.

    Where `per` does not say so, one with `units` works period by period, one with `queries` on the whole corpus, and another
    document by document.
    """

    def declare(function: Callable[..., Iterable[Output]]) -> Stage:
        return Stage(
            name=function.__name__,
            module=function.__module__,
            function=function,
            reads=reads if isinstance(reads, tuple) else (reads,),
            writes=writes if isinstance(writes, tuple) else (writes,),
            version=version,
            per=per or ("period" if units else "corpus" if queries else "document"),
            queries=queries,
            units=units,
            context=context,
            deferred=deferred,
            recalls=recalls,
            key=key or ("period" if units else "document_id"),
            libraries=libraries,
            settings=settings,
            batch_size=batch_size,
            bulk=bulk,
            is_parallel=is_parallel,
            load=load,
        )

    return declare


def shapes_output(extra: object) -> bool:
    """Whether a settings field belongs in the fingerprint; one such as a number of workers is marked that it does not."""
    return not (isinstance(extra, dict) and extra.get("shapes_output") is False)


_ARROW: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    datetime.date: pa.date32(),
    datetime.datetime: pa.timestamp("us"),
}


def _arrow_type(hint: Any) -> pa.DataType:
    if get_origin(hint) in (types.UnionType, typing.Union):
        (hint,) = (argument for argument in get_args(hint) if argument is not type(None))
    if get_origin(hint) is tuple:
        return pa.list_(_arrow_type(get_args(hint)[0]))
    if get_origin(hint) is Literal:
        return pa.string()
    return _ARROW[hint]


@cache
def arrow_schema(record: type[Record]) -> pa.Schema:
    """The record's fields as Arrow fields, in order."""
    hints = typing.get_type_hints(record)
    return pa.schema([(field.name, _arrow_type(hints[field.name])) for field in fields(record)])


def to_table(record: type[Record], rows: Iterable[Record]) -> pa.Table:
    """Records of one type as an Arrow table."""
    schema = arrow_schema(record)
    rows = list(rows)
    return pa.table([[getattr(row, name) for row in rows] for name in schema.names], schema=schema)


def collect(writes: Iterable[type[Record]], output: Iterable[Output]) -> dict[type[Record], pa.Table]:
    """What a stage yielded, one Arrow table for each record type that it writes, empty ones included."""
    rows: dict[type[Record], list[Record]] = {record: [] for record in writes}
    columns: dict[type[Record], list[pa.Table]] = {record: [] for record in writes}
    for item in output:
        if isinstance(item, Columns):
            columns[item.record].append(item.table.select(arrow_schema(item.record).names))
        else:
            rows[type(item)].append(item)
    return {
        record: pa.concat_tables([to_table(record, rows[record]), *columns[record]], promote_options="permissive")
        for record in rows
    }


def _library_version(name: str) -> str:
    return _package_version(name) or _model_folder_digest(Path(name))


@cache  # what is imported stays what it is, whatever is installed meanwhile
def _package_version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _model_folder_digest(folder: Path) -> str:
    """The version of a spaCy pipeline that is a folder and not a package: its contents count."""
    if not folder.is_dir():
        return "not installed"
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
