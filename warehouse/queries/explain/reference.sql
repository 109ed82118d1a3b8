-- How often a term stands outside a period.
select coalesce(sum(occurrences), 0)::bigint as total
from term_occurrences($term, period := $granularity)
where period_start <> $start::date;
