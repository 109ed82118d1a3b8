-- What is counted in a period is a document, and repeats no other.
select periods.document_id, periods.granularity, periods.period_start
from pipeline.document_periods as periods
left join documents on documents.document_id = periods.document_id
where documents.document_id is null or documents.duplicate_of is not null;
