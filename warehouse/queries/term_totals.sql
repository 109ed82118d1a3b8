-- What is known of each term over the whole corpus, and in `cells` what it has in each period and by each publisher.
with numbered as (
    select publisher, (row_number() over (order by publisher) - 1)::integer as number
    from (select distinct publisher from pipeline.counted_documents where date is not null)
),
totals as (
    select
        counts.term,
        len(string_split(counts.term, ' ')) as word_count,
        sum(counts.documents)::bigint as document_count,
        sum(counts.occurrences)::bigint as occurrences,
        coalesce(sum(counts.occurrences) filter (counts.last_date is null), 0)::bigint as undated_occurrences,
        2 * sum(counts.name_occurrences) > sum(counts.occurrences) as is_name,
        2 * sum(counts.repeated_occurrences) > sum(counts.occurrences) as is_formula,
        max(counts.last_date) as last_seen_date,
        max(counts.largest) filter (counts.last_date is not null) as largest,
        list(
            struct_pack(
                date := counts.last_date,
                is_year := length(counts.period) = 4,
                publisher := numbered.number,
                occurrences := counts.occurrences,
                documents := counts.documents
            )
        ) filter (counts.last_date is not null) as cells
    from pipeline.period_terms as counts
    left join numbered on numbered.publisher = counts.publisher
    group by counts.term
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
    totals.largest,
    totals.cells
from totals
left join wholes on wholes.part = totals.term
where not totals.is_formula
    and not (
        totals.word_count > 1
        and (
            coalesce(wholes.in_one, 0) >= 0.8 * totals.occurrences
            or coalesce(wholes.opening, 0) >= 0.9 * totals.occurrences
        )
    );
