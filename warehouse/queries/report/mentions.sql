-- Where the documents shown in full name an entity.
select mentions.document_id, mentions.passage_id, mentions.start_char, mentions.end_char, mentions.label, mentions.entity_id
from mentions
join pipeline.report_documents as shown on shown.document_id = mentions.document_id
where mentions.entity_id is not null
order by mentions.document_id, mentions.passage_id, mentions.start_char;
