create table if not exists pipeline.dictionary (
    table_name     varchar not null,
    table_comment  varchar,
    position       bigint not null,
    column_name    varchar not null,
    data_type      varchar not null,
    column_comment varchar
);

comment on table pipeline.dictionary is 'One row per column of a public table or view, with what it means.';
comment on column pipeline.dictionary.table_name is 'The table or view';
comment on column pipeline.dictionary.table_comment is 'What a row of it is';
comment on column pipeline.dictionary.position is 'Number of the column, from 1';
comment on column pipeline.dictionary.column_name is 'The column';
comment on column pipeline.dictionary.data_type is 'Its type';
comment on column pipeline.dictionary.column_comment is 'What it means';
