create table if not exists pipeline.sources (
    document_id                 varchar not null,
    path                        varchar not null,
    content_sha256              varchar not null,
    text_sha256                 varchar not null,
    media_type                  varchar not null,
    encoding                    varchar not null,
    title                       varchar,
    publisher                   varchar,
    author                      varchar,
    speaker                     varchar,
    language                    varchar not null,
    publication_date            date,
    publication_date_precision  varchar,
    publication_date_source     varchar,
    publication_date_confidence double,
    event_date                  date,
    event_date_precision        varchar
);

comment on table pipeline.sources is 'One row per document as its file and the analyst describe it.';
comment on column pipeline.sources.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column pipeline.sources.path is 'Path below the seeds folder; the first if several files hold the same bytes';
comment on column pipeline.sources.content_sha256 is 'SHA-256 of the file''s bytes';
comment on column pipeline.sources.text_sha256 is 'SHA-256 of its text behind any front matter, whatever the file''s encoding, line ends and space at their ends';
comment on column pipeline.sources.media_type is 'Format of the file, such as text/plain';
comment on column pipeline.sources.encoding is 'Character encoding that the file was read in';
comment on column pipeline.sources.title is 'Title of the document';
comment on column pipeline.sources.publisher is 'Who published it';
comment on column pipeline.sources.author is 'Who wrote it';
comment on column pipeline.sources.speaker is 'Whose words it reports';
comment on column pipeline.sources.language is 'ISO 639-1 code of its language';
comment on column pipeline.sources.publication_date is 'When it was published; the first day of the month or year if no more is stated';
comment on column pipeline.sources.publication_date_precision is 'How much of the date is stated: day, month or year';
comment on column pipeline.sources.publication_date_source is 'Where the date was found';
comment on column pipeline.sources.publication_date_confidence is 'How far the date is to be trusted, from 0 to 1';
comment on column pipeline.sources.event_date is 'When what it reports took place';
comment on column pipeline.sources.event_date_precision is 'How much of that date is stated: day, month or year';
