create table if not exists document_texts (
    document_id varchar not null,
    text        varchar not null using compression zstd,
    body_start  bigint not null,
    furniture   bigint[] not null
);

comment on table document_texts is 'One row per document: the decoded text that offsets of passages point into.';
comment on column document_texts.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column document_texts.text is 'The decoded text: one kind of line end, Unicode form NFC, no control characters';
comment on column document_texts.body_start is 'Where the document starts behind its front matter, in characters';
comment on column document_texts.furniture is 'Where the lines start that the file''s format tells to be the page''s own, in characters';
