-- What the last run that asked whether topics are to be fitted anew has decided.
select decision, reason, model_id, run_id
from topic_runs
order by run_id desc
limit 1;
