create table if not exists pipeline.document_dates (
    document_id varchar not null,
    date        date not null,
    precision   varchar not null,
    role        varchar not null
);

comment on table pipeline.document_dates is 'One row per document that is counted in periods, with the date by which it is.';
comment on column pipeline.document_dates.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.document_dates.date is 'The date; the first day of the month or year if no more is stated';
comment on column pipeline.document_dates.precision is 'How much of it is stated: day, month or year';
comment on column pipeline.document_dates.role is 'What it is the date of: publication, or event where no date of publication is stated';
