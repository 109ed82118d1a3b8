-- How often the entities mentioned most stand in one sentence of the documents shown in full.
with named as (
    select distinct mentions.sentence_id, shown.rank
    from pipeline.report_mentions as mentions
    join pipeline.report_entities as shown on shown.entity_id = mentions.entity_id and shown.rank <= 60
    where mentions.sentence_id is not null
        and mentions.document_id not in (select document_id from pipeline.duplicates)
),
pairs as (
    select a.rank as rank_a, b.rank as rank_b, count(*) as sentences
    from named as a
    join named as b on b.sentence_id = a.sentence_id and b.rank > a.rank
    group by a.rank, b.rank
)
select
    entities_a.entity_id as entity_id_a,
    entities_a.name as name_a,
    entities_b.entity_id as entity_id_b,
    entities_b.name as name_b,
    pairs.sentences
from pairs
join pipeline.report_entities as a on a.rank = pairs.rank_a
join entities as entities_a on entities_a.entity_id = a.entity_id
join pipeline.report_entities as b on b.rank = pairs.rank_b
join entities as entities_b on entities_b.entity_id = b.entity_id
order by pairs.sentences desc, pairs.rank_a, pairs.rank_b
limit 1000;
