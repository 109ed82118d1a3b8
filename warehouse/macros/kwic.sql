create or replace macro kwic(pattern, width := 50) as table
with passages_hit as (
    select
        passages.document_id,
        passages.passage_id,
        passages.position,
        passages.text,
        -- Every match is marked in one pass; no text holds these two characters, which reading cuts.
        string_split(regexp_replace(passages.text, '(?i)(' || pattern || ')', chr(1) || '\1' || chr(2), 'g'), chr(1)) as parts
    from passages
    where passages.kind = 'body' and regexp_matches(passages.text, '(?i)' || pattern)
),
hits as (
    select document_id, passage_id, position, text, parts, unnest(range(2, len(parts) + 1)) as number
    from passages_hit
),
placed as (
    select
        document_id,
        passage_id,
        position,
        text,
        split_part(parts[number], chr(2), 1) as keyword,
        -- Each part before this one but the first holds one mark of its own.
        (list_sum(list_transform(parts[1:number - 1], lambda part: len(part))) - (number - 2))::bigint as start_char
    from hits
)
select
    coalesce(documents.publication_date, documents.event_date) as date,
    documents.publication_date,
    documents.title,
    documents.path,
    translate(placed.text[greatest(placed.start_char - width, 0) + 1:placed.start_char], chr(10), ' ') as left_context,
    placed.keyword,
    translate(left(placed.text[placed.start_char + len(placed.keyword) + 1:], width), chr(10), ' ') as right_context,
    placed.document_id,
    placed.passage_id,
    placed.start_char,
    placed.start_char + len(placed.keyword) as end_char
from placed
join documents on documents.document_id = placed.document_id
where documents.duplicate_of is null and len(placed.keyword) > 0
order by date nulls last, documents.path, placed.position, placed.start_char;

comment on macro table kwic is 'Every occurrence of a regular expression, whatever its case, in the body of counted documents, with its context';
