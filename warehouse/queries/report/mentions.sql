-- Where the documents shown in full name an entity.
select document_id, passage_id, start_char, end_char, label, entity_id
from pipeline.report_mentions
order by document_id, passage_id, start_char;
