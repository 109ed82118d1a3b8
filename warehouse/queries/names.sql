-- The terms that are names: most of their occurrences in the corpus are.
select term
from term_counts
where document_id not in (select document_id from pipeline.duplicates)
group by term
having 2 * sum(name_occurrences) > sum(occurrences)
order by term;
