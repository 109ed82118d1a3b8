-- How the topics of each model follow from those of the model before, the latest refits first.
select
    later.number as refit,
    lineage.relation,
    lineage.from_topic_id,
    coalesce(from_labels.label, lineage.from_topic_id) as from_topic,
    lineage.to_topic_id,
    coalesce(to_labels.label, lineage.to_topic_id) as to_topic,
    lineage.similarity
from topic_lineage as lineage
join pipeline.topic_fits as later on later.model_id = lineage.to_model_id
left join pipeline.topic_weights as from_labels
    on from_labels.model_id = lineage.from_model_id and from_labels.topic_id = lineage.from_topic_id
left join pipeline.topic_weights as to_labels
    on to_labels.model_id = lineage.to_model_id and to_labels.topic_id = lineage.to_topic_id
order by later.number desc, lineage.relation, from_topic, to_topic
limit 300;
