-- How many terms have which verdict, and what insufficient ones lack.
select granularity, verdict, coalesce(gate, '') as gate, count(*) as terms
from keyword_trends
where granularity in (select granularity from pipeline.report_periods)
group by granularity, verdict, gate
order by granularity, terms desc, verdict, gate;
