"""What the published warehouse holds and how its last runs went."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows import display
from flows.display import PrintJson
from flows.unpublished import Unpublished, noted
from warehouse.definitions import sql
from warehouse.errors import WarehouseError
from warehouse.lock import holder
from warehouse.paths import published_file
from warehouse.reader import Ask, asking, counted_tables


def show_status(warehouse: Path, *, print_json: PrintJson) -> None:
    """Print the last runs, counts per table and the quarantine."""
    busy = holder(warehouse)
    unpublished = noted(warehouse, is_held=busy is not None)
    if unpublished and not published_file(warehouse).exists():
        raise WarehouseError(f"nothing has been published yet. {_sentence(unpublished)}")
    with asking(warehouse) as ask:
        runs = _asked(ask, "runs")
        counts = counted_tables(ask)
        quarantined = _asked(ask, "quarantined")
        topics = _asked(ask, "topics")
        years = {row["year"]: row["period_documents"] for row in _asked(ask, "years")}
        notices = [row["notice"] for row in _asked(ask, "notices")]
    if print_json is not None:
        print_json(
            {
                "held_by": busy,
                "unpublished": asdict(unpublished) if unpublished else None,
                "runs": runs,
                "tables": counts,
                "quarantined": quarantined,
                "notices": notices,
                "topics": topics,
            }
        )
        return
    if busy:
        display.say(f"A run is going on: {busy}")
    elif unpublished:
        display.say(f"{_sentence(unpublished)}; what follows is of the run before it.")
    display.notes(notices)
    if topics and topics[0]["decision"] == "set_aside":
        display.say(
            f"A new topic model was set aside, and {topics[0]['model_id']} still places documents: {topics[0]['reason']}. "
            "`corpus run --refit-topics` takes a new one whatever is lost."
        )
    display.table(list(runs[0]) if runs else ["run_id"], [list(run.values()) for run in runs], title="Last runs")
    display.table(("table", "rows"), list(counts.items()), title="Tables")
    if sys.stdout.isatty() and years:
        first, last = min(years), max(years)
        counted = [years.get(year, 0) for year in range(first, last + 1)]
        display.say(f"Documents by year, {max(counted):,} at most: {first} {display.sparkline(counted)} {last}")
    if quarantined:
        display.table(("path", "reason", "detail"), [list(row.values()) for row in quarantined], title="Quarantined")
    else:
        display.say("Nothing is quarantined.")


def _asked(ask: Ask, query: str) -> list[dict[str, Any]]:
    """The rows of a file in `queries/status`."""
    return list(ask(sql("queries/status", query)).to_pylist())


def _sentence(run: Unpublished) -> str:
    return f"Run {run.run_id} published nothing: {run.status}" + (f", {run.error}" if run.error else "")
