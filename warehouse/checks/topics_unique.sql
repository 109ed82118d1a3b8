-- A topic has one row and a label of its own, and what refers to it finds it.
select topic_id as id from topics group by topic_id having count(*) > 1
union all
select label from topics where not is_named group by label having count(*) > 1
union all
select distinct topic_id from topic_terms where topic_id not in (select topic_id from topics)
union all
select distinct topic_id from document_topics where topic_id not in (select topic_id from topics)
union all
select distinct topic_id from passage_topics where topic_id not in (select topic_id from topics);
