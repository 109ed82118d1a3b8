create or replace macro topic_passages(wanted) as table
with counted as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select passage_id, document_id, topic_id as counted_topic, occurrences, weight, sum(occurrences) over () as total
    from passage_topics
    where document_id not in (select document_id from pipeline.duplicates)
),
chosen as (
    select passage_id, document_id, occurrences, weight, total from counted where counted_topic = wanted
)
select
    coalesce(documents.publication_date, documents.event_date) as date,
    if(documents.publication_date is null, documents.event_date_precision, documents.publication_date_precision)
        as date_precision,
    documents.publication_date,
    documents.title,
    documents.path,
    chosen.document_id,
    chosen.passage_id,
    passages.position,
    chosen.weight,
    chosen.occurrences,
    chosen.occurrences / chosen.total as share,
    passages.text
from chosen
join passages on passages.passage_id = chosen.passage_id
join documents on documents.document_id = chosen.document_id
order by chosen.occurrences desc, chosen.passage_id;

comment on macro table topic_passages is 'The passages that carry a topic, the heaviest first; their shares add up to the share of the topic';
