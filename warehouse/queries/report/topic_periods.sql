-- The share of each topic by period.
select topic_id, granularity, period_start, share, occurrences, documents
from topic_trends
where granularity in (select granularity from pipeline.report_periods)
order by topic_id, granularity, period_start;
