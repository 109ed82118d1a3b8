create table if not exists pipeline.recognised_spans (
    document_id varchar not null,
    passage_id  varchar not null,
    sentence_id varchar,
    start_char  bigint not null,
    end_char    bigint not null,
    text        varchar not null,
    label       varchar not null,
    method      varchar not null,
    model       varchar not null,
    stands_for  varchar
);

comment on table pipeline.recognised_spans is 'One row per entity at one place, as recognised and not yet resolved.';
comment on column pipeline.recognised_spans.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.recognised_spans.passage_id is 'The passage';
comment on column pipeline.recognised_spans.sentence_id is 'The sentence; null in a title or heading, which has none';
comment on column pipeline.recognised_spans.start_char is 'Offset of its first character in the text of the passage';
comment on column pipeline.recognised_spans.end_char is 'Offset behind its last character in the text of the passage';
comment on column pipeline.recognised_spans.text is 'The mention as it stands in the source';
comment on column pipeline.recognised_spans.label is 'Its OntoNotes label';
comment on column pipeline.recognised_spans.method is 'What recognised it: model, gazetteer or pattern';
comment on column pipeline.recognised_spans.model is 'The spaCy pipeline of the pass';
comment on column pipeline.recognised_spans.stands_for is 'For a short form, the name that it stands for where it stands';
