create table if not exists pipeline.files (
    path           varchar not null,
    size           bigint not null,
    modified_ns    bigint not null,
    scanned_ns     bigint not null,
    content_sha256 varchar,
    status         varchar not null,
    reason         varchar,
    detail         varchar,
    overrides      varchar
);

comment on table pipeline.files is 'One row per entry of the seeds folder, as it was last looked at.';
comment on column pipeline.files.path is 'Path below the seeds folder';
comment on column pipeline.files.size is 'Size in bytes';
comment on column pipeline.files.modified_ns is 'Time of the last change, in nanoseconds since 1970';
comment on column pipeline.files.scanned_ns is 'When the file was last read for its digest, in nanoseconds since 1970';
comment on column pipeline.files.content_sha256 is 'SHA-256 of the bytes; null if the file is not to be read';
comment on column pipeline.files.status is 'read, skipped or quarantined';
comment on column pipeline.files.reason is 'Why it is not read: a short code';
comment on column pipeline.files.detail is 'The reason as a sentence';
comment on column pipeline.files.overrides is 'The file''s line in _documents.csv, as JSON';
