create table if not exists pipeline.topic_fits (
    model_id       varchar not null,
    topic_count    bigint not null,
    documents      bigint not null,
    passages       bigint not null,
    tokens         bigint not null,
    vocabulary     bigint not null,
    seed           bigint not null,
    coherence_npmi double,
    stability      double,
    candidates     bigint not null,
    is_active      boolean not null
);

comment on table pipeline.topic_fits is 'One row per fitted topic model.';
comment on column pipeline.topic_fits.model_id is 'The model, by a digest of its topics';
comment on column pipeline.topic_fits.topic_count is 'Number of topics';
comment on column pipeline.topic_fits.documents is 'Documents it was fitted on';
comment on column pipeline.topic_fits.passages is 'Passages it was fitted on';
comment on column pipeline.topic_fits.tokens is 'Occurrences of terms it was fitted on';
comment on column pipeline.topic_fits.vocabulary is 'Terms in its vocabulary';
comment on column pipeline.topic_fits.seed is 'Random seed of the fit';
comment on column pipeline.topic_fits.coherence_npmi is 'Mean coherence of its topics: NPMI of their ten top terms, from -1 to 1';
comment on column pipeline.topic_fits.stability is 'Likeness of the topics that other seeds give, from 0 to 1; null for one seed';
comment on column pipeline.topic_fits.candidates is 'Fits among which it was chosen';
comment on column pipeline.topic_fits.is_active is 'Whether the topics are of this model';
