create or replace view documents as
select
    sources.document_id,
    sources.path,
    sources.content_sha256,
    sources.text_sha256,
    sources.media_type,
    sources.encoding,
    sources.title,
    sources.publisher,
    sources.author,
    sources.speaker,
    sources.language,
    sources.publication_date,
    sources.publication_date_precision,
    sources.publication_date_source,
    sources.publication_date_confidence,
    sources.event_date,
    sources.event_date_precision,
    case when duplicates.duplicate_of is null then dates.role end as counted_by,
    bodies.word_count,
    duplicates.duplicate_of,
    first_seen.first_seen_at
from pipeline.sources
join pipeline.bodies on bodies.document_id = sources.document_id and bodies.word_count > 0
left join pipeline.document_dates as dates on dates.document_id = sources.document_id
left join pipeline.duplicates on duplicates.document_id = sources.document_id
left join pipeline.first_seen on first_seen.document_id = sources.document_id;

comment on view documents is 'One row per document now in seeds; what has no body is in rejections.';
comment on column documents.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column documents.path is 'Path below the seeds folder; if several files hold the same bytes, of Markdown, else with the digits of a year, else the first';
comment on column documents.content_sha256 is 'SHA-256 of the file''s bytes';
comment on column documents.text_sha256 is 'SHA-256 of its text behind any front matter, whatever the file''s encoding, line ends and space at their ends';
comment on column documents.media_type is 'Format of the file, such as text/plain';
comment on column documents.encoding is 'Character encoding that the file was read in';
comment on column documents.title is 'Title of the document';
comment on column documents.publisher is 'Who published it';
comment on column documents.author is 'Who wrote it';
comment on column documents.speaker is 'Whose words it reports';
comment on column documents.language is 'ISO 639-1 code of its language';
comment on column documents.publication_date is 'When it was published; the first day of the month or year if no more is stated; null if nothing is';
comment on column documents.publication_date_precision is 'How much of the date is stated: day, month or year';
comment on column documents.publication_date_source is 'Where the date was found; every candidate is in date_candidates';
comment on column documents.publication_date_confidence is 'How far the date is to be trusted, from 0 to 1';
comment on column documents.event_date is 'When what it reports took place; the first day of the month or year if no more is stated';
comment on column documents.event_date_precision is 'How much of that date is stated: day, month or year';
comment on column documents.counted_by is 'Which of its dates places it in periods: publication, or event where no date of publication is stated; null if it is in none';
comment on column documents.word_count is 'Words of its body, counted by spaces and without boilerplate; the shares of keywords are of sentences.word_count';
comment on column documents.duplicate_of is 'The document that it repeats and that is counted in its place; null if it is counted itself';
comment on column documents.first_seen_at is 'When a run first met with its content (UTC)';
