-- A term is counted in a sentence that exists, once.
select term_counts.document_id, term_counts.sentence_id, term_counts.term
from term_counts
left join sentences
    on sentences.document_id = term_counts.document_id and sentences.sentence_id = term_counts.sentence_id
group by term_counts.document_id, term_counts.sentence_id, term_counts.term
having count(*) > 1 or count(sentences.sentence_id) = 0;
