"""The sentences behind a number of the published warehouse, and that they add up to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flows import display
from flows.display import PrintJson
from tasks.errors import UsageError
from warehouse.reader import ask


class NothingToExplainError(UsageError, LookupError):
    """The warehouse holds no such number."""


_ENTITY = """
select name, label, mention_count as stated
from entities
where entity_id in (select entity_id from pipeline.named_entities where name = lower($name))
"""
_NEAREST_ENTITIES = """
select name
from entities
order by greatest(
    jaro_winkler_similarity(lower(name), lower($name)),
    coalesce(list_max(list_transform(aliases, lambda alias: jaro_winkler_similarity(lower(alias), lower($name)))), 0)
) desc, mention_count desc, name
limit 3
"""
_MENTIONS = """
select date, path, passage_id, start_char, end_char, text, sentence, 1 as occurrences
from entity_mentions($name)
"""
_TREND = """
select coalesce(sum(occurrences), 0)::bigint as stated
from keyword_counts
where term = lower($term) and granularity = $granularity and ($start is null or period_start = $start::date)
"""
_NEAREST_TERMS = """
select term
from terms
order by jaro_winkler_similarity(term, lower($term)) desc, occurrences desc, term
limit 3
"""
_OCCURRENCES = """
select date, path, passage_id, sentence_id, sentence, occurrences
from term_occurrences($term, period := $granularity)
where $start is null or period_start = $start::date
"""
_REFERENCE = """
select coalesce(sum(occurrences), 0)::bigint as total
from term_occurrences($term, period := $granularity)
where period_start <> $start::date
"""
_KEYNESS = """
select occurrences, reference_occurrences, log_likelihood, log_ratio, log_odds_z, rank
from period_keyness
where term = lower($term) and granularity = $granularity and period_start = $start::date
"""
_DISTINCTIVE = """
select term
from period_keyness
where granularity = $granularity and period_start = $start::date
order by rank
limit 3
"""
_CONCEPT = """
select coalesce(sum(occurrences), 0)::bigint as stated
from concept_trends
where lower(term) = lower($name) and granularity = $granularity and ($start is null or period_start = $start::date)
"""
_NEAREST_CONCEPTS = """
select concept
from concepts
order by jaro_winkler_similarity(lower(concept), lower($name)) desc, concept
limit 3
"""
_CONCEPT_MENTIONS = """
select date, path, passage_id, start_char, end_char, variant, sentence, 1 as occurrences
from concept_occurrences($name, period := $granularity)
where $start is null or period_start = $start::date
"""
_TOPIC = """
select topic_id, label, share as stated
from topics
where topic_id = $topic or lower(label) = lower($topic)
order by topic_id
limit 1
"""
_NEAREST_TOPICS = """
select topic_id || ' (' || label || ')'
from topics
order by jaro_winkler_similarity(lower(label), lower($topic)) desc, topic_id
limit 3
"""
_PASSAGES = "select date, path, passage_id, weight, share, text from topic_passages($topic)"
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def explain_entity(warehouse: Path, name: str, *, print_json: PrintJson) -> None:
    """Print the sentences that name an entity; they add up to its `mention_count`."""
    found = ask(warehouse, _ENTITY, {"name": name}).to_pylist()
    if not found:
        raise NothingToExplainError(
            f"no entity is called {name!r}; the nearest: {_listed(warehouse, _NEAREST_ENTITIES, {'name': name})}"
        )
    rows = ask(warehouse, _MENTIONS, {"name": name}).to_pylist()
    _show(rows, found[0]["stated"], f"mentions of {found[0]['name']} ({found[0]['label']})", print_json)


def explain_trend(warehouse: Path, term: str, period: str | None, *, print_json: PrintJson) -> None:
    """Print the sentences in which a term stands in a period, or in all dated documents; they add up to the count."""
    granularity, start = _parsed_period(period)
    values = {"term": term, "granularity": granularity, "start": start}
    stated = ask(warehouse, _TREND, values).to_pylist()[0]["stated"]
    if not stated and not ask(warehouse, "select 1 from terms where term = lower($term)", {"term": term}).num_rows:
        raise NothingToExplainError(
            f"{term!r} is no term; the nearest: {_listed(warehouse, _NEAREST_TERMS, {'term': term})}"
        )
    rows = ask(warehouse, _OCCURRENCES, values).to_pylist()
    _show(rows, stated, f"occurrences of {term} {_span(period)}", print_json)


def explain_keyness(warehouse: Path, term: str, period: str, *, print_json: PrintJson) -> None:
    """Print the sentences by which a term sets a period apart, and what the rest has of it; both add up to the counts."""
    granularity, start = _parsed_period(period)
    values = {"term": term, "granularity": granularity, "start": start}
    found = ask(warehouse, _KEYNESS, values).to_pylist()
    if not found:
        named = {"granularity": granularity, "start": start}
        raise NothingToExplainError(
            f"{term!r} does not set {period} apart; what does most: {_listed(warehouse, _DISTINCTIVE, named)}"
        )
    rows = ask(warehouse, _OCCURRENCES, values).to_pylist()
    rest = ask(warehouse, _REFERENCE, values).to_pylist()[0]["total"]
    (stated,) = found
    _show(
        rows,
        stated["occurrences"],
        f"occurrences of {term} in {period}",
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


def explain_concept(warehouse: Path, name: str, period: str | None, *, print_json: PrintJson) -> None:
    """Print the sentences with a concept of the watchlist in any variant; they add up to the count."""
    granularity, start = _parsed_period(period)
    values = {"name": name, "granularity": granularity, "start": start}
    known = ask(
        warehouse, "select concept from concepts where lower(concept) = lower($name)", {"name": name}
    ).to_pylist()
    if not known:
        raise NothingToExplainError(
            f"no concept is called {name!r}; the nearest: {_listed(warehouse, _NEAREST_CONCEPTS, {'name': name})}"
        )
    rows = ask(warehouse, _CONCEPT_MENTIONS, values).to_pylist()
    stated = ask(warehouse, _CONCEPT, values).to_pylist()[0]["stated"]
    _show(rows, stated, f"occurrences of {known[0]['concept']} {_span(period)}", print_json)


def explain_topic(warehouse: Path, topic: str, *, print_json: PrintJson) -> None:
    """Print the passages that carry a topic, named by id or label; their shares add up to that of the topic."""
    found = ask(warehouse, _TOPIC, {"topic": topic}).to_pylist()
    if not found:
        raise NothingToExplainError(
            f"there is no topic {topic!r}; the nearest: {_listed(warehouse, _NEAREST_TOPICS, {'topic': topic})}"
        )
    rows = ask(warehouse, _PASSAGES, {"topic": found[0]["topic_id"]}).to_pylist()
    total = round(sum(row["share"] for row in rows), 6)
    if print_json is not None:
        print_json(
            {"what": f"share of {found[0]['label']}", "stated": found[0]["stated"], "total": total, "evidence": rows}
        )
        return
    for row in rows:
        date = row["date"] or "undated"
        display.say(f"{row['share']:.2%}  {date}  {row['path']}  {row['passage_id']}")
        display.say(f"    {row['text']}")
    display.say(
        f"{total:.2%} of the corpus is about {found[0]['label']} ({found[0]['topic_id']}), in {len(rows):,} passages; "
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


def _span(period: str | None) -> str:
    return f"in {period}" if period else "in dated documents"


def _listed(warehouse: Path, query: str, values: dict[str, Any]) -> str:
    return (
        ", ".join(str(name) for column in ask(warehouse, query, values).columns for name in column.to_pylist())
        or "none"
    )


def _show(
    rows: list[dict[str, Any]], stated: int, what: str, print_json: PrintJson, beside: dict[str, Any] | None = None
) -> None:
    total = sum(row["occurrences"] for row in rows)
    if print_json is not None:
        print_json({"what": what, "stated": stated, "total": total, **(beside or {}), "evidence": rows})
        return
    for row in rows:
        times = f" ({row['occurrences']} times)" if row["occurrences"] > 1 else ""
        display.say(f"{row['date'] or 'undated'}  {row['path']}  {row['passage_id']}{times}")
        display.say(f"    {row['sentence']}")
    documents = len({row["path"] for row in rows})
    display.say(f"{total:,} {what}, in {documents:,} documents; the warehouse states {stated:,}")
