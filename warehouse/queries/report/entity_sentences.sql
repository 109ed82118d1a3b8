-- For each entity shown, the five latest sentences that name it in the documents shown in full.
with named as (
    select distinct entity_id, sentence_id, document_id
    from pipeline.report_mentions
    where entity_id in (select entity_id from pipeline.report_entities)
        and sentence_id is not null
        and document_id not in (select document_id from pipeline.duplicates)
),
latest as (
    select
        named.entity_id,
        unnest(max_by(named.sentence_id, {'date': dates.date, 'sentence_id': named.sentence_id}, 5)) as sentence_id
    from named
    join pipeline.document_dates as dates on dates.document_id = named.document_id
    group by named.entity_id
)
select latest.entity_id, sentences.sentence_id, sentences.document_id, sentences.passage_id, sentences.text
from latest
join sentences on sentences.sentence_id = latest.sentence_id
join pipeline.document_dates as dates on dates.document_id = sentences.document_id
order by latest.entity_id, dates.date desc, sentences.sentence_id;
