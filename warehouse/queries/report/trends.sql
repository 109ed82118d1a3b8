-- The verdicts on the terms shown, with what they rest on.
with shown as materialized (
    select totals.*
    from pipeline.term_totals as totals
    join pipeline.report_terms as shown on shown.term = totals.term
),
dated as (
    -- As in the view keyword_trends, but of what is shown alone.
    select
        shown.term,
        spans.granularity,
        spans.periods,
        if(spans.granularity = 'year', shown.year_documents, shown.month_documents) as documents,
        if(spans.granularity = 'year', shown.year_occurrences, shown.month_occurrences) as occurrences,
        case spans.granularity
            when 'year' then shown.first_year
            when 'quarter' then date_trunc('quarter', shown.first_month)::date
            else shown.first_month
        end as first_period,
        case spans.granularity
            when 'year' then shown.last_year
            when 'quarter' then date_trunc('quarter', shown.last_month)::date
            else shown.last_month
        end as last_period,
        shown.last_seen_date,
        case spans.granularity
            when 'year' then shown.year_gate
            when 'quarter' then shown.quarter_gate
            else shown.month_gate
        end as gate
    from shown
    cross join pipeline.tested_periods as spans
)
select
    dated.term,
    dated.granularity,
    coalesce(verdicts.verdict, 'insufficient') as verdict,
    dated.gate,
    dated.occurrences,
    dated.documents,
    dated.periods,
    dated.first_period,
    dated.last_period,
    verdicts.slope,
    verdicts.slope_low,
    verdicts.slope_high,
    verdicts.tau,
    verdicts.q_value,
    verdicts.burst_start,
    verdicts.burst_end,
    verdicts.burst_strength,
    verdicts.burst_q_value,
    verdicts.absence_q_value,
    dated.last_seen_date
from dated
left join pipeline.term_verdicts as verdicts
    on verdicts.term = dated.term and verdicts.granularity = dated.granularity
where dated.documents > 0 and dated.granularity in (select granularity from pipeline.report_periods)
order by dated.term, dated.granularity;
