create or replace macro term_occurrences(wanted, period := 'year') as table
select
    periods.period_start,
    coalesce(documents.publication_date, documents.event_date) as date,
    documents.publication_date,
    documents.path,
    counts.passage_id,
    counts.sentence_id,
    counts.occurrences,
    sentences.text as sentence
from term_counts as counts
join pipeline.document_periods as periods on periods.document_id = counts.document_id and periods.granularity = period
join documents on documents.document_id = counts.document_id
join sentences on sentences.sentence_id = counts.sentence_id
where counts.term = lower(wanted)
order by periods.period_start, date, documents.path, sentences.passage_id, sentences.position;

comment on macro table term_occurrences is 'The sentences behind the counts of a term by period, each with how often the term stands in it';
