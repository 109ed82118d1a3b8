-- The terms that set a period apart most.
select term
from period_keyness
where granularity = $granularity and period_start = $start::date
order by rank
limit 3;
