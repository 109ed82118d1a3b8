create or replace view keyword_counts as
with counted as (
    select
        counts.term,
        spans.granularity,
        case spans.granularity
            when 'year' then date_trunc('year', counts.last_date)
            when 'quarter' then date_trunc('quarter', counts.last_date)
            else date_trunc('month', counts.last_date)
        end::date as period_start,
        sum(counts.occurrences)::bigint as occurrences,
        sum(counts.documents)::bigint as documents
    from pipeline.period_terms as counts
    join pipeline.tested_periods as spans on spans.granularity = 'year' or length(counts.period) = 7
    where counts.last_date is not null
    group by all
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
join pipeline.term_totals as totals on totals.term = counted.term
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
