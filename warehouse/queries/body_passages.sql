-- The body passages with their signatures, in reading order.
select passages.passage_id, passages.document_id, passages.text, signatures.bands, signatures.stems, signatures.counts
from passages
join pipeline.passage_signatures as signatures on signatures.passage_id = passages.passage_id
order by passages.document_id, passages.position;
