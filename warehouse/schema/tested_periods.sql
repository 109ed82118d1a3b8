create table if not exists pipeline.tested_periods (
    granularity        varchar not null,
    periods            bigint not null,
    periods_gate       varchar,
    fewest_documents   bigint not null,
    documents_gate     varchar not null,
    fewest_occurrences bigint not null,
    occurrences_gate   varchar not null
);

comment on table pipeline.tested_periods is 'One row per granularity that terms are counted by.';
comment on column pipeline.tested_periods.granularity is 'month, quarter or year';
comment on column pipeline.tested_periods.periods is 'Finished periods with text';
comment on column pipeline.tested_periods.periods_gate is 'Why no term is tested; null if there are enough periods';
comment on column pipeline.tested_periods.fewest_documents is 'Dated documents with the term that a test needs';
comment on column pipeline.tested_periods.documents_gate is 'Why a term that is in fewer is not tested';
comment on column pipeline.tested_periods.fewest_occurrences is 'Occurrences in dated documents that a test needs';
comment on column pipeline.tested_periods.occurrences_gate is 'Why a term that has fewer is not tested';
