-- The periods with documents.
select granularity, period_start, period_documents, period_tokens, is_partial
from pipeline.periods
order by granularity, period_start;
