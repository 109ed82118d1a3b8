-- The body passages in reading order.
select passages.passage_id, passages.document_id, passages.text
from passages
where passages.kind = 'body'
order by passages.document_id, passages.position;
