-- The shares of the topics are one whole, and those of a document are what its passages give.
select 'all topics' as id, sum(share) as total from topics having abs(sum(share) - 1) > 1e-6
union all
select document_topics.document_id, max(abs(document_topics.weight - coalesce(passages.weight, 0)))
from document_topics
left join (
    select
        document_id,
        topic_id,
        sum(occurrences) / sum(sum(occurrences)) over (partition by document_id) as weight
    from passage_topics
    group by document_id, topic_id
) as passages on passages.document_id = document_topics.document_id and passages.topic_id = document_topics.topic_id
group by document_topics.document_id
having max(abs(document_topics.weight - coalesce(passages.weight, 0))) > 1e-6;
