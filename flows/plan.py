"""Plan: what a run would do and why, found out by beginning it and taking everything back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.intake import Changes, Options, check_seeds, take_in
from flows.run import new_run_id, publishes
from flows.settings import Settings
from flows.stages import STAGES, upstream
from flows.work import Work, find_work
from tasks.ingest import SeedFile
from warehouse import ledger
from warehouse.lock import lock
from warehouse.paths import FILE, private_file
from warehouse.recovery import copy_newest
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What a stage would do and why. `at_most` tells that stages before it have a say in how much it will be."""

    stage: str
    documents: int
    vanished: int
    at_most: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do: the changed files, each stage's work, what has to be said, and whether it `publishes` anything.

    It may without work for any stage, as when a file that is no document is listed, or the last run was cut off.
    """

    changes: Changes
    stages: list[StagePlan]
    notices: list[str]
    publishes: bool


def plan(settings: Settings, options: Options = Options()) -> Plan:  # noqa: B008 - it is frozen
    """What a run would do. Nothing is changed."""
    check_seeds(settings)
    with (
        _as_a_run_finds_it(settings.warehouse) as (path, notices),
        Store(path, keep_schema=False) as store,
        store.rehearsal() as cursor,
    ):
        intake = take_in(cursor, store, settings, options)
        refusal = [f"`corpus run` would refuse: {intake.loss}"] if intake.loss else []
        return Plan(
            intake.changes,
            _stage_plans(cursor, intake.settings),
            [*notices, *intake.notices, *refusal],
            not intake.loss and publishes(cursor, intake),
        )


@contextmanager
def _as_a_run_finds_it(warehouse: Path) -> Iterator[tuple[Path | None, list[str]]]:
    """The pipeline's own file, held; where it is gone, a copy of the version that a run would go on from, or None."""
    path = private_file(warehouse)
    if path.exists():
        with lock(warehouse, f"plan {new_run_id()}"):
            yield path, []
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / FILE
        version = copy_newest(warehouse, copy)
        notices = [f"{path} is not there; `corpus run` goes on from the version that {version} published"]
        yield (copy, notices) if version else (None, [])


def _stage_plans(cursor: Any, settings: Settings) -> list[StagePlan]:
    plans: dict[str, StagePlan] = {}
    documents = ledger.units(cursor, SeedFile.TABLE)  # and no more periods
    reached: dict[str, set[str]] = {}  # the documents that each stage may work on
    gone: dict[str, set[str]] = {}  # and those that are gone before its turn
    for stage in STAGES:
        work = find_work(cursor, stage, settings)
        if stage.per == "document":
            taken_out = set().union(*(gone.get(name, ()) for name in upstream(stage)))
            gone[stage.name] = taken_out.union(work.vanished)
            work = replace(work, pending=[unit for unit in work.pending if unit.key_id not in taken_out])
        before = [
            plans[name]
            for name in upstream(stage)
            if plans[name].documents or plans[name].at_most or plans[name].vanished
        ]
        reasons = _reasons(cursor, work)
        if stage.per == "document":
            pending = {unit.key_id for unit in work.pending}
            reached[stage.name] = pending.union(*(reached.get(plan.stage, ()) for plan in before))
            if stage.context and before:  # what all documents have in common may change
                reached[stage.name] |= ledger.unit_ids(cursor, stage.reads[0].TABLE)
            at_most = len(reached[stage.name] - pending)
        elif stage.per == "period" and not stage.units:
            at_most = max((plan.documents + plan.at_most for plan in before), default=0)
            at_most = max(0, min(at_most, documents) - len(work.pending))
        elif stage.per == "period" and before:
            added = max(plan.documents + plan.at_most for plan in before)  # each may open a period
            at_most = max(0, min(ledger.units(cursor, stage.source) + added, documents) - len(work.pending))
        else:
            at_most = int(bool(before) and not work.pending)
        if before and at_most:
            *others, last = (plan.stage for plan in before)
            named = f"{', '.join(others)} and {last} give" if others else f"{last} gives"
            reasons.append(f"if what {named} has changed")
        plans[stage.name] = StagePlan(stage.name, len(work.pending), len(work.vanished), at_most, tuple(reasons))
    return list(plans.values())


def _reasons(cursor: Any, work: Work) -> list[str]:
    stage, counted = work.stage, Counter(unit.reason for unit in work.pending)
    unit = "corpus" if stage.per == "corpus" else "document"
    reasons: list[str] = []
    if counted["new"]:
        reasons.append(f"{counted['new']:,} new" if unit == "document" else "not done yet")
    if counted["input"]:
        reasons.append(f"{counted['input']:,} with changed input" if unit == "document" else "its input has changed")
    if work.vanished:
        reasons.append(f"{len(work.vanished):,} gone")
    if counted["stage"] or (counted["input"] and unit == "corpus"):
        before, now = ledger.fingerprint_parts(cursor, stage.name), work.parts
        differing = [part for part in sorted(before.keys() | now.keys()) if before.get(part) != now.get(part)]
        reasons += [_difference(part, before.get(part), now.get(part)) for part in differing]
    return reasons


def _difference(part: str, before: str | None, now: str | None) -> str:
    if part.startswith(("setting", "library", "version")) and len(f"{before}{now}") < 80:
        return f"{part}: {before or 'none'} -> {now or 'none'}"
    return f"{part} has changed"
