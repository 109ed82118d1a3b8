-- The text of the documents shown in full, boilerplate with the rule that made it such.
select passages.document_id, passages.passage_id, passages.kind, passages.rule, passages.text
from passages
join pipeline.report_documents as shown on shown.document_id = passages.document_id
order by passages.document_id, passages.position;
