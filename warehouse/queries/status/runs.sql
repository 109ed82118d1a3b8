-- The last runs.
select run_id, started_at, status, added, changed, renamed, removed, quarantined, error
from runs
order by run_id desc
limit 10;
