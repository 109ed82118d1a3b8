create table if not exists pipeline.tested_periods (
    granularity        varchar not null,
    periods            bigint not null,
    fewest_periods     bigint not null,
    fewest_documents   bigint not null,
    fewest_occurrences bigint not null
);

comment on table pipeline.tested_periods is 'One row per granularity that terms are counted by.';
comment on column pipeline.tested_periods.granularity is 'month, quarter or year';
comment on column pipeline.tested_periods.periods is 'Finished periods with text';
comment on column pipeline.tested_periods.fewest_periods is 'Such periods that a test needs';
comment on column pipeline.tested_periods.fewest_documents is 'Dated documents with the term that a test needs';
comment on column pipeline.tested_periods.fewest_occurrences is 'Occurrences in dated documents that a test needs';
