-- A digest of what ingest makes a document from: its content, its name, and the analyst's line on it.
select document_id as key_id, md5(concat_ws('|', path, content_sha256, coalesce(overrides, ''))) as digest
from pipeline.seed_files
order by document_id;
