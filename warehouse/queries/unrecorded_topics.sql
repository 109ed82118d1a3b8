-- What became of the topic model last, if no run has kept it.
select states.model_id
from pipeline.topic_states as states
anti join topic_runs as runs
    on runs.model_id is not distinct from states.model_id
    and runs.decision = states.decision
    and runs.reason = states.reason
    and runs.tokens = states.tokens;
