-- How often the warehouse counts a concept in a period, or in all of a granularity.
select coalesce(sum(occurrences), 0)::bigint as stated
from concept_trends
where pipeline.is_called(term, $name) and granularity = $granularity and ($start is null or period_start = $start::date);
