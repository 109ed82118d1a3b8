-- What the stages of a run have done, in their order.
select stage, processed, removed, rows, round(seconds, 2) as seconds
from stage_runs
where run_id = $run_id
order by rowid;
