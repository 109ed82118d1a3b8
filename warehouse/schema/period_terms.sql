create table if not exists pipeline.period_terms (
    period               varchar not null,
    term                 varchar not null,
    publisher            varchar not null,
    occurrences          bigint not null,
    name_occurrences     bigint not null,
    repeated_occurrences bigint not null,
    documents            bigint not null,
    largest              bigint not null,
    last_date            date
);

comment on table pipeline.period_terms is 'One row per period, term and publisher: what is known of it there.';
comment on column pipeline.period_terms.period is 'The month, such as 2021-05; the year for documents dated by that alone; empty for those without a date';
comment on column pipeline.period_terms.term is 'The term';
comment on column pipeline.period_terms.publisher is 'The publisher of the documents; empty if they state none';
comment on column pipeline.period_terms.occurrences is 'How often it occurs in them';
comment on column pipeline.period_terms.name_occurrences is 'How many of these are names or parts of names';
comment on column pipeline.period_terms.repeated_occurrences is 'How many of these are in passages that ten documents have word for word';
comment on column pipeline.period_terms.documents is 'Documents that it occurs in; those that repeat another are not counted';
comment on column pipeline.period_terms.largest is 'How often it occurs in the document that has most of it';
comment on column pipeline.period_terms.last_date is 'Date of the last of these documents; null without a date';
