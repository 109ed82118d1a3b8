create table if not exists pipeline.entity_forms (
    document_id varchar not null,
    text        varchar not null,
    label       varchar not null,
    stands_for  varchar,
    entity_id   varchar,
    rule        varchar not null,
    mentions    bigint not null
);

comment on table pipeline.entity_forms is 'One row per document, form, label and what is told of the form: the entity that it stands for there.';
comment on column pipeline.entity_forms.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.entity_forms.text is 'The form as it stands in the source';
comment on column pipeline.entity_forms.label is 'The label it was recognised with';
comment on column pipeline.entity_forms.stands_for is 'What the form is told to stand for where it stands, such as what it abbreviates; null where nothing is';
comment on column pipeline.entity_forms.entity_id is 'The entity; null where the analyst has rejected the form';
comment on column pipeline.entity_forms.rule is 'What resolved it: the analyst, gazetteer, acronym, a fuller name, or its own name; or rejected';
comment on column pipeline.entity_forms.mentions is 'How often the document has the form so';
