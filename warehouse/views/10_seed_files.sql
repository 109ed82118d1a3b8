create or replace view pipeline.seed_files as
select
    content_sha256[:16] as document_id,
    arg_min(path, path) as path,
    content_sha256,
    arg_min(size, path) as size,
    arg_min(overrides, path) filter (overrides is not null) as overrides
from pipeline.files
where content_sha256 is not null
group by content_sha256;

comment on view pipeline.seed_files is 'One row per distinct content in the seeds folder, under the first of the paths that hold it.';
comment on column pipeline.seed_files.document_id is 'The document that the content is';
comment on column pipeline.seed_files.path is 'The first path that holds it';
comment on column pipeline.seed_files.content_sha256 is 'SHA-256 of the bytes';
comment on column pipeline.seed_files.size is 'Number of bytes';
comment on column pipeline.seed_files.overrides is 'The line in _documents.csv for one of its paths, as JSON';
