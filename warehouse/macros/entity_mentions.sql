create or replace macro entity_mentions(wanted) as table
with named as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select entity_id, name as known_name from pipeline.named_entities
),
chosen as (
    select entity_id from named where pipeline.is_called(known_name, wanted)
)
select
    coalesce(documents.publication_date, documents.event_date) as date,
    if(documents.publication_date is null, documents.event_date_precision, documents.publication_date_precision)
        as date_precision,
    documents.publication_date,
    documents.path,
    mentions.passage_id,
    mentions.sentence_id,
    mentions.start_char,
    mentions.end_char,
    mentions.text,
    mentions.label,
    mentions.method,
    coalesce(sentences.text, passages.text) as sentence
from mentions
join chosen on chosen.entity_id = mentions.entity_id
join documents on documents.document_id = mentions.document_id and documents.duplicate_of is null
join passages on passages.passage_id = mentions.passage_id
left join sentences on sentences.sentence_id = mentions.sentence_id
order by date nulls last, documents.path, passages.position, mentions.start_char;

comment on macro table entity_mentions is 'Every mention of an entity in counted documents, with its sentence, or the title or heading that it stands in';
