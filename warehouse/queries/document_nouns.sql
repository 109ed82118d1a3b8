-- The nouns and noun phrases of some documents that the active topic model knows.
select document_id, passage_id, stretch, term, sum(occurrences)::bigint as occurrences
from pipeline.sentence_nouns
where document_id in (from listed)
    and term in (select unnest(terms) from pipeline.topic_fits where status = 'active')
group by document_id, passage_id, stretch, term
order by document_id, passage_id, stretch, term;
