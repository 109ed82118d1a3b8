create table if not exists pipeline.topic_states (
    model_id      varchar,
    decision      varchar not null,
    reason        varchar not null,
    tokens        bigint not null,
    token_growth  double,
    unknown_share double,
    lost_labels   bigint not null
);

comment on table pipeline.topic_states is 'One row per warehouse: what became of the topic model when the corpus last changed; topic_runs keeps all of them.';
comment on column pipeline.topic_states.model_id is 'The model that is active after it';
comment on column pipeline.topic_states.decision is 'fitted, folded_in, set_aside or none';
comment on column pipeline.topic_states.reason is 'Why';
comment on column pipeline.topic_states.tokens is 'Nouns outside of names in the corpus';
comment on column pipeline.topic_states.token_growth is 'By which share they have grown since the fit of the model before';
comment on column pipeline.topic_states.unknown_share is 'Share of what has been added since then that its vocabulary lacks';
comment on column pipeline.topic_states.lost_labels is 'Labels that the new model does not continue';
