"""The parts of the README that follow from the code: `python -m flows.documentation` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from flows.folders import PREFIX
from flows.settings import FILLED_IN, Settings
from flows.stages import STAGES, upstream
from warehouse.definitions import sql, sql_names

README = Path(__file__).parent.parent / "README.md"


def stage_table() -> str:
    """Every stage with what it reads, what it writes, and what it does."""
    rows = []
    for stage in STAGES:
        reads = ", ".join(f"`{record.TABLE}`" for record in stage.reads)
        writes = ", ".join(f"`{record.TABLE}`" for record in stage.writes)
        unit = "the whole corpus" if stage.per == "corpus" else f"each {stage.per}"
        after = ", ".join(upstream(stage)) or "the files"
        rows.append((f"`{stage.name}`", stage.summary, unit, after, reads, writes))
    return _markdown(("stage", "does", "works on", "after", "reads", "writes"), rows)


def settings_table() -> str:
    """Every setting with its default and description."""
    rows = []
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            rows += [
                (f"`{name}.{key}`", _default(inner), inner.description)
                for key, inner in field.annotation.model_fields.items()
                if key not in FILLED_IN.get(name, ())
            ]
        else:
            rows.append((f"`{name}`", _default(field), field.description))
    return _markdown(("setting", "default", "meaning"), rows)


def table_list() -> str:
    """Every public table and view with what one row of it is."""
    rows = []
    for folder in ("schema", "views", "schema/history"):
        for name in sql_names(folder):
            for table, comment in re.findall(
                r"comment on (?:table|view) ([\w.]+) is '((?:[^']|'')*)'", sql(folder, name)
            ):
                if "." not in table:
                    rows.append((f"`{table}`", comment.replace("''", "'")))
    return _markdown(("table", "grain"), sorted(rows))


PARTS: dict[str, Callable[[], str]] = {"stages": stage_table, "settings": settings_table, "tables": table_list}


def with_generated_parts(text: str) -> str:
    """The README's text with its generated parts as the code has them now."""
    for name, make in PARTS.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = text.partition(start)
        _, _, after = rest.partition(end)
        text = f"{before}{start}{make()}\n{end}{after}"
    return text


def _default(field: Any) -> str:
    default = field.get_default(call_default_factory=True)
    if default is None:
        return "none"
    if isinstance(default, tuple):
        return ", ".join(f"`{part}`" for part in default) or "none"
    return f"`{default}`"


def _markdown(columns: tuple[str, ...], rows: list[Any]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    README.write_text(with_generated_parts(README.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{README.name}: {', '.join(PARTS)} are up to date; the environment's variables start with {PREFIX}")
