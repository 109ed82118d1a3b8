-- How many terms have which verdict, and what insufficient ones lack.
with terms as (
    select month_documents, month_occurrences, year_documents, year_occurrences
    from pipeline.term_totals
    where left_out is null and term not in (from pipeline.stopwords)
),
dated as (
    select
        spans.granularity,
        if(spans.granularity = 'year', terms.year_documents, terms.month_documents) as documents,
        if(spans.granularity = 'year', terms.year_occurrences, terms.month_occurrences) as occurrences,
        case
            when spans.periods_gate is not null then spans.periods_gate
            when documents < spans.fewest_documents then spans.documents_gate
            when occurrences < spans.fewest_occurrences then spans.occurrences_gate
        end as gate
    from terms
    cross join pipeline.tested_periods as spans
),
counted as (
    select granularity, 'insufficient' as verdict, gate, count(*) as terms
    from dated
    where documents > 0 and gate is not null
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
