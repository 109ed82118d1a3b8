create table if not exists pipeline.entity_forms (
    document_id varchar not null,
    text        varchar not null,
    label       varchar not null,
    entity_id   varchar not null,
    rule        varchar not null
);

comment on table pipeline.entity_forms is 'One row per document, form and label: the entity that the form stands for there.';
comment on column pipeline.entity_forms.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.entity_forms.text is 'The form as it stands in the source';
comment on column pipeline.entity_forms.label is 'The label it was recognised with';
comment on column pipeline.entity_forms.entity_id is 'The entity';
comment on column pipeline.entity_forms.rule is 'What resolved it: gazetteer, acronym, a fuller name, or its own name';
