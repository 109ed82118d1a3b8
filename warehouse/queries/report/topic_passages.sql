-- The six passages that carry each topic most.
with enough as (
    select topic_id, list_min(max(occurrences, 6)) as occurrences
    from passage_topics
    where document_id not in (select document_id from pipeline.duplicates)
    group by topic_id
),
heaviest as materialized (
    select placed.topic_id, placed.passage_id, placed.weight, placed.occurrences
    from passage_topics as placed
    join enough on enough.topic_id = placed.topic_id and enough.occurrences <= placed.occurrences
    where placed.document_id not in (select document_id from pipeline.duplicates)
    qualify row_number() over (partition by placed.topic_id order by placed.occurrences desc, placed.passage_id desc) <= 6
)
select
    heaviest.topic_id,
    passages.passage_id,
    passages.document_id,
    heaviest.weight,
    heaviest.occurrences,
    passages.text[:1500] as text
from heaviest
join passages on passages.passage_id = heaviest.passage_id
order by heaviest.topic_id, heaviest.occurrences desc, passages.passage_id;
