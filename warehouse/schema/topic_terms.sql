create table if not exists topic_terms (
    topic_id varchar not null,
    model_id varchar not null,
    term     varchar not null,
    rank     bigint not null,
    weight   double not null
);

comment on table topic_terms is 'One row per topic and top term.';
comment on column topic_terms.topic_id is 'The topic';
comment on column topic_terms.model_id is 'The active model';
comment on column topic_terms.term is 'The term';
comment on column topic_terms.rank is 'Rank in the topic, from 1';
comment on column topic_terms.weight is 'Probability of the term in the topic';
