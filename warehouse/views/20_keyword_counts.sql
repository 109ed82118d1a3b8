create or replace view keyword_counts as
with counted as (
    select term, granularity, period_start, sum(occurrences)::bigint as occurrences, sum(documents)::bigint as documents
    from pipeline.term_periods
    group by term, granularity, period_start
)
select
    counted.term,
    counted.granularity,
    counted.period_start,
    counted.occurrences,
    counted.documents,
    periods.period_tokens,
    periods.period_documents,
    10000 * counted.occurrences / periods.period_tokens as per_10k,
    periods.is_partial
from counted
join terms on terms.term = counted.term
join pipeline.periods on periods.granularity = counted.granularity and periods.period_start = counted.period_start;

comment on view keyword_counts is 'One row per term and period in which it occurs.';
comment on column keyword_counts.term is 'The term';
comment on column keyword_counts.granularity is 'month, quarter or year';
comment on column keyword_counts.period_start is 'First day of the period';
comment on column keyword_counts.occurrences is 'How often it occurs in the period';
comment on column keyword_counts.documents is 'Documents of the period that it occurs in';
comment on column keyword_counts.period_tokens is 'Words of all documents of the period';
comment on column keyword_counts.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column keyword_counts.per_10k is 'Occurrences per 10,000 words of the period';
comment on column keyword_counts.is_partial is 'Whether the period is the last one and not over yet';
