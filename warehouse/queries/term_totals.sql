-- What is known of each term over the whole corpus; `largest_share` is of the dated document that has most of it.
with dated_documents as (
    select documents.document_id, dates.date, coalesce(documents.publisher, '') as publisher
    from pipeline.sources as documents
    left join pipeline.document_dates as dates on dates.document_id = documents.document_id
    where documents.document_id not in (select document_id from pipeline.duplicates)
),
repeated as (
    -- A passage that ten documents have word for word is a formula: a salutation, a note by who printed them.
    select signatures.passage_id
    from pipeline.passage_signatures as signatures
    join dated_documents on dated_documents.document_id = signatures.document_id
    where octet_length(signatures.bands) > 0
    qualify count(distinct signatures.document_id) over (partition by signatures.bands) >= 10
),
document_terms as (
    select
        counts.document_id,
        counts.term,
        sum(counts.occurrences)::bigint as occurrences,
        coalesce(sum(counts.occurrences) filter (counts.passage_id in (select passage_id from repeated)), 0)::bigint
            as repeated_occurrences,
        sum(counts.name_occurrences)::bigint as name_occurrences,
        any_value(documents.date) as date,
        any_value(documents.publisher) as publisher
    from term_counts as counts
    join dated_documents as documents on documents.document_id = counts.document_id
    group by counts.document_id, counts.term
),
publishers as (
    -- Documents without a publisher count as one more publisher: who knows that it is not.
    select publisher, count(*) / sum(count(*)) over () as share
    from dated_documents
    where date is not null
    group by publisher
),
voices as (
    select document_terms.term, count(*) as publishers, 1 - sum(publishers.share) as silent_publishers_share
    from (select distinct term, publisher from document_terms where date is not null) as document_terms
    join publishers on publishers.publisher = document_terms.publisher
    group by document_terms.term
),
totals as (
    select
        term,
        len(string_split(term, ' ')) as word_count,
        count(*) as document_count,
        sum(occurrences)::bigint as occurrences,
        coalesce(sum(occurrences) filter (date is null), 0)::bigint as undated_occurrences,
        2 * sum(name_occurrences) > sum(occurrences) as is_name,
        2 * sum(repeated_occurrences) > sum(occurrences) as is_formula,
        max(date) as last_seen_date,
        max(occurrences) filter (date is not null) / nullif(sum(occurrences) filter (date is not null), 0) as largest_share
    from document_terms
    group by term
),
longer as (
    select substr(term, strpos(term, ' ') + 1) as part, false as is_opening, occurrences from totals where word_count > 2
    union all
    select regexp_replace(term, ' [^ ]*$', '') as part, true as is_opening, occurrences from totals where word_count > 2
),
wholes as (
    -- A phrase that nearly always stands in one longer phrase is a piece of it: `economy governance`. So is what nearly
    -- always opens one phrase or another, `executive vice`: its head is missing.
    select
        part,
        max(occurrences) as in_one,
        coalesce(sum(occurrences) filter (is_opening), 0) as opening
    from longer
    group by part
)
select
    totals.term,
    totals.word_count,
    totals.document_count,
    totals.occurrences,
    totals.undated_occurrences,
    totals.is_name,
    totals.last_seen_date,
    totals.largest_share,
    coalesce(voices.publishers, 0) as publishers,
    coalesce(voices.silent_publishers_share, 0) as silent_publishers_share,
    totals.is_formula,
    totals.word_count > 1
        and (
            coalesce(wholes.in_one, 0) >= 0.8 * totals.occurrences
            or coalesce(wholes.opening, 0) >= 0.9 * totals.occurrences
        ) as is_fragment
from totals
left join voices on voices.term = totals.term
left join wholes on wholes.part = totals.term
order by totals.term;
