"""Period keyness: which terms set a period apart from all others."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from tasks.bursts import Counts
from tasks.keyness import keyness, rounded
from tasks.stage import Columns, arrow_schema

_G2_BOUND = 10.83  # chi-square with one degree of freedom at 0.1%: a period is compared by many terms at once


@dataclass(frozen=True, slots=True)
class PeriodKeyness:
    """One term that sets a period apart from all others."""

    TABLE: ClassVar[str] = "period_keyness"

    granularity: str
    period_start: datetime.date
    term: str
    occurrences: int
    documents: int
    reference_occurrences: int
    log_likelihood: float
    log_ratio: float
    log_odds_z: float
    rank: int
    is_partial: bool


def period_keyness(
    granularity: str,
    terms: pa.ChunkedArray,
    counts: Counts,
    spans: pa.Table,
    *,
    fewest_occurrences: int,
    most_terms: int,
) -> Columns:
    """The terms that set each period of one granularity apart from the others, so many of each period at most.

    `counts` say how often each of the `terms` occurs in each period, `spans` has a row for each period: `period_start`,
    `period_tokens`, `period_documents` and whether it `is_partial`. A term needs `fewest_occurrences` in the period.
    """
    period_tokens, period_documents = (spans[name].to_numpy() for name in ("period_tokens", "period_documents"))
    words = int(period_tokens.sum())
    # In a period of several documents, what one of them alone says sets that document apart and not the period.
    wanted = np.flatnonzero(
        (counts.occurrences >= fewest_occurrences)
        & (counts.documents >= np.minimum(2, period_documents)[counts.column])
        & (period_tokens[counts.column] < words)
    )
    everywhere = np.bincount(counts.row, weights=counts.occurrences, minlength=len(terms)).astype(np.int64)
    row, column, occurrences, documents = (values[wanted] for values in counts)
    reference, tokens = everywhere[row] - occurrences, period_tokens[column]
    measures = keyness(occurrences, reference, tokens, words - tokens)
    distinctive = np.flatnonzero((measures.log_ratio > 0) & (measures.log_likelihood >= _G2_BOUND))
    table = pa.table(
        {
            "granularity": pa.array([granularity] * len(distinctive), pa.string()),
            "period_start": spans["period_start"].take(column[distinctive]),
            "is_partial": spans["is_partial"].take(column[distinctive]),
            "term": terms.take(row[distinctive]),
            "occurrences": occurrences[distinctive],
            "documents": documents[distinctive],
            "reference_occurrences": reference[distinctive],
            **{name: values[distinctive] for name, values in rounded(measures).items()},
        }
    ).sort_by([("period_start", "ascending"), ("log_odds_z", "descending"), ("term", "ascending")])
    _, opens, sizes = np.unique(table["period_start"].to_numpy(), return_index=True, return_counts=True)
    rank = np.arange(1, table.num_rows + 1) - np.repeat(opens, sizes)
    table = table.append_column("rank", pa.array(rank)).filter(pa.array(rank <= most_terms))
    return Columns(PeriodKeyness, table.select(arrow_schema(PeriodKeyness).names))
