-- The terms shown by period; periods without the term are left out.
with counts as (
    -- As in the view term_periods, but of what is shown alone.
    select
        term,
        unnest(periods) as period,
        unnest(period_occurrences) as occurrences,
        unnest(period_documents) as documents
    from pipeline.term_totals
    where term in (select term from pipeline.report_terms)
)
select
    counts.term,
    spans.granularity,
    make_date(
        counts.period // 100,
        case spans.granularity
            when 'year' then 1
            when 'quarter' then (counts.period % 100 - 1) // 3 * 3 + 1
            else counts.period % 100
        end,
        1
    ) as period_start,
    sum(counts.occurrences)::bigint as occurrences,
    sum(counts.documents)::bigint as documents
from counts
join pipeline.tested_periods as spans on spans.granularity = 'year' or counts.period % 100 > 0
where counts.period > 0 and spans.granularity in (select granularity from pipeline.report_periods)
group by counts.term, spans.granularity, period_start
order by counts.term, spans.granularity, period_start;
