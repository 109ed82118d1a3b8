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
-- Of those without a trend, which are the most, a few show what evidence is not enough.
others as (
    select unnest(max_by(term, {'documents': documents, 'term': term}, 6)) as term
    from keyword_trends
    where verdict in ('steady', 'insufficient')
    group by granularity, verdict
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
