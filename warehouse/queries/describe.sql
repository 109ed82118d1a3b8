-- Write the data dictionary down: the catalogue itself cannot be asked once the file is attached under another name.
insert into pipeline.dictionary
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
where columns.database_name = current_database() and columns.schema_name = 'main';
