-- What the terms that readers see have in each period, of those that a test or a period may need.
select
    term,
    largest,
    publishers,
    month_documents,
    month_occurrences,
    year_documents,
    year_occurrences,
    periods,
    period_occurrences,
    period_documents
from pipeline.term_totals
where left_out is null and occurrences >= least($fewest_occurrences, $keyness_occurrences);
