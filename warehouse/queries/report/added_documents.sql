-- Documents that the last run met for the first time, the newest first; at most 200.
select document_id, title, path, publisher, language, coalesce(publication_date, event_date) as date, word_count, duplicate_of
from documents
where first_seen_at >= (select max(started_at) from runs)
order by date desc nulls last, document_id
limit 200;
