create or replace view pipeline.periods as
with counted as (
    select date, precision
    from pipeline.document_dates
    where document_id not in (select document_id from pipeline.duplicates)
),
dates as (
    -- The finest that there are: months and years stand for their first day, which says nothing of days.
    select distinct date
    from counted
    where precision = (
        select arg_min(precision, case precision when 'day' then 1 when 'month' then 2 else 3 end)
        from counted
    )
),
gaps as (
    select date - lag(date) over (order by date) as gap from dates
),
expected as (
    -- Another document may be looked for within the usual distance between two: so long is a period not over.
    select
        (select max(date) from counted) as last_date,
        coalesce((select median(gap) from gaps), 0) as usual_gap
),
words as (
    select document_id, sum(word_count) as words
    from main.sentences
    group by document_id
),
periods as (
    select
        periods.granularity,
        periods.period_start,
        count(*) as period_documents,
        coalesce(sum(words.words), 0)::bigint as period_tokens
    from pipeline.document_periods as periods
    left join words on words.document_id = periods.document_id
    group by periods.granularity, periods.period_start
)
select
    periods.granularity,
    periods.period_start,
    periods.period_documents,
    periods.period_tokens,
    periods.period_start = max(periods.period_start) over (partition by periods.granularity)
        and (
            periods.period_start + case periods.granularity
                when 'year' then interval 1 year
                when 'quarter' then interval 3 month
                else interval 1 month
            end
        )::date - 1 - expected.last_date > expected.usual_gap as is_partial
from periods
cross join expected;

comment on view pipeline.periods is 'One row per granularity and period with documents.';
comment on column pipeline.periods.granularity is 'month, quarter or year';
comment on column pipeline.periods.period_start is 'First day of the period';
comment on column pipeline.periods.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column pipeline.periods.period_tokens is 'Words of these documents';
comment on column pipeline.periods.is_partial is 'Whether it is the last period and, by the usual distance between documents, not over yet';
