-- Documents and words by publisher, with those undated and those that repeat another; at most 200.
select
    coalesce(publisher, '(not stated)') as publisher,
    count(*) as documents,
    coalesce(sum(word_count) filter (duplicate_of is null), 0)::bigint as words,
    count(*) filter (counted_by is null and duplicate_of is null) as undated,
    count(*) filter (duplicate_of is not null) as duplicates,
    min(coalesce(publication_date, event_date)) as first_date,
    max(coalesce(publication_date, event_date)) as last_date
from documents
group by coalesce(publisher, '(not stated)')
order by documents desc, publisher
limit 200;
