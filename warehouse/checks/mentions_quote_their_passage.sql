-- A mention's offsets lead to its very text, in a sentence of its passage or in a title or heading, which has none.
select mentions.passage_id, mentions.start_char, mentions.text
from mentions
left join passages on passages.passage_id = mentions.passage_id
left join sentences on sentences.sentence_id = mentions.sentence_id
where passages.text is null
    or passages.kind = 'boilerplate'
    or sentences.passage_id is distinct from if(passages.kind = 'body', mentions.passage_id, null)
    or substring(passages.text, mentions.start_char + 1, mentions.end_char - mentions.start_char) <> mentions.text;
