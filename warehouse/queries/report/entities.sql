-- The entities mentioned most.
select
    entities.entity_id,
    entities.name,
    entities.label,
    array_to_string(entities.aliases[:12], ' · ') as aliases,
    entities.mention_count,
    entities.document_count,
    entities.first_date,
    entities.last_date
from pipeline.report_entities as shown
join entities on entities.entity_id = shown.entity_id
order by shown.rank;
