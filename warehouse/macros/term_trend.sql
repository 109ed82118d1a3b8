create or replace macro term_trend(wanted, period := 'year') as table
select
    periods.period_start,
    coalesce(counts.occurrences, 0) as occurrences,
    coalesce(counts.documents, 0) as documents,
    periods.period_documents,
    periods.period_tokens,
    10000 * coalesce(counts.occurrences, 0) / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from pipeline.periods
left join keyword_counts as counts
    on counts.term = lower(wanted) and counts.granularity = periods.granularity and counts.period_start = periods.period_start
-- What is not counted by is not without the term: it has no rows.
where periods.granularity = period and period in (select granularity from pipeline.tested_periods)
order by periods.period_start;

comment on macro table term_trend is 'A term by period, those without it included';
