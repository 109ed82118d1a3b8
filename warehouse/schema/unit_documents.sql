create table if not exists pipeline.unit_documents (
    units       varchar not null,
    key_id      varchar not null,
    document_id varchar not null,
    digest      varchar not null
);

comment on table pipeline.unit_documents is 'One row per unit of work that is put together from documents and document in it, as it was when the unit was done last.';
comment on column pipeline.unit_documents.units is 'The query that puts the units together';
comment on column pipeline.unit_documents.key_id is 'The unit, such as a period';
comment on column pipeline.unit_documents.document_id is 'The document';
comment on column pipeline.unit_documents.digest is 'A digest of what counted of it';
