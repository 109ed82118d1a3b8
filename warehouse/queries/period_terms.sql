-- How often each term occurs in each period, by publisher: in some documents, and in those that were counted before in periods
-- that have grown. Of these periods the terms of the documents alone are told.
with numbered as (
    -- Numbered, since small numbers are grouped by several times faster than ids.
    select document_id, period, publisher, date, row_number() over (order by document_id)::integer as number
    from pipeline.counted_documents
    where document_id in (from listed)
),
document_terms as (
    select
        numbered.number,
        counts.term,
        sum(counts.occurrences)::bigint as occurrences,
        sum(counts.name_occurrences)::bigint as name_occurrences,
        coalesce(
            sum(counts.occurrences) filter (counts.passage_id in (select passage_id from pipeline.repeated_passages)), 0
        )::bigint as repeated_occurrences
    from term_counts as counts
    join numbered on numbered.document_id = counts.document_id
    group by numbered.number, counts.term
),
added as materialized (
    select
        numbered.period,
        document_terms.term,
        numbered.publisher,
        sum(document_terms.occurrences)::bigint as occurrences,
        sum(document_terms.name_occurrences)::bigint as name_occurrences,
        sum(document_terms.repeated_occurrences)::bigint as repeated_occurrences,
        count(*) as documents,
        max(document_terms.occurrences) as largest,
        max(numbered.date) as last_date
    from document_terms
    join numbered on numbered.number = document_terms.number
    group by numbered.period, document_terms.term, numbered.publisher
),
counted as (
    select before.*
    from pipeline.period_terms as before
    semi join added on added.period = before.period and added.term = before.term
    where before.period in (select unnest($grown::varchar[]))
),
together as (
    from added union all by name from counted
)
select
    period,
    term,
    publisher,
    sum(occurrences)::bigint as occurrences,
    sum(name_occurrences)::bigint as name_occurrences,
    sum(repeated_occurrences)::bigint as repeated_occurrences,
    sum(documents)::bigint as documents,
    max(largest) as largest,
    max(last_date) as last_date
from together
group by period, term, publisher;
