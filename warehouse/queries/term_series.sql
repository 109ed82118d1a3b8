-- What the terms that readers see have in each period, of those that a test or a period may need.
select
    term,
    month_documents,
    month_occurrences,
    month_largest,
    month_publishers,
    year_documents,
    year_occurrences,
    year_largest,
    year_publishers,
    periods,
    period_occurrences,
    period_documents
from pipeline.term_totals
where left_out is null and occurrences >= least($fewest_occurrences, $keyness_occurrences);
