create table if not exists pipeline.refusals (
    document_id varchar not null,
    path        varchar not null,
    reason      varchar not null,
    detail      varchar not null,
    stage       varchar not null,
    made_with   varchar
);

comment on table pipeline.refusals is 'One row per distinct content that was read and not taken in, or that a stage broke down on.';
comment on column pipeline.refusals.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.refusals.path is 'Path below the seeds folder';
comment on column pipeline.refusals.reason is 'A short code';
comment on column pipeline.refusals.detail is 'The reason as a sentence';
comment on column pipeline.refusals.stage is 'The stage that refused it or broke down on it';
comment on column pipeline.refusals.made_with is 'Digest of the settings, code, SQL and libraries of this stage and those before it, if it broke down';
