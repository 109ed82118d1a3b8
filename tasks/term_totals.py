"""Term totals: what is known of each term over the whole corpus, and what it has in each period."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel

from tasks.period_terms import PeriodTerm
from tasks.stage import Columns, arrow_schema, stage

Query = Callable[[list[str] | pa.Array], pa.Table]

_TERMS_AT_ONCE = 200_000  # which bounds the memory that their sums take


@dataclass(frozen=True, slots=True)
class TermTotal:
    """One term over the whole corpus.

    What begins with `month` is of the documents dated by their month, what begins with `year` of all that have a date.
    """

    TABLE: ClassVar[str] = "term_totals"

    term: str
    word_count: int
    document_count: int
    occurrences: int
    undated_occurrences: int
    is_name: bool
    left_out: str | None
    month_documents: int
    month_occurrences: int
    first_month: datetime.date | None
    last_month: datetime.date | None
    month_last_seen: datetime.date | None
    month_largest: int
    month_publishers: tuple[str, ...]
    year_documents: int
    year_occurrences: int
    first_year: datetime.date | None
    last_year: datetime.date | None
    year_last_seen: datetime.date | None
    year_largest: int
    year_publishers: tuple[str, ...]
    periods: tuple[int, ...]
    period_occurrences: tuple[int, ...]
    period_documents: tuple[int, ...]


class TermTotalsSettings(BaseModel, frozen=True, extra="forbid"):
    """There is nothing to set."""


@stage(
    reads=PeriodTerm,
    writes=TermTotal,
    version=1,
    settings=TermTotalsSettings,
    per="period",
    deferred=("affected_terms", "pieces", "term_totals"),
    key="term",
)
def term_totals(
    changed: pa.Array, affected_terms: Query, pieces: Query, totals: Query, _: TermTotalsSettings
) -> Iterator[Columns]:
    """Sum up each term over all periods.

    Only those terms are summed up again whose counts have `changed`, and what may be a piece of these. A phrase that nearly
    always stands in a longer one is a piece of that and no term of its own.
    """
    affected = affected_terms(changed)["term"].combine_chunks()
    pieces_among = pieces(affected)["term"].combine_chunks()
    schema = arrow_schema(TermTotal)
    for start in range(0, len(affected), _TERMS_AT_ONCE):
        terms = affected.slice(start, _TERMS_AT_ONCE)
        found = totals(terms)
        is_piece = pc.is_in(found["term"], value_set=pieces_among)
        left_out = pc.if_else(
            found["is_formula"], "formula", pc.if_else(is_piece, "piece", pa.scalar(None, pa.string()))
        )
        table = found.drop_columns(["cells", "is_formula"]).append_column("left_out", left_out)
        for name, lists in _series(found["cells"].combine_chunks()).items():
            table = table.append_column(name, lists)
        yield Columns(TermTotal, table.select(schema.names).cast(schema), instead_of=terms)


def _series(cells: pa.ListArray) -> dict[str, pa.ListArray]:
    """The cells of each term in the order of their periods, those of several publishers as one."""
    values = cells.flatten()
    row = np.repeat(np.arange(len(cells)), pc.list_value_length(cells).to_numpy())
    period, *counts = (values.field(name).to_numpy() for name in ("period", "occurrences", "documents"))
    order = np.argsort((row << 20) + period)  # 999912 is a number of 20 bits
    row, period = row[order], period[order]
    opens = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(period, prepend=-1) != 0))
    sums = [np.add.reduceat(values[order], opens) if len(opens) else values for values in counts]
    offsets = pa.array(np.searchsorted(row[opens], np.arange(len(cells) + 1)), pa.int32())
    names = ("periods", "period_occurrences", "period_documents")
    columns = (period[opens].astype(np.int64), *sums)
    return {name: pa.ListArray.from_arrays(offsets, column) for name, column in zip(names, columns, strict=True)}
