-- A sentence's offsets lead to its very text, in a body passage.
select sentences.document_id, sentences.sentence_id
from sentences
left join passages on passages.document_id = sentences.document_id and passages.passage_id = sentences.passage_id
where passages.kind is distinct from 'body'
    or substring(passages.text, sentences.start_char + 1, sentences.end_char - sentences.start_char) <> sentences.text;
