create table if not exists keyword_counts (
    term             varchar not null,
    granularity      varchar not null,
    period_start     date not null,
    occurrences      bigint not null,
    documents        bigint not null,
    period_tokens    bigint not null,
    period_documents bigint not null,
    per_10k          double not null,
    is_partial       boolean not null
);

comment on table keyword_counts is 'One row per term and period in which it occurs.';
comment on column keyword_counts.term is 'The term';
comment on column keyword_counts.granularity is 'month, quarter or year';
comment on column keyword_counts.period_start is 'First day of the period';
comment on column keyword_counts.occurrences is 'How often it occurs in the period';
comment on column keyword_counts.documents is 'Documents of the period that it occurs in';
comment on column keyword_counts.period_tokens is 'Words of all documents of the period';
comment on column keyword_counts.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column keyword_counts.per_10k is 'Occurrences per 10,000 words of the period';
comment on column keyword_counts.is_partial is 'Whether the period is the last one and not over yet';
