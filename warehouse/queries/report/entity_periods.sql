-- The entities mentioned most by period; periods without the entity are left out.
select trends.entity_id, trends.granularity, trends.period_start, trends.occurrences, trends.documents
from entity_trends as trends
where trends.entity_id in (select entity_id from pipeline.report_entities)
order by trends.entity_id, trends.granularity, trends.period_start;
