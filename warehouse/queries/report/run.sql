-- The last run, and what the warehouse holds after it.
with counted as (
    select
        count(*) as documents,
        count(duplicate_of) as duplicates,
        count(*) filter (counted_by is null and duplicate_of is null) as undated,
        coalesce(sum(word_count) filter (duplicate_of is null), 0)::bigint as words,
        min(coalesce(publication_date, event_date)) filter (counted_by is not null) as first_date,
        max(coalesce(publication_date, event_date)) filter (counted_by is not null) as last_date,
        count(*) filter (document_id in (select document_id from pipeline.report_added)) as new_documents
    from documents
)
select
    run_id,
    started_at,
    added,
    changed,
    renamed,
    removed,
    quarantined,
    counted.documents,
    counted.duplicates,
    counted.undated,
    counted.words,
    counted.first_date,
    counted.last_date,
    (select count(*) from entities) as entities,
    (select count(*) from terms) as terms,
    (select count(*) from pipeline.topic_weights join topic_models using (model_id) where is_active) as topics,
    counted.new_documents,
    (select count(*) from pipeline.report_documents) as documents_in_full
from runs
cross join counted
order by run_id desc
limit 1;
