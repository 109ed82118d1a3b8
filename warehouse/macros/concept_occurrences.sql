create or replace macro concept_occurrences(wanted, period := 'year') as table
select
    periods.period_start,
    coalesce(documents.publication_date, documents.event_date) as date,
    documents.publication_date,
    documents.path,
    mentions.passage_id,
    mentions.sentence_id,
    mentions.start_char,
    mentions.end_char,
    mentions.variant,
    sentences.text as sentence
from concept_mentions as mentions
join pipeline.document_periods as periods on periods.document_id = mentions.document_id and periods.granularity = period
join documents on documents.document_id = mentions.document_id
join sentences on sentences.sentence_id = mentions.sentence_id
where lower(mentions.concept) = lower(wanted)
order by periods.period_start, date, documents.path, sentences.passage_id, mentions.start_char;

comment on macro table concept_occurrences is 'The sentences behind the counts of a concept by period, one row for each place where a variant of it stands';
