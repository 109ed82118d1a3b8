create or replace view terms as
select term, word_count, document_count, occurrences, undated_occurrences, is_name
from pipeline.term_totals
where left_out is null and term not in (from pipeline.stopwords);

comment on view terms is 'One row per term.';
comment on column terms.term is 'The term, in lower case';
comment on column terms.word_count is 'Words in it';
comment on column terms.document_count is 'Documents it occurs in, without those that repeat another';
comment on column terms.occurrences is 'How often it occurs there';
comment on column terms.undated_occurrences is 'How many of these are in documents without a date, which no period counts';
comment on column terms.is_name is 'Whether it stands as a name in most places';
