-- Documents and words by language, with those undated and those that repeat another.
select
    language,
    count(*) as documents,
    coalesce(sum(word_count) filter (duplicate_of is null), 0)::bigint as words,
    count(*) filter (counted_by is null and duplicate_of is null) as undated,
    count(*) filter (duplicate_of is not null) as duplicates
from documents
group by language
order by documents desc, language;
