-- For each wording of a concept, its three latest sentences.
with found as (
    select distinct concept, variant, sentence_id, document_id
    from concept_mentions
    where document_id not in (select document_id from pipeline.duplicates)
),
latest as (
    select
        found.concept,
        found.variant,
        unnest(max_by(found.sentence_id, {'date': dates.date, 'sentence_id': found.sentence_id}, 3)) as sentence_id
    from found
    join pipeline.document_dates as dates on dates.document_id = found.document_id
    group by found.concept, found.variant
)
select
    latest.concept,
    latest.variant,
    sentences.sentence_id,
    sentences.document_id,
    sentences.passage_id,
    sentences.text
from latest
join sentences on sentences.sentence_id = latest.sentence_id
join pipeline.document_dates as dates on dates.document_id = sentences.document_id
order by latest.concept, latest.variant, dates.date desc, sentences.sentence_id
limit 1000;
