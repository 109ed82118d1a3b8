-- What a run has come to.
select status, added, changed, renamed, removed, quarantined
from runs
where run_id = $run_id;
