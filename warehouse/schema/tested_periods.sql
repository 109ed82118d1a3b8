create table if not exists pipeline.tested_periods (
    granularity varchar not null,
    periods     bigint not null
);

comment on table pipeline.tested_periods is 'One row per granularity that terms are counted by.';
comment on column pipeline.tested_periods.granularity is 'month, quarter or year';
comment on column pipeline.tested_periods.periods is 'Finished periods with text';
