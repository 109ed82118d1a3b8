create table if not exists pipeline.stopwords (
    term varchar not null
);

comment on table pipeline.stopwords is 'One row per term that the settings or the list of stopwords leave out.';
comment on column pipeline.stopwords.term is 'The term, in lower case';
