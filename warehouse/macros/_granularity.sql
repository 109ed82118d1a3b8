create or replace macro pipeline.granularity(period) as
if(period in ('month', 'quarter', 'year'), period, error('period must be month, quarter or year, not ' || coalesce(period, 'null')));

comment on macro pipeline.granularity is 'The granularity that a macro is asked for by `period`; an error if there is none of that name';
