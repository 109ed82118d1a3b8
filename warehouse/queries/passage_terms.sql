-- The nouns and noun phrases of each passage, a long one in stretches of eight sentences. Verbs are left out: they tell
-- what is done about a subject, not what the subject is. A term is a name if most of its occurrences in the corpus are.
with counted as (
    select
        counts.document_id,
        counts.passage_id,
        sentences.position // 8 as stretch,
        counts.term,
        counts.noun_occurrences,
        counts.occurrences,
        counts.name_occurrences
    from term_counts as counts
    join sentences on sentences.sentence_id = counts.sentence_id
    where counts.document_id not in (select document_id from pipeline.duplicates)
),
names as (
    select term, 2 * sum(name_occurrences) > sum(occurrences) as is_name
    from counted
    group by term
)
select
    counted.document_id,
    counted.passage_id,
    counted.stretch,
    counted.term,
    sum(counted.noun_occurrences)::bigint as occurrences,
    any_value(names.is_name) as is_name
from counted
join names on names.term = counted.term
group by counted.document_id, counted.passage_id, counted.stretch, counted.term
having sum(counted.noun_occurrences) > 0
order by counted.document_id, counted.passage_id, counted.stretch, counted.term;
