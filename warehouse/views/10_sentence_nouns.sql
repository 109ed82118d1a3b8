create or replace view pipeline.sentence_nouns as
select
    counts.document_id,
    counts.passage_id,
    sentences.position // 8 as stretch,
    counts.term,
    counts.noun_occurrences as occurrences
from main.term_counts as counts
-- A sentence is in one document: told so, DuckDB reads those of the documents that are asked about and no others.
join main.sentences on sentences.document_id = counts.document_id and sentences.sentence_id = counts.sentence_id
where counts.noun_occurrences > 0;

comment on view pipeline.sentence_nouns is 'One row per sentence and noun or noun phrase in it. Verbs are left out: they tell what is done about a subject, not what the subject is.';
comment on column pipeline.sentence_nouns.document_id is 'The document';
comment on column pipeline.sentence_nouns.passage_id is 'The passage';
comment on column pipeline.sentence_nouns.stretch is 'Number of the stretch of eight sentences in the passage, from 0';
comment on column pipeline.sentence_nouns.term is 'The term';
comment on column pipeline.sentence_nouns.occurrences is 'How often it occurs in the sentence as a noun or a phrase around one';
