-- The shares of a document's topics are what its passages give.
with counted as (
    select
        document_id,
        topic_id,
        sum(occurrences) / sum(sum(occurrences)) over (partition by document_id) as weight
    from passage_topics
    group by document_id, topic_id
)
select document_topics.document_id, document_topics.topic_id, document_topics.weight, counted.weight as found
from document_topics
left join counted
    on counted.document_id = document_topics.document_id and counted.topic_id = document_topics.topic_id
where abs(document_topics.weight - coalesce(counted.weight, 0)) > 1e-6;
