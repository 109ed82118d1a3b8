create table if not exists pipeline.passage_signatures (
    document_id varchar not null,
    passage_id  varchar not null,
    word_count  bigint not null,
    digest      bigint not null,
    bands       blob not null,
    stems       blob not null,
    counts      blob not null
);

comment on table pipeline.passage_signatures is 'One row per body passage: what it may be a copy of another by, or parallel to it.';
comment on column pipeline.passage_signatures.document_id is 'The document';
comment on column pipeline.passage_signatures.passage_id is 'The passage';
comment on column pipeline.passage_signatures.word_count is 'Its words';
comment on column pipeline.passage_signatures.digest is 'The same for passages with the same words in the same order';
comment on column pipeline.passage_signatures.bands is 'Bands of its MinHash signature; empty without words';
comment on column pipeline.passage_signatures.stems is 'The stems of its words, as numbers';
comment on column pipeline.passage_signatures.counts is 'How often each of these occurs, 255 at most';
