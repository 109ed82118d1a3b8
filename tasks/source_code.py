"""What the stages are made of: the helpers that a module imports, its data files, and a digest of its syntax tree.

To parse and digest every module takes half a second, so what a text has been found to be may be remembered in a file.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tasks.errors import CorpusError


class Source(NamedTuple):
    """What a module's text says: all of it follows from the text alone.

    `digest` is of its syntax tree without docstrings, so that comments and layout do not count. `imports` are module and
    name, the latter empty where a module is imported as such; `tables` are the texts in it that name a file of data.
    """

    digest: str
    is_stage: bool
    imports: list[list[str]]
    tables: list[str]


# By the digest of the text, and of what decides how it is taken.
_remembered: dict[str, Source] = {}


@contextmanager
def remembered(path: Path) -> Iterator[None]:
    """Within it, what a text was found to be is taken from a file, and put there in the end if it was not there."""
    with suppress(OSError, ValueError, TypeError):  # a file that is not there, or no such file: it is made anew
        noted = dict(json.loads(path.read_text(encoding="utf-8")))
        _remembered.update({key: Source(*found) for key, found in noted.items()})
    before = len(_remembered)
    try:
        yield
    finally:
        if len(_remembered) > before:
            with suppress(OSError):  # then the next run finds it out once more
                path.write_text(json.dumps(_remembered, sort_keys=True), encoding="utf-8")


@cache
def helper_modules(module: str) -> frozenset[str]:
    """The stage's own module and the helpers it imports, however indirectly; other stages' modules are their own affair."""
    found = {module}
    queue = [module]
    while queue:
        for name in _imported(queue.pop()):
            if name not in found and name not in _NOT_OF_A_STAGE and not _source(name).is_stage:
                found.add(name)
                queue.append(name)
    return frozenset(found)


# What every stage imports, and none is shaped by.
_NOT_OF_A_STAGE = ("tasks", "tasks.errors", "tasks.stage")


def data_files(module: str) -> set[Path]:
    """Files beside the modules that their source names, such as `gazetteer.csv`."""
    paths = {_path(name).with_name(table) for name in helper_modules(module) for table in _source(name).tables}
    return {path for path in paths if path.is_file()}


def source_digest(module: str) -> str:
    """A digest of the module's syntax tree without docstrings."""
    return _source(module).digest


def _path(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise CorpusError(f"the module {module} has no source file, so its fingerprint cannot be taken")
    return Path(spec.origin)


@cache
def _source(module: str) -> Source:
    text = _path(module).read_bytes()
    key = hashlib.sha256(_how_it_is_taken() + text).hexdigest()
    if key not in _remembered:
        _remembered[key] = _taken(text)
    return _remembered[key]


@cache
def _how_it_is_taken() -> bytes:
    """What else than the text decides about a `Source`: this module, and what Python makes of a text."""
    return hashlib.sha256(sys.version.encode() + Path(__file__).read_bytes()).digest()


def _taken(text: bytes) -> Source:
    tree = ast.parse(text)
    is_stage = any(_is_stage(node) for node in tree.body)
    imports: list[list[str]] = []
    tables: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [[alias.name, ""] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports += [["." * node.level + (node.module or ""), alias.name] for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".csv"):
            tables.append(node.value)
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return Source(hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16], is_stage, imports, tables)


def _is_stage(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(d, ast.Call) and isinstance(d.func, ast.Name) and d.func.id == "stage" for d in node.decorator_list
    )


def _imported(module: str) -> Iterator[str]:
    """Yield the modules of this package that a module imports."""
    package = module.rpartition(".")[0]
    for base, name in _source(module).imports:
        base = importlib.util.resolve_name(base, package) if base.startswith(".") else base
        if base.split(".")[0] != "tasks":
            continue
        yield base
        if name and _is_package(base) and importlib.util.find_spec(f"{base}.{name}") is not None:
            yield f"{base}.{name}"


def _is_package(module: str) -> bool:
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None
