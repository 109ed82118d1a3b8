create table if not exists pipeline.bodies (
    document_id varchar not null,
    word_count  bigint not null,
    body_sha256 varchar
);

comment on table pipeline.bodies is 'One row per document: what is left of it without boilerplate.';
comment on column pipeline.bodies.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.bodies.word_count is 'Words of the body, counted by the spaces between them';
comment on column pipeline.bodies.body_sha256 is 'Digest of the words of the body; null if there is no body';
