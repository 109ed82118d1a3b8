create or replace view data_dictionary as
with tables as (
    select table_name, comment from duckdb_tables() where database_name = current_database() and schema_name = 'main'
    union all
    select view_name, comment from duckdb_views() where database_name = current_database() and schema_name = 'main' and not internal
)
select
    columns.table_name,
    tables.comment as table_comment,
    columns.column_index as position,
    columns.column_name,
    columns.data_type,
    columns.comment as column_comment
from duckdb_columns() as columns
join tables on tables.table_name = columns.table_name
where columns.database_name = current_database() and columns.schema_name = 'main'
order by columns.table_name, columns.column_index;

comment on view data_dictionary is 'One row per column of a public table or view, with what it means.';
comment on column data_dictionary.table_name is 'The table or view';
comment on column data_dictionary.table_comment is 'What a row of it is';
comment on column data_dictionary.position is 'Number of the column, from 1';
comment on column data_dictionary.column_name is 'The column';
comment on column data_dictionary.data_type is 'Its type';
comment on column data_dictionary.column_comment is 'What it means';
