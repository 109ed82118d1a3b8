-- The nouns and noun phrases of each passage of some documents, a long one in stretches.
select document_id, passage_id, stretch, term, occurrences
from pipeline.passage_nouns
where document_id in (from listed)
order by document_id, passage_id, stretch, term;
