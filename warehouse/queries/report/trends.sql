-- The verdicts on the terms shown, with what they rest on.
select trends.* exclude (p_value)
from pipeline.report_terms as shown
join keyword_trends as trends on trends.term = shown.term
where trends.granularity in (select granularity from pipeline.report_periods)
order by trends.term, trends.granularity;
