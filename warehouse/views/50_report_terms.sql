create or replace view pipeline.report_terms as
with judged as (
    select
        term,
        granularity,
        verdict,
        case
            when verdict in ('rising', 'falling') then abs(tau)
            when verdict = 'burst' then burst_strength
            else -absence_q_value
        end as strength
    from keyword_trends
    where verdict in ('rising', 'falling', 'burst', 'vanished')
),
outstanding as (
    select distinct unnest(max_by(term, {'strength': strength, 'term': term}, 24)) as term
    from judged
    group by granularity, verdict
),
-- Of those without a trend, which are the most, a few show what evidence is not enough.
enough as (
    select granularity, verdict, list_min(max(documents, 6)) as documents
    from keyword_trends
    where verdict in ('steady', 'insufficient')
    group by granularity, verdict
),
undecided as (
    select distinct unnest(max_by(trends.term, {'documents': trends.documents, 'term': trends.term}, 6)) as term
    from keyword_trends as trends
    join enough
        on enough.granularity = trends.granularity
        and enough.verdict = trends.verdict
        and enough.documents <= trends.documents
    group by trends.granularity, trends.verdict
),
widespread as (
    select term
    from terms
    order by document_count desc, occurrences desc, term
    limit 600
)
select term from outstanding
union
select term from undecided
union
select term from widespread;

comment on view pipeline.report_terms is 'One row per term that the report shows: the strongest of each verdict, and the most widespread.';
comment on column pipeline.report_terms.term is 'The term';
