-- The ranks of the terms that set a period apart have no gap.
select granularity, period_start, count(*) as terms, max(rank) as last_rank
from period_keyness
group by granularity, period_start
having max(rank) <> count(*) or min(rank) <> 1;
