-- The terms shown by period; periods without the term are left out.
select
    counts.term,
    counts.granularity,
    counts.period_start,
    sum(counts.occurrences)::bigint as occurrences,
    sum(counts.documents)::bigint as documents
from pipeline.term_periods as counts
join pipeline.report_terms as shown on shown.term = counts.term
where counts.granularity in (select granularity from pipeline.report_periods)
group by counts.term, counts.granularity, counts.period_start
order by counts.term, counts.granularity, counts.period_start;
