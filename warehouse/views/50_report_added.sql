create or replace view pipeline.report_added as
select document_id
from pipeline.first_published
where run_id = (select max(run_id) from runs);

comment on view pipeline.report_added is 'One row per document that the version before did not have.';
comment on column pipeline.report_added.document_id is 'The document';
