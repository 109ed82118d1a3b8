-- The documents whose terms are counted.
select document_id from pipeline.counted_documents order by document_id;
