create or replace macro term_trend(wanted, period := 'year') as table
with counted as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select term as counted_term, granularity as counted_granularity, period_start, occurrences, documents from keyword_counts
),
counts as (
    select period_start, occurrences, documents from counted where counted_term = lower(wanted) and counted_granularity = pipeline.granularity(period)
),
every_period as (
    select granularity as counted_granularity, period_start, period_documents, period_tokens, is_partial from pipeline.periods
),
periods as (
    select period_start, period_documents, period_tokens, is_partial from every_period where counted_granularity = pipeline.granularity(period)
),
known as (
    select term as known_term from terms
),
granularities as (
    select granularity as counted_granularity from pipeline.tested_periods
)
select
    periods.period_start,
    coalesce(counts.occurrences, 0) as occurrences,
    coalesce(counts.documents, 0) as documents,
    periods.period_documents,
    periods.period_tokens,
    10000 * coalesce(counts.occurrences, 0) / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from periods
left join counts on counts.period_start = periods.period_start
-- What is not counted has no rows: a stopword, a piece of another term, a granularity.
where
    exists (select counted_granularity from granularities where counted_granularity = pipeline.granularity(period))
    and exists (select known_term from known where known_term = lower(wanted))
order by periods.period_start;

comment on macro table term_trend is 'A term by period, those without it included; no rows for what is no term or not counted';
