create table if not exists pipeline.changes (
    table_name varchar not null,
    key_id     varchar not null
);

comment on table pipeline.changes is 'One row per key whose rows in a table have changed since the stage that sums them up last did so; there may be several.';
comment on column pipeline.changes.table_name is 'The table';
comment on column pipeline.changes.key_id is 'The key, such as a term';
