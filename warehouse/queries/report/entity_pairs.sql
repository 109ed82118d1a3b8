-- How often the entities mentioned most stand in one sentence.
with named as (
    select distinct mentions.sentence_id, mentions.document_id, shown.entity_id
    from mentions
    join pipeline.report_entities as shown on shown.entity_id = mentions.entity_id and shown.rank <= 60
    where mentions.sentence_id is not null
        and mentions.document_id not in (select document_id from pipeline.duplicates)
)
select
    a.entity_id as entity_id_a,
    entities_a.name as name_a,
    b.entity_id as entity_id_b,
    entities_b.name as name_b,
    count(*) as sentences,
    count(distinct a.document_id) as documents
from named as a
join named as b on b.sentence_id = a.sentence_id and b.entity_id > a.entity_id
join entities as entities_a on entities_a.entity_id = a.entity_id
join entities as entities_b on entities_b.entity_id = b.entity_id
group by a.entity_id, entities_a.name, b.entity_id, entities_b.name
order by sentences desc, name_a, name_b
limit 1000;
