create table if not exists pipeline.added_spans (
    document_id varchar not null,
    passage_id  varchar not null,
    start_char  bigint not null,
    end_char    bigint not null,
    text        varchar not null,
    label       varchar not null,
    stands_for  varchar not null
);

comment on table pipeline.added_spans is 'One row per place of a name that the analyst has added in _entities.csv.';
comment on column pipeline.added_spans.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.added_spans.passage_id is 'The passage';
comment on column pipeline.added_spans.start_char is 'Offset of its first character in the text of the passage';
comment on column pipeline.added_spans.end_char is 'Offset behind its last character in the text of the passage';
comment on column pipeline.added_spans.text is 'The name as it stands in the source';
comment on column pipeline.added_spans.label is 'The label that the analyst gives it';
comment on column pipeline.added_spans.stands_for is 'The name that was added';
