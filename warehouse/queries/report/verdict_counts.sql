-- How many terms have which verdict, and what insufficient ones lack.
with gates as (
    select 'year' as granularity, year_gate as gate, count(*) as terms
    from pipeline.term_totals
    where year_documents > 0
    group by year_gate
    union all
    select 'quarter', quarter_gate, count(*)
    from pipeline.term_totals
    where month_documents > 0
    group by quarter_gate
    union all
    select 'month', month_gate, count(*)
    from pipeline.term_totals
    where month_documents > 0
    group by month_gate
),
counted as (
    select gates.granularity, 'insufficient' as verdict, gates.gate, gates.terms
    from gates
    join pipeline.tested_periods as spans on spans.granularity = gates.granularity
    where gates.gate is not null
    union all
    select granularity, verdict, '', count(*)
    from pipeline.term_verdicts
    group by granularity, verdict
)
select granularity, verdict, gate, terms
from counted
where granularity in (select granularity from pipeline.report_periods)
order by granularity, terms desc, verdict, gate;
