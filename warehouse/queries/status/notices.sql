-- What the last run has told of the analyst's files.
select unnest(notices) as notice
from runs
where run_id = (select max(run_id) from runs);
