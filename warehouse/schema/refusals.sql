create table if not exists pipeline.refusals (
    document_id varchar not null,
    path        varchar not null,
    reason      varchar not null,
    detail      varchar not null
);

comment on table pipeline.refusals is 'One row per distinct content that was read and not taken in.';
comment on column pipeline.refusals.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.refusals.path is 'Path below the seeds folder';
comment on column pipeline.refusals.reason is 'A short code';
comment on column pipeline.refusals.detail is 'The reason as a sentence';
