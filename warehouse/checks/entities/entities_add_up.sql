-- An entity's count is the number of its mentions in documents that are counted.
with counted as (
    select mentions.entity_id, count(*) as mention_count, count(distinct mentions.document_id) as document_count
    from mentions
    join documents on documents.document_id = mentions.document_id
    where documents.duplicate_of is null
    group by mentions.entity_id
)
select entities.entity_id, entities.name, entities.mention_count, counted.mention_count as found
from entities
left join counted on counted.entity_id = entities.entity_id
where (entities.mention_count, entities.document_count)
    is distinct from (coalesce(counted.mention_count, 0), coalesce(counted.document_count, 0));
