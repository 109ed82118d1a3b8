-- Documents and words by publisher, with those undated and those that repeat another; at most 200.
with stated as (
    select
        publisher,
        word_count,
        counted_by,
        duplicate_of,
        case
            when publication_date is null then event_date::varchar
            when publication_date_precision = 'year' then strftime(publication_date, '%Y')
            when publication_date_precision = 'month' then strftime(publication_date, '%Y-%m')
            else publication_date::varchar
        end as date
    from documents
)
select
    coalesce(publisher, '(not stated)') as publisher,
    count(*) as documents,
    coalesce(sum(word_count) filter (duplicate_of is null), 0)::bigint as words,
    count(*) filter (counted_by is null and duplicate_of is null) as undated,
    count(*) filter (duplicate_of is not null) as duplicates,
    min(date) as first_date,
    max(date) as last_date
from stated
group by coalesce(publisher, '(not stated)')
order by documents desc, publisher
limit 200;
