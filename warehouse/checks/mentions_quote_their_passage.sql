-- A mention's offsets lead to its very text, inside its sentence's passage.
select mentions.passage_id, mentions.start_char, mentions.text
from mentions
left join passages on passages.passage_id = mentions.passage_id
left join sentences on sentences.sentence_id = mentions.sentence_id
where passages.text is null
    or sentences.passage_id is distinct from mentions.passage_id
    or substring(passages.text, mentions.start_char + 1, mentions.end_char - mentions.start_char) <> mentions.text;
