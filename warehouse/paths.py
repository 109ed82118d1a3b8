"""Where the files of a warehouse are."""

from __future__ import annotations

from pathlib import Path

from warehouse.errors import WarehouseError

FILE = "corpus.duckdb"


def private_file(warehouse: Path) -> Path:
    """The pipeline's own file."""
    return warehouse / "private" / FILE


def version_file(warehouse: Path, run_id: str) -> Path:
    """The file that a run publishes."""
    return warehouse / "versions" / run_id / FILE


def published_file(warehouse: Path) -> Path:
    """The file that readers open."""
    return warehouse / "current" / FILE


def is_own(warehouse: Path, path: Path) -> bool:
    """Whether a path leads to what a warehouse is made of, which nothing else may write to."""
    folders = (warehouse / "private", warehouse / "versions", warehouse / "current")
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in folders)


def check_link(warehouse: Path) -> None:
    """Raise `WarehouseError` where a folder stands in the place of the link that leads readers to a version."""
    link = warehouse / "current"
    if link.exists() and not link.is_symlink():
        raise WarehouseError(
            f"{link} is a folder and no link to a version, as in a copy that follows links: take it away, and `corpus run` "
            "publishes anew"
        )


def published_run(warehouse: Path) -> str | None:
    """The run whose warehouse readers see."""
    link = warehouse / "current"
    return link.readlink().name if link.is_symlink() and published_file(warehouse).exists() else None
