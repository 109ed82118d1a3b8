-- How much there is to fit topics to, and how much of it the active model knows.
with totals as (
    select
        term,
        sum(noun_occurrences)::bigint as occurrences,
        2 * sum(name_occurrences) > sum(occurrences) as is_name
    from term_counts
    where document_id not in (select document_id from pipeline.duplicates)
    group by term
)
select
    coalesce(sum(occurrences), 0)::bigint as tokens,
    coalesce(
        sum(occurrences) filter (
            where term in (select unnest(terms) from pipeline.topic_fits where status = 'active')
        ),
        0
    )::bigint as known
from totals
where not is_name
having count(*) > 0;
