-- The verdicts on the terms shown, with what they rest on.
with shown as materialized (
    select totals.*
    from pipeline.term_totals as totals
    join pipeline.report_terms as shown on shown.term = totals.term
),
dated as (
    -- As in the view dated_terms, but of what is shown alone: that takes a tenth of the time.
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
        if(spans.granularity = 'year', shown.year_last_seen, shown.month_last_seen) as last_seen_date,
        spans.periods_gate,
        spans.fewest_documents,
        spans.documents_gate,
        spans.fewest_occurrences,
        spans.occurrences_gate
    from shown
    cross join pipeline.tested_periods as spans
)
select
    dated.term,
    dated.granularity,
    coalesce(verdicts.verdict, 'insufficient') as verdict,
    case
        when dated.periods_gate is not null then dated.periods_gate
        when dated.documents < dated.fewest_documents then dated.documents_gate
        when dated.occurrences < dated.fewest_occurrences then dated.occurrences_gate
        else verdicts.gate
    end as gate,
    dated.occurrences,
    dated.documents,
    dated.periods,
    dated.first_period,
    dated.last_period,
    round(verdicts.slope, 9) as slope,
    round(verdicts.slope_low, 9) as slope_low,
    round(verdicts.slope_high, 9) as slope_high,
    round(verdicts.tau, 9) as tau,
    round(verdicts.q_value, 9) as q_value,
    if(verdicts.is_burst, verdicts.burst_start, null) as burst_start,
    if(verdicts.is_burst, verdicts.burst_end, null) as burst_end,
    if(verdicts.is_burst, round(verdicts.burst_strength, 9), null) as burst_strength,
    round(verdicts.burst_q_value, 9) as burst_q_value,
    round(verdicts.absence_q_value, 9) as absence_q_value,
    dated.last_seen_date
from dated
left join pipeline.term_verdicts as verdicts
    on verdicts.term = dated.term and verdicts.granularity = dated.granularity
where dated.documents > 0 and dated.granularity in (select granularity from pipeline.report_periods)
order by dated.term, dated.granularity;
