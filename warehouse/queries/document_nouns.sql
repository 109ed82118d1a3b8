-- The nouns and noun phrases of some documents that the active topic model knows.
select
    nouns.document_id,
    nouns.passage_id,
    nouns.stretch,
    nouns.term,
    nouns.occurrences
from pipeline.passage_nouns as nouns
where nouns.document_id in (from listed)
    and nouns.term in (select unnest(terms) from pipeline.topic_fits where status = 'active')
order by nouns.document_id, nouns.passage_id, nouns.stretch, nouns.term;
