create or replace view concept_trends as
with counted as (
    select
        mentions.concept,
        periods.granularity,
        periods.period_start,
        count(*) as occurrences,
        count(distinct mentions.document_id) as documents
    from main.concept_mentions as mentions
    join pipeline.document_periods as periods on periods.document_id = mentions.document_id
    group by mentions.concept, periods.granularity, periods.period_start
)
select
    counted.concept as term,
    counted.granularity,
    counted.period_start,
    counted.occurrences,
    counted.documents,
    periods.period_tokens,
    periods.period_documents,
    10000 * counted.occurrences / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from counted
join pipeline.periods on periods.granularity = counted.granularity and periods.period_start = counted.period_start;

comment on view concept_trends is 'One row per concept of the watchlist and period in which it occurs.';
comment on column concept_trends.term is 'The concept';
comment on column concept_trends.granularity is 'month, quarter or year';
comment on column concept_trends.period_start is 'First day of the period';
comment on column concept_trends.occurrences is 'Occurrences in the period, in any variant';
comment on column concept_trends.documents is 'Documents of the period with it';
comment on column concept_trends.period_tokens is 'Words of all documents of the period';
comment on column concept_trends.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column concept_trends.per_10k is 'Occurrences per 10,000 words of the period';
comment on column concept_trends.is_partial is 'Whether the period is the last one and not over yet';
