create or replace macro entity_trend(wanted, period := 'year') as table
with trend as (
    select period_start, occurrences, documents
    from entity_trends
    where granularity = period and entity_id in (select entity_id from pipeline.named_entities where name = lower(wanted))
)
select
    periods.period_start,
    coalesce(trend.occurrences, 0) as occurrences,
    coalesce(trend.documents, 0) as documents,
    periods.period_documents,
    periods.period_tokens,
    10000 * coalesce(trend.occurrences, 0) / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from pipeline.periods
left join trend on trend.period_start = periods.period_start
where periods.granularity = period
order by periods.period_start;

comment on macro table entity_trend is 'An entity by period, those without it included';
