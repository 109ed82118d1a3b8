-- Every document, the newest first; at most 20,000.
select
    documents.document_id,
    documents.title,
    documents.path,
    documents.publisher,
    documents.author,
    documents.speaker,
    documents.language,
    documents.publication_date,
    documents.publication_date_precision,
    documents.event_date,
    documents.event_date_precision,
    documents.counted_by,
    documents.word_count,
    documents.duplicate_of,
    shown.document_id is not null as is_in_full
from documents
left join pipeline.report_documents as shown on shown.document_id = documents.document_id
order by coalesce(documents.publication_date, documents.event_date) desc nulls last, documents.document_id
limit 20000;
