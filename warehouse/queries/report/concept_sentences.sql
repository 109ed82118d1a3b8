-- For each wording of a concept, its three latest sentences.
with latest as (
    select
        mentions.concept,
        mentions.variant,
        unnest(
            max_by(mentions.sentence_id, {'date': dates.date, 'sentence_id': mentions.sentence_id}, 3)
        ) as sentence_id
    from concept_mentions as mentions
    join pipeline.document_dates as dates on dates.document_id = mentions.document_id
    where mentions.document_id not in (select document_id from pipeline.duplicates)
    group by mentions.concept, mentions.variant
)
select distinct
    latest.concept,
    latest.variant,
    sentences.sentence_id,
    sentences.document_id,
    sentences.passage_id,
    sentences.text
from latest
join sentences on sentences.sentence_id = latest.sentence_id
order by latest.concept, latest.variant, sentences.sentence_id
limit 1000;
