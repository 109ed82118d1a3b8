create table if not exists pipeline.term_totals (
    term                varchar not null,
    word_count          bigint not null,
    document_count      bigint not null,
    occurrences         bigint not null,
    undated_occurrences bigint not null,
    is_name             boolean not null,
    left_out            varchar,
    month_documents     bigint not null,
    month_occurrences   bigint not null,
    first_month         date,
    last_month          date,
    month_last_seen     date,
    month_largest       bigint not null,
    month_publishers    varchar[] not null,
    year_documents      bigint not null,
    year_occurrences    bigint not null,
    first_year          date,
    last_year           date,
    year_last_seen      date,
    year_largest        bigint not null,
    year_publishers     varchar[] not null,
    periods             bigint[] not null,
    period_occurrences  bigint[] not null,
    period_documents    bigint[] not null
);

comment on table pipeline.term_totals is 'One row per term: what is known of it over the whole corpus.';
comment on column pipeline.term_totals.term is 'The term, in lower case';
comment on column pipeline.term_totals.word_count is 'Words in it';
comment on column pipeline.term_totals.document_count is 'Documents it occurs in, without those that repeat another';
comment on column pipeline.term_totals.occurrences is 'How often it occurs there';
comment on column pipeline.term_totals.undated_occurrences is 'How many of these are in documents without a date';
comment on column pipeline.term_totals.is_name is 'Whether it stands as a name in most places';
comment on column pipeline.term_totals.left_out is 'Why it is no term for readers: formula for what ten documents say word for word, piece for what stands in a longer phrase; null if it is one';
comment on column pipeline.term_totals.month_documents is 'How many of its documents are dated by their month';
comment on column pipeline.term_totals.month_occurrences is 'How often it occurs in these';
comment on column pipeline.term_totals.first_month is 'First month in which it occurs';
comment on column pipeline.term_totals.last_month is 'Last month in which it occurs';
comment on column pipeline.term_totals.month_last_seen is 'Date of the last document dated by its month that it occurs in';
comment on column pipeline.term_totals.month_largest is 'How often it occurs in the one of these that has most of it';
comment on column pipeline.term_totals.month_publishers is 'Their publishers, an empty one if they state none';
comment on column pipeline.term_totals.year_documents is 'How many of its documents are dated';
comment on column pipeline.term_totals.year_occurrences is 'How often it occurs in these';
comment on column pipeline.term_totals.first_year is 'First day of the first year in which it occurs';
comment on column pipeline.term_totals.last_year is 'First day of the last year in which it occurs';
comment on column pipeline.term_totals.year_last_seen is 'Date of the last dated document that it occurs in';
comment on column pipeline.term_totals.year_largest is 'How often it occurs in the dated document that has most of it';
comment on column pipeline.term_totals.year_publishers is 'Publishers of the dated documents that it occurs in, an empty one if they state none';
comment on column pipeline.term_totals.periods is 'The periods in which it occurs, in order: 202105 for a month, 202100 for documents dated by their year alone, 0 for those without a date';
comment on column pipeline.term_totals.period_occurrences is 'How often it occurs in each of these';
comment on column pipeline.term_totals.period_documents is 'How many of the documents of each of these it occurs in';
