create or replace macro topic_passages(wanted) as table
with counted as (
    select passage_id, document_id, topic_id, occurrences, weight, sum(occurrences) over () as total
    from passage_topics
    where document_id not in (select document_id from pipeline.duplicates)
)
select
    coalesce(documents.publication_date, documents.event_date) as date,
    documents.publication_date,
    documents.title,
    documents.path,
    counted.document_id,
    counted.passage_id,
    passages.position,
    counted.weight,
    counted.occurrences,
    counted.occurrences / counted.total as share,
    passages.text
from counted
join passages on passages.passage_id = counted.passage_id
join documents on documents.document_id = counted.document_id
where counted.topic_id = wanted
order by counted.occurrences desc, counted.passage_id;

comment on macro table topic_passages is 'The passages that carry a topic, the heaviest first; their shares add up to the share of the topic';
