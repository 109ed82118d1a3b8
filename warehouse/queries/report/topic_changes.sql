-- What became of the topics in the last run.
select
    runs.decision,
    runs.reason,
    lineage.relation,
    coalesce(earlier.label, lineage.from_topic_id) as from_topic,
    coalesce(later.label, lineage.to_topic_id) as to_topic,
    lineage.to_topic_id,
    lineage.similarity
from topic_runs as runs
left join topic_lineage as lineage
    on lineage.to_model_id = runs.model_id and runs.decision = 'fitted' and lineage.relation <> 'continued'
left join pipeline.topic_weights as earlier
    on earlier.model_id = lineage.from_model_id and earlier.topic_id = lineage.from_topic_id
left join pipeline.topic_weights as later
    on later.model_id = lineage.to_model_id and later.topic_id = lineage.to_topic_id
where runs.run_id = (select max(run_id) from runs)
order by lineage.relation, from_topic, to_topic;
