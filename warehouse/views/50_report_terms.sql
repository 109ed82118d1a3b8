create or replace view pipeline.report_terms as
with judged as (
    select
        term,
        granularity,
        verdict,
        case
            when verdict in ('rising', 'falling') then abs(round(tau, 9))
            when verdict = 'burst' then round(burst_strength, 9)
            else -round(absence_q_value, 9)
        end as strength
    from pipeline.term_verdicts
    where verdict in ('rising', 'falling', 'burst', 'vanished')
),
outstanding as (
    select distinct unnest(max_by(term, {'strength': strength, 'term': term}, 24)) as term
    from judged
    group by granularity, verdict
),
undecided as (
    select term, granularity, 'insufficient' as verdict, documents
    from pipeline.dated_terms
    where gate is not null
    union all
    select
        verdicts.term,
        verdicts.granularity,
        verdicts.verdict,
        if(verdicts.granularity = 'year', totals.year_documents, totals.month_documents) as documents
    from pipeline.term_verdicts as verdicts
    join pipeline.term_totals as totals on totals.term = verdicts.term
    where verdicts.verdict in ('steady', 'insufficient')
),
-- Of those without a trend, which are the most, a few show what evidence is not enough.
enough as materialized (
    select granularity, verdict, list_min(max(documents, 6)) as documents
    from undecided
    group by granularity, verdict
),
others as (
    select unnest(max_by(undecided.term, {'documents': undecided.documents, 'term': undecided.term}, 6)) as term
    from undecided
    join enough
        on enough.granularity = undecided.granularity
        and enough.verdict = undecided.verdict
        and enough.documents <= undecided.documents
    group by undecided.granularity, undecided.verdict
),
widespread as (
    select term
    from terms
    order by document_count desc, occurrences desc, term
    limit 600
)
select term from outstanding
union
select term from others
union
select term from widespread;

comment on view pipeline.report_terms is 'One row per term that the report shows: the strongest of each verdict, and the most widespread.';
comment on column pipeline.report_terms.term is 'The term';
