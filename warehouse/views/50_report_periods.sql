create or replace view pipeline.report_periods as
with numbered as (
    select
        granularity,
        period_start,
        period_documents,
        period_tokens,
        is_partial,
        count(*) over (partition by granularity) as periods
    from pipeline.periods
)
-- A curve with more points is for SQL; the coarsest granularity is always there.
select granularity, period_start, period_documents, period_tokens, is_partial
from numbered
where periods <= 150 or periods = (select min(periods) from numbered);

comment on view pipeline.report_periods is 'One row per granularity and period that the report shows.';
comment on column pipeline.report_periods.granularity is 'month, quarter or year';
comment on column pipeline.report_periods.period_start is 'First day of the period';
comment on column pipeline.report_periods.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column pipeline.report_periods.period_tokens is 'Words of these documents';
comment on column pipeline.report_periods.is_partial is 'Whether it is the last period and not over yet';
