-- The nouns and noun phrases of each passage: a verb tells what is done about a subject, not what the subject is. A term is a name if most of its occurrences in the corpus are.
with counted as (
    select document_id, passage_id, term, noun_occurrences, occurrences, name_occurrences
    from term_counts
    where document_id not in (select document_id from pipeline.duplicates)
),
names as (
    select term, 2 * sum(name_occurrences) > sum(occurrences) as is_name
    from counted
    group by term
)
select counted.document_id, counted.passage_id, counted.term, sum(counted.noun_occurrences)::bigint as occurrences, any_value(names.is_name) as is_name
from counted
join names on names.term = counted.term
group by counted.document_id, counted.passage_id, counted.term
having sum(counted.noun_occurrences) > 0
order by counted.document_id, counted.passage_id, counted.term;
