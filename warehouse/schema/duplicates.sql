create table if not exists pipeline.duplicates (
    document_id  varchar not null,
    duplicate_of varchar not null
);

comment on table pipeline.duplicates is 'One row per document whose body repeats that of another.';
comment on column pipeline.duplicates.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.duplicates.duplicate_of is 'The document that represents it';
