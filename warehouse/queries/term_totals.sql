-- What is known of some terms over the whole corpus, and in `cells` what they have in each period.
select
    counts.term,
    len(string_split(counts.term, ' ')) as word_count,
    sum(counts.documents)::bigint as document_count,
    sum(counts.occurrences)::bigint as occurrences,
    coalesce(sum(counts.occurrences) filter (counts.period = ''), 0)::bigint as undated_occurrences,
    2 * sum(counts.name_occurrences) > sum(counts.occurrences) as is_name,
    2 * sum(counts.repeated_occurrences) > sum(counts.occurrences) as is_formula,
    coalesce(sum(counts.documents) filter (length(counts.period) = 7), 0)::bigint as month_documents,
    coalesce(sum(counts.occurrences) filter (length(counts.period) = 7), 0)::bigint as month_occurrences,
    date_trunc('month', min(counts.last_date) filter (length(counts.period) = 7))::date as first_month,
    date_trunc('month', max(counts.last_date) filter (length(counts.period) = 7))::date as last_month,
    max(counts.last_date) filter (length(counts.period) = 7) as month_last_seen,
    coalesce(max(counts.largest) filter (length(counts.period) = 7), 0) as month_largest,
    coalesce(list_sort(list(distinct counts.publisher) filter (length(counts.period) = 7)), []) as month_publishers,
    coalesce(sum(counts.documents) filter (counts.period <> ''), 0)::bigint as year_documents,
    coalesce(sum(counts.occurrences) filter (counts.period <> ''), 0)::bigint as year_occurrences,
    date_trunc('year', min(counts.last_date))::date as first_year,
    date_trunc('year', max(counts.last_date))::date as last_year,
    max(counts.last_date) as year_last_seen,
    coalesce(max(counts.largest) filter (counts.period <> ''), 0) as year_largest,
    coalesce(list_sort(list(distinct counts.publisher) filter (counts.period <> '')), []) as year_publishers,
    list(
        struct_pack(
            period := rpad(replace(counts.period, '-', ''), 6, '0')::integer,
            occurrences := counts.occurrences,
            documents := counts.documents
        )
    ) as cells
from pipeline.period_terms as counts
where counts.term in (from listed)
group by counts.term;
