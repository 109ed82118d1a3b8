-- A mention's offsets lead to its very text, in a sentence of its passage or in a title or heading, which has none.
-- Where a sentence holds it all it is looked up there, as finding a place in a long passage takes long.
with placed as (
    select
        mentions.document_id,
        mentions.passage_id,
        mentions.start_char,
        mentions.end_char,
        mentions.text,
        passages.kind,
        sentences.passage_id as sentence_passage_id,
        sentences.text as sentence,
        mentions.start_char - sentences.start_char as start_in_sentence,
        mentions.start_char >= sentences.start_char and mentions.end_char <= sentences.end_char as is_inside
    from mentions
    left join passages
        on passages.document_id = mentions.document_id and passages.passage_id = mentions.passage_id
    left join sentences
        on sentences.document_id = mentions.document_id and sentences.sentence_id = mentions.sentence_id
)

select document_id, passage_id, start_char, text
from placed
where kind is null
    or kind = 'boilerplate'
    or sentence_passage_id is distinct from if(kind = 'body', passage_id, null)
    or (is_inside and substring(sentence, start_in_sentence + 1, end_char - start_char) <> text)
union all
select placed.document_id, placed.passage_id, placed.start_char, placed.text
from placed
join passages on passages.document_id = placed.document_id and passages.passage_id = placed.passage_id
where placed.is_inside is distinct from true
    and substring(passages.text, placed.start_char + 1, placed.end_char - placed.start_char) <> placed.text;
