-- The documents whose terms are counted in each period, and what else counts of them there.
select
    documents.period,
    documents.document_id,
    (documents.date, documents.publisher, passages.repeated)::varchar as state
from pipeline.counted_documents as documents
left join (
    select document_id, list(passage_id order by passage_id) as repeated
    from pipeline.repeated_passages
    group by document_id
) as passages on passages.document_id = documents.document_id;
