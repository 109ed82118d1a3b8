create or replace view entity_trends as
with counted as (
    -- By document and form, which are fewer than mentions.
    select
        forms.entity_id,
        periods.granularity,
        periods.period_start,
        sum(forms.mentions)::bigint as occurrences,
        count(distinct forms.document_id) as documents
    from pipeline.entity_forms as forms
    join pipeline.document_periods as periods on periods.document_id = forms.document_id
    where forms.entity_id is not null
    group by forms.entity_id, periods.granularity, periods.period_start
)
select
    entities.name as term,
    counted.entity_id,
    entities.label,
    counted.granularity,
    counted.period_start,
    counted.occurrences,
    counted.documents,
    periods.period_tokens,
    periods.period_documents,
    10000 * counted.occurrences / nullif(periods.period_tokens, 0) as per_10k,
    periods.is_partial
from counted
join main.entities on entities.entity_id = counted.entity_id
join pipeline.periods on periods.granularity = counted.granularity and periods.period_start = counted.period_start;

comment on view entity_trends is 'One row per entity and period in which it is mentioned; mentions in titles and headings count as they do in entities.';
comment on column entity_trends.term is 'Name of the entity';
comment on column entity_trends.entity_id is 'The entity; two may have one name';
comment on column entity_trends.label is 'Its OntoNotes label';
comment on column entity_trends.granularity is 'month, quarter or year';
comment on column entity_trends.period_start is 'First day of the period';
comment on column entity_trends.occurrences is 'Mentions in the period, those in titles and headings included';
comment on column entity_trends.documents is 'Documents of the period that mention it';
comment on column entity_trends.period_tokens is 'Words of all documents of the period';
comment on column entity_trends.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column entity_trends.per_10k is 'Mentions, those in titles and headings included, per 10,000 words of body text in the period';
comment on column entity_trends.is_partial is 'Whether the period is the last one and not over yet';
