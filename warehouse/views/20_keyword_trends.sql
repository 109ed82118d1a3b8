create or replace view keyword_trends as
select
    dated.term,
    dated.granularity,
    dated.periods,
    dated.documents,
    dated.occurrences,
    dated.first_period,
    dated.last_period,
    round(verdicts.slope, 9) as slope,
    round(verdicts.slope_low, 9) as slope_low,
    round(verdicts.slope_high, 9) as slope_high,
    round(verdicts.tau, 9) as tau,
    round(verdicts.p_value, 9) as p_value,
    round(verdicts.q_value, 9) as q_value,
    if(verdicts.is_burst, verdicts.burst_start, null) as burst_start,
    if(verdicts.is_burst, verdicts.burst_end, null) as burst_end,
    if(verdicts.is_burst, round(verdicts.burst_strength, 9), null) as burst_strength,
    round(verdicts.burst_q_value, 9) as burst_q_value,
    round(verdicts.absence_q_value, 9) as absence_q_value,
    dated.last_seen_date,
    coalesce(verdicts.verdict, 'insufficient') as verdict,
    coalesce(dated.gate, verdicts.gate) as gate
from pipeline.dated_terms as dated
left join pipeline.term_verdicts as verdicts
    on verdicts.term = dated.term and verdicts.granularity = dated.granularity;

comment on view keyword_trends is 'One row per term and granularity, with a verdict and what it rests on.';
comment on column keyword_trends.term is 'The term';
comment on column keyword_trends.granularity is 'month, quarter or year';
comment on column keyword_trends.periods is 'Finished periods with text that were looked at, also those without the term';
comment on column keyword_trends.documents is 'Dated documents that the term occurs in';
comment on column keyword_trends.occurrences is 'How often it occurs in dated documents';
comment on column keyword_trends.first_period is 'First period in which it occurs';
comment on column keyword_trends.last_period is 'Last period in which it occurs';
comment on column keyword_trends.slope is 'Theil-Sen slope: change of its occurrences per 10,000 words from one period to the next; null if not tested';
comment on column keyword_trends.slope_low is 'Lower end of the slope''s confidence interval';
comment on column keyword_trends.slope_high is 'Upper end of the slope''s confidence interval';
comment on column keyword_trends.tau is 'Kendall''s tau-a: of all pairs of periods, the share in which it rises less the share in which it falls';
comment on column keyword_trends.p_value is 'Of the Mann-Kendall test, corrected for ties and autocorrelation, two-sided; null if not tested';
comment on column keyword_trends.q_value is 'The p-value after Benjamini and Hochberg over all terms tested at this granularity';
comment on column keyword_trends.burst_start is 'First period of its strongest burst; null if it has none';
comment on column keyword_trends.burst_end is 'Last period of that burst, which goes on if it is the last finished period';
comment on column keyword_trends.burst_strength is 'By how much a multiple of its usual rate explains the burst better, as a natural logarithm of the likelihood ratio';
comment on column keyword_trends.burst_q_value is 'Chance of such a burst at a steady rate, after Benjamini and Hochberg; null if not tested';
comment on column keyword_trends.absence_q_value is 'Chance of its silence at the end at its rate before, after Benjamini and Hochberg; 1 without silence or after a longer one';
comment on column keyword_trends.last_seen_date is 'Date of the last dated document with the term';
comment on column keyword_trends.verdict is 'rising, falling, burst, vanished, steady or insufficient';
comment on column keyword_trends.gate is 'For insufficient: the first requirement that the evidence does not meet';
