"""What sets some documents of the published warehouse apart from others, both named by a condition on `documents`."""

from __future__ import annotations

from flows import display
from flows.answers import rows_of
from flows.display import PrintJson
from tasks.errors import UsageError
from tasks.keyness import compare_sets
from warehouse.reader import Ask

_CHOSEN = "select document_id from documents where duplicate_of is null and ({condition})"
_TERMS = """
with chosen as ({chosen})
select counts.term, sum(counts.occurrences)::bigint as occurrences, count(distinct counts.document_id) as documents
from term_counts as counts
join chosen on chosen.document_id = counts.document_id
join terms on terms.term = counts.term
group by counts.term
order by counts.term
"""
_WORDS = """
with chosen as ({chosen})
select count(distinct chosen.document_id) as documents, coalesce(sum(sentences.word_count), 0)::bigint as words
from chosen
left join sentences on sentences.document_id = chosen.document_id
"""
_COLUMNS = (
    "term", "occurrences", "documents", "reference_occurrences", "reference_documents",
    "log_likelihood", "log_ratio", "log_odds_z",
)  # fmt: skip


class SetsError(UsageError, ValueError):
    """The documents named cannot be compared."""


def show_keyness(ask: Ask, where: str, against: str | None, limit: int, *, print_json: PrintJson) -> None:
    """Print the terms that set the documents of one condition apart from those of another, or from all others."""
    for option, condition in (("--where", where), ("--against", against)):
        if condition is not None and not condition.strip():
            raise SetsError(f"{option} is empty: give a condition on documents, such as \"publisher = 'Xinhua'\"")
    rest = f"not coalesce(({where}), false)"
    first, second = (_CHOSEN.format(condition=condition) for condition in (where, against or rest))
    shared = ask(f"{first} intersect {second}").num_rows
    if shared:
        raise SetsError(
            f"{display.counted(shared, 'document')} {'is' if shared == 1 else 'are'} in both sets: let --against leave them out"
        )
    sizes = [
        _size(ask, first, "--where names no document"),
        _size(ask, second, "--against names no document" if against else "--where leaves no other document"),
    ]
    terms = [ask(_TERMS.format(chosen=chosen)) for chosen in (first, second)]
    found = compare_sets(*terms, *(words for _, words in sizes)).select(_COLUMNS).slice(0, limit)
    if print_json is not None:
        print_json({"sizes": [{"documents": d, "words": w} for d, w in sizes], "terms": found.to_pylist()})
        return
    display.table(_COLUMNS, rows_of(found))
    (documents, words), (others, other_words) = sizes
    display.say(
        f"{display.counted(documents, 'document')} of {display.counted(words, 'word')} against {others:,} of {other_words:,}"
    )


def _size(ask: Ask, chosen: str, nothing: str) -> tuple[int, int]:
    documents, words = rows_of(ask(_WORDS.format(chosen=chosen)))[0]
    if not words:
        raise SetsError(f"{nothing} with words")
    return int(documents), int(words)
