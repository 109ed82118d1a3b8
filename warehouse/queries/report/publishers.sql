-- Documents and words by publisher, with those undated and those that repeat another; at most 200.
with stated as (
    select
        publisher,
        word_count,
        counted_by,
        duplicate_of,
        left(
            coalesce(publication_date, event_date)::varchar,
            case if(publication_date is null, event_date_precision, publication_date_precision)
                when 'year' then 4
                when 'month' then 7
                else 10
            end
        ) as date
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
