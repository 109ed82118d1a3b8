-- What the tests have said of each term.
select
    term,
    granularity,
    series,
    slope,
    slope_low,
    slope_high,
    tau,
    p_value,
    burst_start,
    burst_end,
    burst_strength,
    burst_p_value,
    came_and_went
from pipeline.term_verdicts
where gate is null;
