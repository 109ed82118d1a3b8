-- The last run, and what the warehouse holds after it.
select
    run_id,
    started_at,
    added,
    changed,
    renamed,
    removed,
    quarantined,
    (select count(*) from documents) as documents,
    (select count(*) from documents where duplicate_of is not null) as duplicates,
    (select count(*) from documents where counted_by is null and duplicate_of is null) as undated,
    (select coalesce(sum(word_count), 0)::bigint from documents where duplicate_of is null) as words,
    (select min(date) from pipeline.document_dates) as first_date,
    (select max(date) from pipeline.document_dates) as last_date,
    (select count(*) from entities) as entities,
    (select count(*) from terms) as terms,
    (select count(*) from pipeline.topic_weights join topic_models using (model_id) where is_active) as topics,
    (select count(*) from documents where first_seen_at >= started_at) as new_documents,
    (select count(*) from pipeline.report_documents) as documents_in_full
from runs
order by run_id desc
limit 1;
