create or replace view pipeline.seed_files as
with ranked as (
    -- A copy under another name takes nothing away: what is called Markdown has front matter, a name may state the date.
    select
        *,
        {
            'tells_nothing_itself': not regexp_matches(path, '(?i)\.(md|markdown)$'),
            'tells_no_date': not regexp_matches(path, '\d{4}'),
            'path': path
        } as place
    from pipeline.files
    where content_sha256 is not null
)
select
    content_sha256[:16] as document_id,
    arg_min(path, place) as path,
    content_sha256,
    arg_min(size, place) as size,
    arg_min(overrides, place) filter (overrides is not null) as overrides
from ranked
group by content_sha256;

comment on view pipeline.seed_files is 'One row per distinct content in the seeds folder, under that of its paths that tells most.';
comment on column pipeline.seed_files.document_id is 'The document that the content is';
comment on column pipeline.seed_files.path is 'The path that holds it; of several one of Markdown, then one with the digits of a year, then the first';
comment on column pipeline.seed_files.content_sha256 is 'SHA-256 of the bytes';
comment on column pipeline.seed_files.size is 'Number of bytes';
comment on column pipeline.seed_files.overrides is 'The line in _documents.csv for one of its paths, as JSON';
