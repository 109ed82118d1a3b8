create table if not exists pipeline.term_totals (
    term                varchar not null,
    word_count          bigint not null,
    document_count      bigint not null,
    occurrences         bigint not null,
    undated_occurrences bigint not null,
    is_name             boolean not null,
    month_documents     bigint not null,
    month_occurrences   bigint not null,
    first_month         date,
    last_month          date,
    year_documents      bigint not null,
    year_occurrences    bigint not null,
    first_year          date,
    last_year           date,
    last_seen_date      date,
    month_gate          varchar,
    quarter_gate        varchar,
    year_gate           varchar
);

comment on table pipeline.term_totals is 'One row per term: what is known of it over the whole corpus.';
comment on column pipeline.term_totals.term is 'The term, in lower case';
comment on column pipeline.term_totals.word_count is 'Words in it';
comment on column pipeline.term_totals.document_count is 'Documents it occurs in, without those that repeat another';
comment on column pipeline.term_totals.occurrences is 'How often it occurs there';
comment on column pipeline.term_totals.undated_occurrences is 'How many of these are in documents without a date';
comment on column pipeline.term_totals.is_name is 'Whether it stands as a name in most places';
comment on column pipeline.term_totals.month_documents is 'How many of its documents are dated by their month';
comment on column pipeline.term_totals.month_occurrences is 'How often it occurs in these';
comment on column pipeline.term_totals.first_month is 'First month in which it occurs';
comment on column pipeline.term_totals.last_month is 'Last month in which it occurs';
comment on column pipeline.term_totals.year_documents is 'How many of its documents are dated';
comment on column pipeline.term_totals.year_occurrences is 'How often it occurs in these';
comment on column pipeline.term_totals.first_year is 'First day of the first year in which it occurs';
comment on column pipeline.term_totals.last_year is 'First day of the last year in which it occurs';
comment on column pipeline.term_totals.last_seen_date is 'Date of the last dated document with the term';
comment on column pipeline.term_totals.month_gate is 'The first requirement of a test by month that its evidence does not meet; null if it is tested';
comment on column pipeline.term_totals.quarter_gate is 'The same by quarter';
comment on column pipeline.term_totals.year_gate is 'The same by year';
