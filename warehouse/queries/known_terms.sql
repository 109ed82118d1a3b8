-- How much of what there is to fit topics to the active model knows, if there is one.
select coalesce(sum(noun_occurrences), 0)::bigint as known
from term_counts
where document_id not in (select document_id from pipeline.duplicates)
    and term in (select unnest(terms) from pipeline.topic_fits where status = 'active')
having count(*) > 0;
