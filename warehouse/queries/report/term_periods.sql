-- The terms shown by period; periods without the term are left out.
select counts.term, counts.granularity, counts.period_start, counts.occurrences, counts.documents
from keyword_counts as counts
join pipeline.report_terms as shown on shown.term = counts.term
where counts.granularity in (select granularity from pipeline.report_periods)
order by counts.term, counts.granularity, counts.period_start;
