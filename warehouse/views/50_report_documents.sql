create or replace view pipeline.report_documents as
-- What the last run added comes first, then the newest, as long as there is room for their text.
with ranked as (
    select
        document_id,
        sum(word_count) over (
            order by
                first_seen_at >= (select max(started_at) from runs) desc,
                publication_date desc nulls last,
                document_id
        ) as words
    from documents
    where word_count <= 60000
)
select document_id
from ranked
where words <= 1000000;

comment on view pipeline.report_documents is 'One row per document whose text the report holds in full.';
comment on column pipeline.report_documents.document_id is 'The document';
