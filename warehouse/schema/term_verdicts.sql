create table if not exists pipeline.term_verdicts (
    term            varchar not null,
    granularity     varchar not null,
    slope           double not null,
    slope_low       double not null,
    slope_high      double not null,
    tau             double not null,
    p_value         double not null,
    q_value         double not null,
    burst_start     date,
    burst_end       date,
    burst_strength  double,
    burst_q_value   double not null,
    absence_q_value double not null,
    verdict         varchar not null
);

comment on table pipeline.term_verdicts is 'One row per term and granularity at which it is tested; keyword_trends says what the columns mean.';
comment on column pipeline.term_verdicts.term is 'The term';
comment on column pipeline.term_verdicts.granularity is 'month, quarter or year';
comment on column pipeline.term_verdicts.slope is 'Theil-Sen slope';
comment on column pipeline.term_verdicts.slope_low is 'Lower end of its confidence interval';
comment on column pipeline.term_verdicts.slope_high is 'Upper end of its confidence interval';
comment on column pipeline.term_verdicts.tau is 'Kendall''s tau-a';
comment on column pipeline.term_verdicts.p_value is 'Of the Mann-Kendall test';
comment on column pipeline.term_verdicts.q_value is 'The p-value after Benjamini and Hochberg';
comment on column pipeline.term_verdicts.burst_start is 'First period of its strongest burst; null if it has none';
comment on column pipeline.term_verdicts.burst_end is 'Last period of that burst';
comment on column pipeline.term_verdicts.burst_strength is 'Its natural logarithm of the likelihood ratio';
comment on column pipeline.term_verdicts.burst_q_value is 'Chance of such a burst';
comment on column pipeline.term_verdicts.absence_q_value is 'Chance of its silence at the end';
comment on column pipeline.term_verdicts.verdict is 'rising, falling, burst, vanished or steady';
