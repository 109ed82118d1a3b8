-- The documents whose terms are counted.
select distinct document_id
from term_counts
where document_id not in (select document_id from pipeline.duplicates)
order by document_id;
