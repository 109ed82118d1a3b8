create or replace view data_dictionary as
select table_name, table_comment, position, column_name, data_type, column_comment
from pipeline.dictionary
order by table_name, position;

comment on view data_dictionary is 'One row per column of a public table or view, with what it means.';
comment on column data_dictionary.table_name is 'The table or view';
comment on column data_dictionary.table_comment is 'What a row of it is';
comment on column data_dictionary.position is 'Number of the column, from 1';
comment on column data_dictionary.column_name is 'The column';
comment on column data_dictionary.data_type is 'Its type';
comment on column data_dictionary.column_comment is 'What it means';
