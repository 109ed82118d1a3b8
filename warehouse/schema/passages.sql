create table if not exists passages (
    passage_id  varchar not null,
    document_id varchar not null,
    position    bigint not null,
    kind        varchar not null,
    text        varchar not null using compression zstd,
    start_char  bigint not null,
    end_char    bigint not null,
    rule        varchar
);

comment on table passages is 'One row per paragraph of a document, boilerplate included.';
comment on column passages.passage_id is 'The passage: its document and its number';
comment on column passages.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column passages.position is 'Number of the paragraph in its document, from 0';
comment on column passages.kind is 'title, heading, body or boilerplate; only body is counted';
comment on column passages.text is 'The paragraph as it stands in the source';
comment on column passages.start_char is 'Offset of its first character in the text of the document';
comment on column passages.end_char is 'Offset behind its last character in the text of the document';
comment on column passages.rule is 'The rule that made it boilerplate';
