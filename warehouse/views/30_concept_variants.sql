create or replace view concept_variants as
select
    mentions.concept,
    mentions.variant,
    periods.granularity,
    periods.period_start,
    count(*) as occurrences,
    count(distinct mentions.document_id) as documents,
    count(*) / sum(count(*)) over (
        partition by mentions.concept, periods.granularity, periods.period_start
    ) as share
from main.concept_mentions as mentions
join pipeline.document_periods as periods on periods.document_id = mentions.document_id
group by mentions.concept, mentions.variant, periods.granularity, periods.period_start;

comment on view concept_variants is 'One row per variant of a concept and period in which it occurs: its share tells when the wording changed.';
comment on column concept_variants.concept is 'The concept';
comment on column concept_variants.variant is 'The wording';
comment on column concept_variants.granularity is 'month, quarter or year';
comment on column concept_variants.period_start is 'First day of the period';
comment on column concept_variants.occurrences is 'Occurrences of the wording in the period';
comment on column concept_variants.documents is 'Documents of the period that use it';
comment on column concept_variants.share is 'Of all occurrences of the concept in the period';
