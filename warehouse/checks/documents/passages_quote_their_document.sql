-- A passage's offsets lead to its very text.
select passages.document_id, passages.passage_id
from passages
left join document_texts on document_texts.document_id = passages.document_id
where document_texts.text is null
    or substring(document_texts.text, passages.start_char + 1, passages.end_char - passages.start_char) <> passages.text;
