create table if not exists pipeline.document_signatures (
    document_id varchar not null,
    bands       blob not null
);

comment on table pipeline.document_signatures is 'One row per document with a body: what it may be a near-duplicate by.';
comment on column pipeline.document_signatures.document_id is 'The document';
comment on column pipeline.document_signatures.bands is 'Bands of its MinHash signature; empty without words';
