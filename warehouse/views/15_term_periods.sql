create or replace view pipeline.term_periods as
select
    counts.term,
    spans.granularity,
    case spans.granularity
        when 'year' then date_trunc('year', counts.last_date)
        when 'quarter' then date_trunc('quarter', counts.last_date)
        else date_trunc('month', counts.last_date)
    end::date as period_start,
    counts.occurrences,
    counts.documents
from pipeline.period_terms as counts
join pipeline.tested_periods as spans on spans.granularity = 'year' or length(counts.period) = 7
where counts.last_date is not null;

comment on view pipeline.term_periods is 'One row per term, month, publisher and granularity that they count for; keyword_counts sums them up.';
comment on column pipeline.term_periods.term is 'The term';
comment on column pipeline.term_periods.granularity is 'month, quarter or year';
comment on column pipeline.term_periods.period_start is 'First day of the period';
comment on column pipeline.term_periods.occurrences is 'How often it occurs in the documents of the publisher in the month';
comment on column pipeline.term_periods.documents is 'In how many of them';
