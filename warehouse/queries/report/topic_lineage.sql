-- How the topics of each model follow from those of the model before, the latest refits first; at most 300 links.
with labels as (
    -- A topic keeps its id; of one that no kept model has, no more is known.
    select weights.topic_id, max_by(weights.label, fits.number) as label
    from pipeline.topic_weights as weights
    join pipeline.topic_fits as fits on fits.model_id = weights.model_id
    group by weights.topic_id
)
select
    later.number as refit,
    lineage.relation,
    lineage.from_topic_id,
    coalesce(lineage.from_label, earlier.label, lineage.from_topic_id) as from_topic,
    lineage.to_topic_id,
    coalesce(labels.label, lineage.to_label, lineage.to_topic_id) as to_topic,
    lineage.similarity
from topic_lineage as lineage
join pipeline.topic_fits as later on later.model_id = lineage.to_model_id
left join labels as earlier on earlier.topic_id = lineage.from_topic_id
left join labels on labels.topic_id = lineage.to_topic_id
order by later.number desc, lineage.relation, from_topic, to_topic
limit 300;
