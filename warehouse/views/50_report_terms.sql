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
steady as (
    select
        unnest(
            max_by(
                verdicts.term,
                {
                    'documents': if(verdicts.granularity = 'year', totals.year_documents, totals.month_documents),
                    'term': verdicts.term
                },
                6
            )
        ) as term
    from pipeline.term_verdicts as verdicts
    join pipeline.term_totals as totals on totals.term = verdicts.term
    where verdicts.verdict = 'steady'
    group by verdicts.granularity
),
by_year as (
    select term, 'year' as granularity
    from pipeline.term_totals
    where year_documents > 0
        and left_out is null
        and term not in (from pipeline.stopwords)
        and term not in (select term from pipeline.term_verdicts where granularity = 'year' and gate is null)
    order by year_documents desc, term desc
    limit 6
),
by_quarter as (
    select term, 'quarter' as granularity
    from pipeline.term_totals
    where month_documents > 0
        and left_out is null
        and term not in (from pipeline.stopwords)
        and term not in (select term from pipeline.term_verdicts where granularity = 'quarter' and gate is null)
    order by month_documents desc, term desc
    limit 6
),
by_month as (
    select term, 'month' as granularity
    from pipeline.term_totals
    where month_documents > 0
        and left_out is null
        and term not in (from pipeline.stopwords)
        and term not in (select term from pipeline.term_verdicts where granularity = 'month' and gate is null)
    order by month_documents desc, term desc
    limit 6
),
insufficient as (
    select gated.term
    from (from by_year union all from by_quarter union all from by_month) as gated
    join pipeline.tested_periods as spans on spans.granularity = gated.granularity
),
widespread as (
    select term
    from terms
    order by document_count desc, occurrences desc, term
    limit 600
)
select term from outstanding
union
select term from steady
union
select term from insufficient
union
select term from widespread;

comment on view pipeline.report_terms is 'One row per term that the report shows: the strongest of each verdict, and the most widespread.';
comment on column pipeline.report_terms.term is 'The term';
