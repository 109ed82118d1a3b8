-- Terms whose verdict is another one than in the version before; one that was and is not tested is none.
with verdicts as (
    select
        term,
        granularity,
        coalesce(before.verdict, 'insufficient') as before,
        coalesce(now.verdict, 'insufficient') as now,
        now.occurrences,
        now.documents
    from earlier.main.keyword_trends as before
    full join later.main.keyword_trends as now using (term, granularity)
)
select term, granularity, before, now, occurrences, documents
from verdicts
where before <> now
order by granularity, occurrences desc nulls last, term
limit $most
