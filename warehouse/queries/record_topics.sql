-- Keep what a run has made of the topic model.
insert into topic_runs
select
    $run_id as run_id,
    (now() at time zone 'UTC')::timestamp as recorded_at,
    model_id,
    decision,
    reason,
    tokens,
    token_growth,
    unknown_share,
    lost_labels
from pipeline.topic_states;
