-- The verdicts on the terms shown, with what they rest on.
select
    trends.term,
    trends.granularity,
    trends.verdict,
    trends.gate,
    trends.occurrences,
    trends.documents,
    trends.periods,
    trends.first_period,
    trends.last_period,
    trends.slope,
    trends.slope_low,
    trends.slope_high,
    trends.tau,
    trends.q_value,
    trends.burst_start,
    trends.burst_end,
    trends.burst_strength,
    trends.burst_q_value,
    trends.absence_q_value,
    trends.last_seen_date
from keyword_trends as trends
join pipeline.report_terms as shown on shown.term = trends.term
where trends.granularity in (select granularity from pipeline.report_periods)
order by trends.term, trends.granularity;
