create or replace view pipeline.term_periods as
with months as (
    select
        term,
        unnest(periods) as period,
        unnest(period_occurrences) as occurrences,
        unnest(period_documents) as documents
    from pipeline.term_totals
)
select
    months.term,
    spans.granularity,
    make_date(
        months.period // 100,
        case spans.granularity
            when 'year' then 1
            when 'quarter' then (months.period % 100 - 1) // 3 * 3 + 1
            else months.period % 100
        end,
        1
    ) as period_start,
    months.occurrences,
    months.documents
from months
join pipeline.tested_periods as spans on spans.granularity = 'year' or months.period % 100 > 0
where months.period > 0;

comment on view pipeline.term_periods is 'One row per term, month and granularity that it counts for; keyword_counts sums them up.';
comment on column pipeline.term_periods.term is 'The term';
comment on column pipeline.term_periods.granularity is 'month, quarter or year';
comment on column pipeline.term_periods.period_start is 'First day of the period';
comment on column pipeline.term_periods.occurrences is 'How often it occurs in the month';
comment on column pipeline.term_periods.documents is 'In how many documents of the month';
