create table if not exists topics (
    topic_id       varchar not null,
    model_id       varchar not null,
    label          varchar not null,
    coherence_npmi double,
    share          double not null
);

comment on table topics is 'One row per topic of the active model.';
comment on column topics.topic_id is 'The topic';
comment on column topics.model_id is 'The model';
comment on column topics.label is 'Its most distinctive terms, phrases first';
comment on column topics.coherence_npmi is 'NPMI of its ten top terms, from -1 to 1';
comment on column topics.share is 'Share of the corpus, by occurrences of terms';
