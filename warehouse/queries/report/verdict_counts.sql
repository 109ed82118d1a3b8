-- How many terms have which verdict, and what insufficient ones lack.
with counted as (
    select granularity, 'insufficient' as verdict, gate, count(*) as terms
    from pipeline.dated_terms
    where gate is not null
    group by granularity, gate
    union all
    select granularity, verdict, coalesce(gate, ''), count(*)
    from pipeline.term_verdicts
    group by granularity, verdict, gate
)
select granularity, verdict, gate, terms
from counted
where granularity in (select granularity from pipeline.report_periods)
order by granularity, terms desc, verdict, gate;
