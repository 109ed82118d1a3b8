-- What became of the topics in the last run: the decision about the model, and each topic that does not simply go on.
with labels as (
    select weights.topic_id, max_by(weights.label, fits.number) as label
    from pipeline.topic_weights as weights
    join pipeline.topic_fits as fits on fits.model_id = weights.model_id
    group by weights.topic_id
),
decisions as (
    -- The same model may come out again: it has links to each that was before it at some time.
    select run_id, decision, reason, model_id, lag(model_id) over (order by run_id) as model_before
    from topic_runs
)
select
    if(
        runs.decision = 'fitted' and runs.model_id = runs.model_before, 'fitted again, with the same topics', runs.decision
    ) as decision,
    runs.reason,
    lineage.relation,
    coalesce(lineage.from_label, earlier.label, lineage.from_topic_id) as from_topic,
    coalesce(later.label, lineage.to_label, lineage.to_topic_id) as to_topic,
    lineage.to_topic_id,
    lineage.similarity
from decisions as runs
left join topic_lineage as lineage
    on lineage.to_model_id = runs.model_id
    and lineage.from_model_id = runs.model_before
    and runs.decision = 'fitted'
    and lineage.relation <> 'continued'
left join labels as earlier on earlier.topic_id = lineage.from_topic_id
left join labels as later on later.topic_id = lineage.to_topic_id
where runs.run_id = (select max(run_id) from runs)
order by lineage.relation, from_topic, to_topic;
