-- A topic has one row and a label of its own, and what refers to it finds it.
with known as materialized (
    select topic_id, label, is_named from topics
)
select topic_id as id from known group by topic_id having count(*) > 1
union all
select label from known where not is_named group by label having count(*) > 1
union all
select distinct topic_id from topic_terms where topic_id not in (select topic_id from known)
union all
select distinct topic_id from document_topics where topic_id not in (select topic_id from known)
union all
select distinct topic_id from passage_topics where topic_id not in (select topic_id from known);
