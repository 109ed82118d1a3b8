-- How much there is to fit topics to: nouns outside of names, which takes a tenth of the time that telling for each term
-- whether it is a name does, and comes to nearly the same.
select sum(greatest(noun_occurrences - name_occurrences, 0))::bigint as tokens
from term_counts
where document_id not in (select document_id from pipeline.duplicates)
having count(*) > 0;
