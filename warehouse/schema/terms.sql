create table if not exists terms (
    term                varchar not null,
    word_count          bigint not null,
    document_count      bigint not null,
    occurrences         bigint not null,
    undated_occurrences bigint not null,
    is_name             boolean not null
);

comment on table terms is 'One row per term.';
comment on column terms.term is 'The term, in lower case';
comment on column terms.word_count is 'Words in it';
comment on column terms.document_count is 'Documents it occurs in, without those that repeat another';
comment on column terms.occurrences is 'How often it occurs there';
comment on column terms.undated_occurrences is 'How many of these are in documents without a date, which no period counts';
comment on column terms.is_name is 'Whether it stands as a name in most places';
