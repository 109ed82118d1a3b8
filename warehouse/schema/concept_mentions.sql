create table if not exists concept_mentions (
    concept     varchar not null,
    variant     varchar not null,
    document_id varchar not null,
    passage_id  varchar not null,
    sentence_id varchar not null,
    start_char  bigint not null,
    end_char    bigint not null
);

comment on table concept_mentions is 'One row per occurrence of a concept of the watchlist in a body passage.';
comment on column concept_mentions.concept is 'The concept';
comment on column concept_mentions.variant is 'The wording of the watchlist that stands there, in any inflection';
comment on column concept_mentions.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column concept_mentions.passage_id is 'The passage';
comment on column concept_mentions.sentence_id is 'The sentence';
comment on column concept_mentions.start_char is 'Offset of its first character in the text of the passage';
comment on column concept_mentions.end_char is 'Offset behind its last character in the text of the passage';
