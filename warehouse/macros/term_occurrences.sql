create or replace macro term_occurrences(wanted, period := 'year') as table
with periods as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select document_id, granularity as counted_granularity, period_start from pipeline.document_periods
),
counted as (
    select document_id, period_start from periods where counted_granularity = pipeline.granularity(period)
),
places as (
    select term as counted_term, document_id, passage_id, sentence_id, occurrences from term_counts
),
counts as (
    select document_id, passage_id, sentence_id, occurrences from places where counted_term = lower(wanted)
)
select
    counted.period_start,
    coalesce(documents.publication_date, documents.event_date) as date,
    if(documents.publication_date is null, documents.event_date_precision, documents.publication_date_precision)
        as date_precision,
    documents.publication_date,
    documents.path,
    counts.passage_id,
    counts.sentence_id,
    counts.occurrences,
    sentences.text as sentence
from counts
join counted on counted.document_id = counts.document_id
join documents on documents.document_id = counts.document_id
join sentences on sentences.sentence_id = counts.sentence_id
order by counted.period_start, date, documents.path, sentences.passage_id, sentences.position;

comment on macro table term_occurrences is 'The sentences behind the counts of a term by period, each with how often the term stands in it';
