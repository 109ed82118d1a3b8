-- A term that sets a period apart is counted in it.
with counted as (
    select
        keyness.granularity,
        keyness.period_start,
        keyness.term,
        sum(counts.occurrences) as occurrences,
        sum(counts.documents) as documents
    from period_keyness as keyness
    join pipeline.term_periods as counts
        on counts.term = keyness.term
        and counts.granularity = keyness.granularity
        and counts.period_start = keyness.period_start
    group by keyness.granularity, keyness.period_start, keyness.term
)
select keyness.granularity, keyness.period_start, keyness.term
from period_keyness as keyness
left join counted
    on counted.granularity = keyness.granularity
    and counted.period_start = keyness.period_start
    and counted.term = keyness.term
where counted.occurrences is distinct from keyness.occurrences or counted.documents is distinct from keyness.documents;
