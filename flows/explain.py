"""The sentences behind a number of the published warehouse, and that they add up to it."""

from __future__ import annotations

import math
import re
from typing import Any

from flows import display
from flows.display import PrintJson
from tasks.errors import UsageError
from warehouse.definitions import sql
from warehouse.reader import Ask


class NothingToExplainError(UsageError, LookupError):
    """The warehouse holds no such number."""


_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)


def explain_entity(ask: Ask, name: str, *, print_json: PrintJson) -> None:
    """Print the sentences that name an entity; they add up to its `mention_count`."""
    found = _asked(ask, "entity", {"name": name})
    if not found:
        raise NothingToExplainError(
            f"no entity is called {name!r}; the nearest: {_listed(ask, 'nearest_entities', {'name': name})}"
        )
    rows = _asked(ask, "mentions", {"name": name})
    _show(rows, found[0]["stated"], "mention", f"of {found[0]['name']} ({found[0]['label']})", print_json)


def explain_trend(ask: Ask, term: str, period: str | None, *, print_json: PrintJson) -> None:
    """Print the sentences in which a term stands in a period, or in all dated documents; they add up to the count."""
    granularity, start = _counted_period(ask, period)
    values = {"term": term, "granularity": granularity, "start": start}
    stated = _asked(ask, "trend", values)[0]["stated"]
    if not stated and not _asked(ask, "known_term", {"term": term}):
        raise NothingToExplainError(
            f"{term!r} is no term; the nearest: {_listed(ask, 'nearest_terms', {'term': term})}"
        )
    rows = _asked(ask, "occurrences", values)
    _show(rows, stated, "occurrence", f"of {term} {_span(period)}", print_json)


def explain_keyness(ask: Ask, term: str, period: str, *, print_json: PrintJson) -> None:
    """Print the sentences by which a term sets a period apart, and what the rest has of it; both add up to the counts."""
    granularity, start = _counted_period(ask, period)
    values = {"term": term, "granularity": granularity, "start": start}
    found = _asked(ask, "keyness", values)
    if not found:
        named = {"granularity": granularity, "start": start}
        raise NothingToExplainError(
            f"{term!r} is not listed as setting {period} apart; what does most: {_listed(ask, 'distinctive', named)}"
        )
    rows = _asked(ask, "occurrences", values)
    rest = _asked(ask, "reference", values)[0]["total"]
    (stated,) = found
    _show(
        rows,
        stated["occurrences"],
        "occurrence",
        f"of {term} in {period}",
        print_json,
        {**stated, "reference_total": rest},
    )
    if print_json is not None:
        return
    display.say(
        f"{rest:,} in all other {granularity}s; the warehouse states {stated['reference_occurrences']:,}, "
        f"a log-likelihood of {stated['log_likelihood']:.1f}, a log-ratio of {stated['log_ratio']:.2f} "
        f"and a z of {stated['log_odds_z']:.1f}: rank {stated['rank']}"
    )


def explain_concept(ask: Ask, name: str, period: str | None, *, print_json: PrintJson) -> None:
    """Print the sentences with a concept of the watchlist in any variant; they add up to the count."""
    granularity, start = _parsed_period(period)
    values = {"name": name, "granularity": granularity, "start": start}
    known = _asked(ask, "known_concept", {"name": name})
    if not known:
        raise NothingToExplainError(
            f"no concept is called {name!r}; the nearest: {_listed(ask, 'nearest_concepts', {'name': name})}"
        )
    rows = _asked(ask, "concept_mentions", values)
    stated = _asked(ask, "concept", values)[0]["stated"]
    _show(rows, stated, "occurrence", f"of {known[0]['concept']} {_span(period)}", print_json)


def explain_topic(ask: Ask, topic: str, *, print_json: PrintJson) -> None:
    """Print the passages that carry a topic, named by id or label; their shares add up to that of the topic."""
    found = _asked(ask, "topic", {"topic": topic})
    if not found:
        raise NothingToExplainError(
            f"there is no topic {topic!r}; the nearest: {_listed(ask, 'nearest_topics', {'topic': topic})}"
        )
    rows = _asked(ask, "passages", {"topic": found[0]["topic_id"]})
    total = round(math.fsum(row["share"] for row in rows), 9)  # as the view `topics` rounds
    if print_json is not None:
        print_json(
            {"what": f"share of {found[0]['label']}", "stated": found[0]["stated"], "total": total, "evidence": rows}
        )
        return
    for row in rows:
        display.say(f"{row['share']:.2%}  {display.stated_date(row)}  {row['path']}  {row['passage_id']}")
        display.say(f"    {row['text']}")
    display.say(
        f"{total:.2%} of the corpus is about {found[0]['label']} ({found[0]['topic_id']}), "
        f"in {display.counted(len(rows), 'passage')}; "
        f"the warehouse states {found[0]['stated']:.2%}"
    )


def _parsed_period(period: str | None) -> tuple[str, str | None]:
    """The granularity that a period such as 2023, 2023-Q2 or 2023-05 is of, and its first day."""
    if period is None:
        return "year", None
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise NothingToExplainError(f"{period!r} is no period: write 2023, 2023-Q2 or 2023-05")
    if match["quarter"]:
        return "quarter", f"{match['year']}-{3 * int(match['quarter']) - 2:02}-01"
    return ("month", f"{match['year']}-{match['month']}-01") if match["month"] else ("year", f"{match['year']}-01-01")


def _counted_period(ask: Ask, period: str | None) -> tuple[str, str | None]:
    """The same of a period that terms are counted by; of none, the coarsest granularity."""
    counted = [row["granularity"] for row in _asked(ask, "granularities", {})]
    granularity, start = _parsed_period(period)
    if granularity in counted or not counted:
        return granularity, start
    if period is None:
        return counted[0], None
    raise NothingToExplainError(
        f"{period} is a {granularity}, and terms are counted by {' and '.join(counted)} (trends.granularities)"
    )


def _span(period: str | None) -> str:
    return f"in {period}" if period else "in dated documents"


def _asked(ask: Ask, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a file in `queries/explain`."""
    return list(ask(sql("queries/explain", query), values).to_pylist())


def _listed(ask: Ask, query: str, values: dict[str, Any]) -> str:
    return ", ".join(str(name) for row in _asked(ask, query, values) for name in row.values()) or "none"


def _show(
    rows: list[dict[str, Any]],
    stated: int,
    counted: str,
    what: str,
    print_json: PrintJson,
    beside: dict[str, Any] | None = None,
) -> None:
    """Print the sentences with what is counted in them, `mention` or `occurrence`, and that they add up to what is stated."""
    total = sum(row["occurrences"] for row in rows)
    if print_json is not None:
        print_json({"what": f"{counted}s {what}", "stated": stated, "total": total, **(beside or {}), "evidence": rows})
        return
    for row in rows:
        times = f" ({row['occurrences']} times)" if row["occurrences"] > 1 else ""
        display.say(f"{display.stated_date(row)}  {row['path']}  {row['passage_id']}{times}")
        display.say(f"    {row['sentence']}")
    documents = len({row["path"] for row in rows})
    display.say(
        f"{display.counted(total, counted)} {what}, in {display.counted(documents, 'document')}; "
        f"the warehouse states {stated:,}"
    )
