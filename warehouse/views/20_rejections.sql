create or replace view rejections as
with not_read as (
    select path, 'ingest' as stage, status, reason, detail
    from pipeline.files
    where content_sha256 is null
),
refused as (
    select files.path, refusals.stage, 'quarantined' as status, refusals.reason, refusals.detail
    from pipeline.refusals
    join pipeline.files on files.content_sha256[:16] = refusals.document_id
),
same_bytes as (
    select
        files.path,
        'ingest' as stage,
        'duplicate' as status,
        'same_bytes' as reason,
        'holds the same bytes as ' || sources.path || ' (document ' || sources.document_id || ')' as detail
    from pipeline.files
    join pipeline.sources on sources.document_id = files.content_sha256[:16] and sources.path <> files.path
),
without_body as (
    select
        sources.path,
        'clean' as stage,
        'quarantined' as status,
        'boilerplate_only' as reason,
        'every paragraph is a title, a heading or site furniture; passages.rule says which' as detail
    from pipeline.sources
    join pipeline.bodies on bodies.document_id = sources.document_id and bodies.word_count = 0
)
select path, stage, status, reason, detail from not_read
union all
select path, stage, status, reason, detail from refused
union all
select path, stage, status, reason, detail from same_bytes
union all
select path, stage, status, reason, detail from without_body;

comment on view rejections is 'One row per file not ingested or document left out.';
comment on column rejections.path is 'Path below the seeds folder';
comment on column rejections.stage is 'The stage that left it out';
comment on column rejections.status is 'quarantined (it should be looked at), skipped (not a document) or duplicate';
comment on column rejections.reason is 'A short code';
comment on column rejections.detail is 'The reason as a sentence';
