create or replace macro entity_trend(wanted, period := 'year') as table
with named as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select entity_id, name as known_name from pipeline.named_entities
),
chosen as materialized (
    select entity_id from named where pipeline.is_called(known_name, wanted)
),
counted as (
    select entity_id, granularity as counted_granularity, period_start, occurrences, documents from entity_trends
),
trend as (
    select period_start, occurrences, documents
    from counted
    where counted_granularity = pipeline.granularity(period) and entity_id in (select entity_id from chosen)
),
every_period as (
    select granularity as counted_granularity, period_start, period_documents, period_tokens, is_partial from pipeline.periods
),
periods as (
    select period_start, period_documents, period_tokens, is_partial from every_period where counted_granularity = pipeline.granularity(period)
)
select
    periods.period_start,
    coalesce(trend.occurrences, 0) as occurrences,
    coalesce(trend.documents, 0) as documents,
    periods.period_documents,
    periods.period_tokens,
    10000 * coalesce(trend.occurrences, 0) / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from periods
left join trend on trend.period_start = periods.period_start
-- Who is not known has no rows.
where exists (select entity_id from chosen)
order by periods.period_start;

comment on macro table entity_trend is 'An entity by period, those without it included; no rows for a name that is not known';
