create table if not exists sentences (
    sentence_id varchar not null,
    passage_id  varchar not null,
    document_id varchar not null,
    position    bigint not null,
    start_char  bigint not null,
    end_char    bigint not null,
    text        varchar not null using compression zstd,
    word_count  bigint not null
);

comment on table sentences is 'One row per sentence of a body passage.';
comment on column sentences.sentence_id is 'The sentence: its passage and its number';
comment on column sentences.passage_id is 'The passage';
comment on column sentences.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column sentences.position is 'Number of the sentence in its passage, from 0';
comment on column sentences.start_char is 'Offset of its first character in the text of the passage';
comment on column sentences.end_char is 'Offset behind its last character in the text of the passage';
comment on column sentences.text is 'The sentence as it stands in the source';
comment on column sentences.word_count is 'Words in it, as the shares of keywords count them';
