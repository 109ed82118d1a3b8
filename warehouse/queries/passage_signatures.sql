-- The body passages with their signatures, in reading order: the id of a passage is its document and its number.
select passage_id, document_id, word_count, digest, bands, stems, counts
from pipeline.passage_signatures
order by document_id, length(passage_id), passage_id;
