-- The share of each topic by period.
select topic_id, granularity, period_start, share, occurrences, documents
from topic_trends
order by topic_id, granularity, period_start;
