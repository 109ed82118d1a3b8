-- The entities mentioned most by period; periods without the entity are left out.
select
    mentions.entity_id,
    periods.granularity,
    periods.period_start,
    count(*) as occurrences,
    count(distinct mentions.document_id) as documents
from mentions
join pipeline.report_entities as shown on shown.entity_id = mentions.entity_id
join pipeline.document_periods as periods on periods.document_id = mentions.document_id
where periods.granularity in (select granularity from pipeline.report_periods)
group by mentions.entity_id, periods.granularity, periods.period_start
order by mentions.entity_id, periods.granularity, periods.period_start;
