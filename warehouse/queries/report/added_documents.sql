-- Documents that the version before did not have, the newest first; at most 200.
select document_id, title, path, publisher, language, coalesce(publication_date, event_date) as date, word_count, duplicate_of
from documents
where document_id in (select document_id from pipeline.report_added)
order by date desc nulls last, document_id
limit 200;
