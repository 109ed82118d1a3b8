create or replace macro concept_occurrences(wanted, period := 'year') as table
with periods as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select document_id, granularity as counted_granularity, period_start from pipeline.document_periods
),
counted as (
    select document_id, period_start from periods where counted_granularity = pipeline.granularity(period)
),
places as (
    select concept as counted_concept, document_id, passage_id, sentence_id, start_char, end_char, variant from concept_mentions
),
mentions as (
    select document_id, passage_id, sentence_id, start_char, end_char, variant
    from places
    where pipeline.is_called(counted_concept, wanted)
)
select
    counted.period_start,
    coalesce(documents.publication_date, documents.event_date) as date,
    if(documents.publication_date is null, documents.event_date_precision, documents.publication_date_precision)
        as date_precision,
    documents.publication_date,
    documents.path,
    mentions.passage_id,
    mentions.sentence_id,
    mentions.start_char,
    mentions.end_char,
    mentions.variant,
    sentences.text as sentence
from mentions
join counted on counted.document_id = mentions.document_id
join documents on documents.document_id = mentions.document_id
join sentences on sentences.sentence_id = mentions.sentence_id
order by counted.period_start, date, documents.path, sentences.passage_id, mentions.start_char;

comment on macro table concept_occurrences is 'The sentences behind the counts of a concept by period, one row for each place where a variant of it stands';
