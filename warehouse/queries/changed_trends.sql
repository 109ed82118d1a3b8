-- Terms that have another trend than in the version before, or had one; what was or is not tested has insufficient evidence.
with verdicts as (
    select
        term,
        granularity,
        coalesce(before.verdict, 'insufficient') as before,
        coalesce(now.verdict, 'insufficient') as now
    from earlier.pipeline.term_verdicts as before
    full join later.pipeline.term_verdicts as now using (term, granularity)
),
trends as (
    select unnest(['rising', 'falling', 'burst', 'vanished']) as verdict
)
select
    verdicts.term,
    verdicts.granularity,
    verdicts.before,
    verdicts.now,
    dated.occurrences,
    dated.documents
from verdicts
left join later.pipeline.dated_terms as dated
    on dated.term = verdicts.term and dated.granularity = verdicts.granularity
where verdicts.before <> verdicts.now
    and (verdicts.before in (from trends) or verdicts.now in (from trends))
order by verdicts.granularity, dated.occurrences desc nulls last, verdicts.term
limit $most
