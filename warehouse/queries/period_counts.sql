-- How often each term occurs in each period.
with document_terms as (
    select document_id, term, sum(occurrences)::bigint as occurrences
    from term_counts
    group by document_id, term
)
select
    document_terms.term,
    periods.granularity,
    periods.period_start,
    sum(document_terms.occurrences)::bigint as occurrences,
    count(*) as documents,
    any_value(periods.period_tokens) as period_tokens,
    any_value(periods.period_documents) as period_documents,
    10000 * sum(document_terms.occurrences) / any_value(periods.period_tokens) as per_10k,
    any_value(periods.is_partial) as is_partial
from document_terms
join pipeline.document_periods on document_periods.document_id = document_terms.document_id
join pipeline.periods
    on periods.granularity = document_periods.granularity and periods.period_start = document_periods.period_start
group by document_terms.term, periods.granularity, periods.period_start
order by periods.granularity, document_terms.term, periods.period_start;
