-- The entities mentioned most by period; periods without the entity are left out.
with named as (
    select entity_id, document_id, sum(mentions)::bigint as occurrences
    from pipeline.entity_forms
    where entity_id in (select entity_id from pipeline.report_entities)
    group by entity_id, document_id
)
select
    named.entity_id,
    periods.granularity,
    periods.period_start,
    sum(named.occurrences)::bigint as occurrences,
    count(*) as documents
from named
join pipeline.document_periods as periods on periods.document_id = named.document_id
where periods.granularity in (select granularity from pipeline.report_periods)
group by named.entity_id, periods.granularity, periods.period_start
order by named.entity_id, periods.granularity, periods.period_start;
