create table if not exists pipeline.weighed_periods (
    granularity  varchar not null,
    period_start date not null,
    tokens       bigint not null
);

comment on table pipeline.weighed_periods is 'One row per granularity and finished period that the verdicts rest on: while it stays as it is, so does what was tested.';
comment on column pipeline.weighed_periods.granularity is 'month, quarter or year';
comment on column pipeline.weighed_periods.period_start is 'First day of the period';
comment on column pipeline.weighed_periods.tokens is 'Words of its documents';
