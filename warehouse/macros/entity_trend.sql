create or replace macro entity_trend(wanted, period := 'year') as table
select
    periods.period_start,
    coalesce(trends.occurrences, 0) as occurrences,
    coalesce(trends.documents, 0) as documents,
    periods.period_documents,
    periods.period_tokens,
    10000 * coalesce(trends.occurrences, 0) / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from pipeline.periods
left join entity_trends as trends
    on lower(trends.term) = lower(wanted) and trends.granularity = periods.granularity and trends.period_start = periods.period_start
where periods.granularity = period
order by periods.period_start;

comment on macro table entity_trend is 'An entity by period, those without it included';
