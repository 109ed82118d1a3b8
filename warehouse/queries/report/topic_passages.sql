-- The six passages that carry each topic most.
with heaviest as (
    select topic_id, unnest(max_by(passage_id, {'occurrences': occurrences, 'passage_id': passage_id}, 6)) as passage_id
    from passage_topics
    where document_id not in (select document_id from pipeline.duplicates)
    group by topic_id
)
select
    heaviest.topic_id,
    passages.passage_id,
    passages.document_id,
    placed.weight,
    placed.occurrences,
    passages.text[:1500] as text
from heaviest
join passage_topics as placed on placed.topic_id = heaviest.topic_id and placed.passage_id = heaviest.passage_id
join passages on passages.passage_id = heaviest.passage_id
order by heaviest.topic_id, placed.occurrences desc, passages.passage_id;
