-- The nouns and noun phrases of each passage of counted documents, a long one in stretches. A term is a name if most of
-- its occurrences in the corpus are.
with names as (
    select term, 2 * sum(name_occurrences) > sum(occurrences) as is_name
    from term_counts
    where document_id not in (select document_id from pipeline.duplicates)
    group by term
)
select
    nouns.document_id,
    nouns.passage_id,
    nouns.stretch,
    nouns.term,
    nouns.occurrences,
    names.is_name
from pipeline.passage_nouns as nouns
join names on names.term = nouns.term
order by nouns.document_id, nouns.passage_id, nouns.stretch, nouns.term;
