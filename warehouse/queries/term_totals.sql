-- What is known of each term over the whole corpus; `largest_share` is of the dated document that has most of it.
with document_terms as (
    select
        counts.document_id,
        counts.term,
        sum(counts.occurrences)::bigint as occurrences,
        sum(counts.name_occurrences)::bigint as name_occurrences,
        any_value(dates.date) as date
    from term_counts as counts
    left join pipeline.document_dates as dates on dates.document_id = counts.document_id
    where counts.document_id not in (select document_id from pipeline.duplicates)
    group by counts.document_id, counts.term
)
select
    term,
    len(string_split(term, ' ')) as word_count,
    count(*) as document_count,
    sum(occurrences)::bigint as occurrences,
    coalesce(sum(occurrences) filter (date is null), 0)::bigint as undated_occurrences,
    2 * sum(name_occurrences) > sum(occurrences) as is_name,
    max(date) as last_seen_date,
    count(*) filter (date is not null) as dated_documents,
    max(occurrences) filter (date is not null) / nullif(sum(occurrences) filter (date is not null), 0) as largest_share
from document_terms
group by term
order by term;
