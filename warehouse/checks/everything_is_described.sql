-- Every public table and column says what it is.
select table_name, column_name
from data_dictionary
where coalesce(table_comment, '') not like 'One row per %' or coalesce(column_comment, '') = '';
