create or replace macro entity_mentions(wanted) as table
select
    coalesce(documents.publication_date, documents.event_date) as date,
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
join pipeline.named_entities as chosen on chosen.entity_id = mentions.entity_id and chosen.name = lower(wanted)
join documents on documents.document_id = mentions.document_id and documents.duplicate_of is null
join passages on passages.passage_id = mentions.passage_id
left join sentences on sentences.sentence_id = mentions.sentence_id
order by date nulls last, documents.path, passages.position, mentions.start_char;

comment on macro table entity_mentions is 'Every mention of an entity in counted documents, with its sentence, or the title or heading that it stands in';
