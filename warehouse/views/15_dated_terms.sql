create or replace view pipeline.dated_terms as
with dated as (
    select
        totals.term,
        spans.granularity,
        spans.periods,
        if(spans.granularity = 'year', totals.year_documents, totals.month_documents) as documents,
        if(spans.granularity = 'year', totals.year_occurrences, totals.month_occurrences) as occurrences,
        case spans.granularity
            when 'year' then totals.first_year
            when 'quarter' then date_trunc('quarter', totals.first_month)::date
            else totals.first_month
        end as first_period,
        case spans.granularity
            when 'year' then totals.last_year
            when 'quarter' then date_trunc('quarter', totals.last_month)::date
            else totals.last_month
        end as last_period,
        if(spans.granularity = 'year', totals.year_last_seen, totals.month_last_seen) as last_seen_date,
        spans.periods_gate,
        spans.fewest_documents,
        spans.documents_gate,
        spans.fewest_occurrences,
        spans.occurrences_gate
    from pipeline.term_totals as totals
    cross join pipeline.tested_periods as spans
    where totals.left_out is null and totals.term not in (from pipeline.stopwords)
)
select
    term,
    granularity,
    periods,
    documents,
    occurrences,
    first_period,
    last_period,
    last_seen_date,
    case
        when periods_gate is not null then periods_gate
        when documents < fewest_documents then documents_gate
        when occurrences < fewest_occurrences then occurrences_gate
    end as gate
from dated
where documents > 0;

comment on view pipeline.dated_terms is 'One row per term and granularity at which it has dated documents, with what these amount to.';
comment on column pipeline.dated_terms.term is 'The term';
comment on column pipeline.dated_terms.granularity is 'month, quarter or year';
comment on column pipeline.dated_terms.periods is 'Finished periods with text that are looked at, also those without the term';
comment on column pipeline.dated_terms.documents is 'Dated documents that the term occurs in';
comment on column pipeline.dated_terms.occurrences is 'How often it occurs in dated documents';
comment on column pipeline.dated_terms.first_period is 'First period in which it occurs';
comment on column pipeline.dated_terms.last_period is 'Last period in which it occurs';
comment on column pipeline.dated_terms.last_seen_date is 'Date of the last dated document with the term';
comment on column pipeline.dated_terms.gate is 'The first requirement of frequency that a test has and that is not met';
