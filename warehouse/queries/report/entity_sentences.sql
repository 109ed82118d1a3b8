-- For each entity shown, the five latest sentences that name it.
with latest as (
    select
        mentions.entity_id,
        unnest(
            max_by(mentions.sentence_id, {'date': dates.date, 'sentence_id': mentions.sentence_id}, 5)
        ) as sentence_id
    from mentions
    join pipeline.document_dates as dates on dates.document_id = mentions.document_id
    where mentions.entity_id in (select entity_id from pipeline.report_entities)
        and mentions.sentence_id is not null
        and mentions.document_id not in (select document_id from pipeline.duplicates)
    group by mentions.entity_id
)
select distinct latest.entity_id, sentences.sentence_id, sentences.document_id, sentences.passage_id, sentences.text
from latest
join sentences on sentences.sentence_id = latest.sentence_id
order by latest.entity_id, sentences.sentence_id;
