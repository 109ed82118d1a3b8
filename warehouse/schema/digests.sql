create table if not exists pipeline.digests (
    table_name varchar not null,
    key_id     varchar not null,
    digest     varchar not null
);

comment on table pipeline.digests is 'One row per table and unit of work: a digest of the rows that the unit has there.';
comment on column pipeline.digests.table_name is 'The table';
comment on column pipeline.digests.key_id is 'The document, or * for the whole corpus';
comment on column pipeline.digests.digest is 'The digest';
