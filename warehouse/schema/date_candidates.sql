create table if not exists date_candidates (
    document_id varchar not null,
    role        varchar not null,
    date        date,
    precision   varchar,
    source      varchar not null,
    evidence    varchar not null,
    problem     varchar,
    is_chosen   boolean not null
);

comment on table date_candidates is 'One row per date found for a document and place where it was found.';
comment on column date_candidates.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column date_candidates.role is 'publication or event';
comment on column date_candidates.date is 'The date, or the first day of the month or year; null where it cannot be read';
comment on column date_candidates.precision is 'How much of the date is stated: day, month or year; null where it cannot be read';
comment on column date_candidates.source is 'Where it stands: _documents.csv, front_matter, html_metadata, file_name, header, dateline, opening, updated, file_properties, title or note';
comment on column date_candidates.evidence is 'The text that states it';
comment on column date_candidates.problem is 'Why it is not believed: ambiguous, impossible, no_year, unreadable, future, ancient or in_passing; null otherwise';
comment on column date_candidates.is_chosen is 'Whether the document is dated by it';
