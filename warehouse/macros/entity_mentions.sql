create or replace macro entity_mentions(wanted) as table
with chosen as (
    -- Of two entities with one name, the one that is named oftener.
    select entity_id
    from entities
    where lower(name) = lower(wanted)
    order by mention_count desc, entity_id
    limit 1
)
select
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
order by documents.publication_date nulls last, documents.path, passages.position, mentions.start_char;

comment on macro table entity_mentions is 'Every mention of an entity in counted documents, with its sentence, or the title or heading that it stands in';
