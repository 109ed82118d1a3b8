-- The terms shown by period; periods without the term are left out.
with counts as materialized (
    -- As in the view term_periods, but only what is shown is spread over granularities.
    select term, period, last_date, occurrences, documents
    from pipeline.period_terms
    where last_date is not null and term in (select term from pipeline.report_terms)
)
select
    counts.term,
    spans.granularity,
    date_trunc(spans.granularity, counts.last_date)::date as period_start,
    sum(counts.occurrences)::bigint as occurrences,
    sum(counts.documents)::bigint as documents
from counts
join pipeline.tested_periods as spans on spans.granularity = 'year' or length(counts.period) = 7
where spans.granularity in (select granularity from pipeline.report_periods)
group by counts.term, spans.granularity, date_trunc(spans.granularity, counts.last_date)::date
order by counts.term, spans.granularity, period_start;
