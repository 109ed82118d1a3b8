create or replace view pipeline.document_periods as
with dated as (
    select document_id, date, precision
    from pipeline.document_dates
    where document_id not in (select document_id from pipeline.duplicates)
),
granularities as (
    select
        unnest(['year', 'quarter', 'month']) as granularity,
        unnest([['day', 'month', 'year'], ['day', 'month'], ['day', 'month']]) as precisions
)
select
    dated.document_id,
    granularities.granularity,
    date_trunc(granularities.granularity, dated.date)::date as period_start
from dated
join granularities on list_contains(granularities.precisions, dated.precision);

comment on view pipeline.document_periods is 'One row per counted document and granularity that its date is precise enough for.';
comment on column pipeline.document_periods.document_id is 'The document; those that repeat another are left out';
comment on column pipeline.document_periods.granularity is 'month, quarter or year';
comment on column pipeline.document_periods.period_start is 'First day of the period';
