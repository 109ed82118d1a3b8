-- What keeps topics recognisable from one fit to the next. A rebuild keeps these tables: without them ids would start anew.
create table pipeline.topic_fits (
    model_id       varchar not null,
    number         bigint not null,
    status         varchar not null,
    topic_count    bigint not null,
    documents      bigint not null,
    passages       bigint not null,
    tokens         bigint not null,
    corpus_tokens  bigint not null,
    vocabulary     bigint not null,
    terms          varchar[] not null,
    shortest_unit  bigint not null,
    longest_unit   bigint not null,
    seed           bigint not null,
    coherence_npmi double,
    stability      double,
    candidates     bigint not null
);

create table pipeline.topic_weights (
    model_id       varchar not null,
    topic_id       varchar not null,
    position       bigint not null,
    label          varchar not null,
    coherence_npmi double,
    prior          double not null,
    weights        double[] not null
);

create table pipeline.topic_labels (
    topic_id       varchar not null,
    label          varchar not null,
    note           varchar
);

create table topic_lineage (
    from_model_id  varchar not null,
    to_model_id    varchar not null,
    from_topic_id  varchar,
    to_topic_id    varchar,
    relation       varchar not null,
    similarity     double
);

create table topic_runs (
    run_id         varchar not null,
    recorded_at    timestamp not null,
    model_id       varchar,
    decision       varchar not null,
    reason         varchar not null,
    tokens         bigint not null,
    token_growth   double,
    unknown_share  double,
    lost_labels    bigint not null
);

comment on table pipeline.topic_fits is 'One row per fitted topic model.';
comment on column pipeline.topic_fits.model_id is 'The model, by a digest of its topics';
comment on column pipeline.topic_fits.number is 'Number of the fit, from 1';
comment on column pipeline.topic_fits.status is 'active, retired, or set_aside (it would have lost too many labels)';
comment on column pipeline.topic_fits.topic_count is 'Number of topics';
comment on column pipeline.topic_fits.documents is 'Documents it was fitted on';
comment on column pipeline.topic_fits.passages is 'Passages it was fitted on';
comment on column pipeline.topic_fits.tokens is 'Occurrences of its terms that it was fitted on';
comment on column pipeline.topic_fits.corpus_tokens is 'Occurrences of all terms that are no names when it was fitted';
comment on column pipeline.topic_fits.vocabulary is 'Terms in its vocabulary';
comment on column pipeline.topic_fits.terms is 'Its terms, in the order of the weights; none where these are not kept';
comment on column pipeline.topic_fits.shortest_unit is 'Terms; shorter stretches are merged with the next of their document';
comment on column pipeline.topic_fits.longest_unit is 'Terms; stretches are not merged into longer ones';
comment on column pipeline.topic_fits.seed is 'Random seed of the fit';
comment on column pipeline.topic_fits.coherence_npmi is 'Mean coherence of its topics: NPMI of their ten top terms, from -1 to 1';
comment on column pipeline.topic_fits.stability is 'Likeness of the topics of fits to samples, from 0 to 1; null for one sample';
comment on column pipeline.topic_fits.candidates is 'Fits among which it was chosen';

comment on table pipeline.topic_weights is 'One row per topic of the models that are kept: the active one, the last retired one, one set aside.';
comment on column pipeline.topic_weights.model_id is 'The model';
comment on column pipeline.topic_weights.topic_id is 'The topic';
comment on column pipeline.topic_weights.position is 'Number of the topic in its model, from 0, the largest at the fit first';
comment on column pipeline.topic_weights.label is 'Its label, that of the topic before if it continues one';
comment on column pipeline.topic_weights.coherence_npmi is 'NPMI of its ten top terms, from -1 to 1';
comment on column pipeline.topic_weights.prior is 'Weight that the topic has in a passage before anything is read';
comment on column pipeline.topic_weights.weights is 'Probability of each term of the vocabulary';

comment on table pipeline.topic_labels is 'One row per topic that the analyst has named in _topics.csv.';
comment on column pipeline.topic_labels.topic_id is 'The topic';
comment on column pipeline.topic_labels.label is 'The analyst''s label';
comment on column pipeline.topic_labels.note is 'The analyst''s note';

comment on table topic_lineage is 'One row per link between the topics of a model and those of the model before it.';
comment on column topic_lineage.from_model_id is 'The model before';
comment on column topic_lineage.to_model_id is 'The model after';
comment on column topic_lineage.from_topic_id is 'Topic of the model before; null for a topic that is born';
comment on column topic_lineage.to_topic_id is 'Topic of the model after; null for a topic that is retired';
comment on column topic_lineage.relation is 'continued (it keeps its id), split (it comes out of the other), merged (it goes into the other), born or retired';
comment on column topic_lineage.similarity is 'Likeness of terms and of passages, from 0 to 1; of the likest topic for one that is born or retired';

comment on table topic_runs is 'One row per run in which documents or settings of the topics changed: what became of the model.';
comment on column topic_runs.run_id is 'The run';
comment on column topic_runs.recorded_at is 'When it was decided (UTC)';
comment on column topic_runs.model_id is 'The model that is active after it';
comment on column topic_runs.decision is 'fitted (a new model), folded_in (the model before places what is new), set_aside (a new model was not taken) or none';
comment on column topic_runs.reason is 'Why';
comment on column topic_runs.tokens is 'Occurrences of all terms that are no names';
comment on column topic_runs.token_growth is 'By which share they have grown since the fit of the model before';
comment on column topic_runs.unknown_share is 'Share of what has been added since then that its vocabulary lacks';
comment on column topic_runs.lost_labels is 'Labels that the new model does not continue';
