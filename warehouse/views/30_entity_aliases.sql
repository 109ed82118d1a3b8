create or replace view entity_aliases as
select
    entity_id,
    text as alias,
    label,
    rule,
    sum(mentions)::bigint as mentions,
    count(distinct document_id) as documents
from pipeline.entity_forms
where entity_id is not null and document_id not in (select document_id from pipeline.duplicates)
group by entity_id, text, label, rule;

comment on view entity_aliases is 'One row per form that stands for an entity, label and rule that resolved it; they add up to the entity''s mentions.';
comment on column entity_aliases.entity_id is 'The entity';
comment on column entity_aliases.alias is 'The form as it stands in the sources';
comment on column entity_aliases.label is 'The label it was recognised with';
comment on column entity_aliases.rule is 'What resolved it: analyst, gazetteer, acronym, a fuller name in the document or the corpus, or its own name';
comment on column entity_aliases.mentions is 'Mentions in this form, without those in documents that repeat another';
comment on column entity_aliases.documents is 'Documents that use it, without those that repeat another';
