create table if not exists pipeline.term_verdicts (
    term            varchar not null,
    granularity     varchar not null,
    series          bigint,
    gate            varchar,
    slope           double,
    slope_low       double,
    slope_high      double,
    tau             double,
    p_value         double,
    q_value         double,
    burst_start     date,
    burst_end       date,
    burst_strength  double,
    burst_p_value   double,
    burst_q_value   double,
    is_burst        boolean,
    came_and_went   boolean,
    absence_q_value double,
    verdict         varchar not null
);

comment on table pipeline.term_verdicts is 'One row per term and granularity at which it occurs often enough to be tested; keyword_trends says what the columns mean.';
comment on column pipeline.term_verdicts.term is 'The term';
comment on column pipeline.term_verdicts.granularity is 'month, quarter or year';
comment on column pipeline.term_verdicts.series is 'A digest of what it has in the finished periods, which the evidence rests on; null if it is not tested';
comment on column pipeline.term_verdicts.gate is 'What else its evidence does not meet; null if it is tested';
comment on column pipeline.term_verdicts.slope is 'Theil-Sen slope';
comment on column pipeline.term_verdicts.slope_low is 'Lower end of its confidence interval';
comment on column pipeline.term_verdicts.slope_high is 'Upper end of its confidence interval';
comment on column pipeline.term_verdicts.tau is 'Kendall''s tau-a';
comment on column pipeline.term_verdicts.p_value is 'Of the Mann-Kendall test';
comment on column pipeline.term_verdicts.q_value is 'The p-value after Benjamini and Hochberg';
comment on column pipeline.term_verdicts.burst_start is 'First period of its strongest run above its usual rate; null if it has none';
comment on column pipeline.term_verdicts.burst_end is 'Last period of that run';
comment on column pipeline.term_verdicts.burst_strength is 'Its natural logarithm of the likelihood ratio';
comment on column pipeline.term_verdicts.burst_p_value is 'Chance of such a run';
comment on column pipeline.term_verdicts.burst_q_value is 'That chance after Benjamini and Hochberg';
comment on column pipeline.term_verdicts.is_burst is 'Whether the run is a burst';
comment on column pipeline.term_verdicts.came_and_went is 'Whether the run is brief and holds most of the term';
comment on column pipeline.term_verdicts.absence_q_value is 'Chance of its silence at the end';
comment on column pipeline.term_verdicts.verdict is 'rising, falling, burst, vanished, steady, or insufficient';
