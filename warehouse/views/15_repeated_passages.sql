create or replace view pipeline.repeated_passages as
-- A passage that ten documents have word for word is a formula: a salutation, a note by who printed them.
with often as (
    select bands from pipeline.passage_signatures where octet_length(bands) > 0 group by bands having count(*) >= 10
)
select signatures.document_id, signatures.passage_id
from pipeline.passage_signatures as signatures
join pipeline.counted_documents as documents on documents.document_id = signatures.document_id
where signatures.bands in (from often)
qualify count(distinct signatures.document_id) over (partition by signatures.bands) >= 10;

comment on view pipeline.repeated_passages is 'One row per passage that ten counted documents have word for word.';
comment on column pipeline.repeated_passages.document_id is 'The document';
comment on column pipeline.repeated_passages.passage_id is 'The passage';
