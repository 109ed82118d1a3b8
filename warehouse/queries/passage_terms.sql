-- The nouns and noun phrases of each passage of some documents, a long one in stretches.
select document_id, passage_id, stretch, term, sum(occurrences)::bigint as occurrences
from pipeline.sentence_nouns
where document_id in (from listed)
group by document_id, passage_id, stretch, term
order by document_id, passage_id, stretch, term;
