-- A term is in no more documents and no oftener than its period allows.
select term, granularity, period_start
from keyword_counts
where documents > period_documents or documents > occurrences or period_tokens <= 0 or per_10k <= 0;
