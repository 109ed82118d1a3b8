-- The finished periods that the verdicts rest on.
select granularity, period_start, tokens from pipeline.weighed_periods order by granularity, period_start;
