create or replace view pipeline.report_documents as
-- What the version before did not have comes first, then the newest, as long as there is room for their text.
with ranked as (
    select
        bodies.document_id,
        sum(bodies.word_count) over (
            order by
                added.document_id is not null desc,
                dates.date desc nulls last,
                bodies.document_id
        ) as words
    from pipeline.bodies
    left join pipeline.report_added as added on added.document_id = bodies.document_id
    left join pipeline.document_dates as dates on dates.document_id = bodies.document_id
    where bodies.word_count between 1 and 60000
)
select document_id
from ranked
where words <= 1000000;

comment on view pipeline.report_documents is 'One row per document whose text the report holds in full.';
comment on column pipeline.report_documents.document_id is 'The document';
