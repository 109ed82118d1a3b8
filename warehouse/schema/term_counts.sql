create table if not exists term_counts (
    document_id      varchar not null,
    passage_id       varchar not null,
    sentence_id      varchar not null,
    term             varchar not null,
    occurrences      bigint not null,
    name_occurrences bigint not null,
    noun_occurrences bigint not null
);

comment on table term_counts is 'One row per term and sentence: a lemma or a noun phrase of lemmas.';
comment on column term_counts.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column term_counts.passage_id is 'The passage';
comment on column term_counts.sentence_id is 'The sentence';
comment on column term_counts.term is 'The term, in lower case';
comment on column term_counts.occurrences is 'How often it stands in the sentence';
comment on column term_counts.name_occurrences is 'How often it stands there as a name or part of one';
comment on column term_counts.noun_occurrences is 'How often it stands there as a noun, a name or a noun phrase';
