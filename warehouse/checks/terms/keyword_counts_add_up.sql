-- What a term has in all periods makes its total.
with counted as (
    select term, sum(occurrences) as occurrences, sum(documents) as documents
    from pipeline.period_terms
    group by term
)
select totals.term, totals.occurrences, counted.occurrences as in_periods, totals.undated_occurrences
from pipeline.term_totals as totals
left join counted on counted.term = totals.term
where totals.occurrences is distinct from counted.occurrences
    or totals.document_count is distinct from counted.documents
    or totals.occurrences is distinct from list_sum(totals.period_occurrences)
    or totals.occurrences <> totals.year_occurrences + totals.undated_occurrences;
