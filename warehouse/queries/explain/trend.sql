-- How often the warehouse counts a term in a period, or in all of a granularity.
select coalesce(sum(occurrences), 0)::bigint as stated
from keyword_counts
where term = lower($term) and granularity = $granularity and ($start is null or period_start = $start::date);
