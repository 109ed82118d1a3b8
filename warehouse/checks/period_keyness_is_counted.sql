-- A term that sets a period apart is counted in it, and its ranks have no gap.
select keyness.granularity, keyness.period_start, keyness.term
from period_keyness as keyness
left join keyword_counts as counts
    on counts.granularity = keyness.granularity
    and counts.period_start = keyness.period_start
    and counts.term = keyness.term
where counts.occurrences is distinct from keyness.occurrences or counts.documents is distinct from keyness.documents
union all
select granularity, period_start, min(term) as term
from period_keyness
group by granularity, period_start
having max(rank) <> count(*) or min(rank) <> 1;
