-- The periods with documents; what is counted is divided by their words.
select granularity, period_start, period_documents, period_tokens, is_partial
from pipeline.report_periods
order by granularity, period_start;
