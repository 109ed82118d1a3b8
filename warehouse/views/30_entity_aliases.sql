create or replace view entity_aliases as
select
    forms.entity_id,
    mentions.text as alias,
    mentions.label,
    forms.rule,
    count(*) as mentions,
    count(distinct mentions.document_id) as documents
from main.mentions
join pipeline.entity_forms as forms
    on forms.document_id = mentions.document_id and forms.text = mentions.text and forms.label = mentions.label
where mentions.document_id not in (select document_id from pipeline.duplicates)
group by forms.entity_id, mentions.text, mentions.label, forms.rule;

comment on view entity_aliases is 'One row per form that stands for an entity, label and rule that resolved it; they add up to the entity''s mentions.';
comment on column entity_aliases.entity_id is 'The entity';
comment on column entity_aliases.alias is 'The form as it stands in the sources';
comment on column entity_aliases.label is 'The label it was recognised with';
comment on column entity_aliases.rule is 'What resolved it: analyst, gazetteer, acronym, a fuller name in the document or the corpus, or its own name';
comment on column entity_aliases.mentions is 'Mentions in this form, without those in documents that repeat another';
comment on column entity_aliases.documents is 'Documents that use it, without those that repeat another';
