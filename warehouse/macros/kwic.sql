create or replace macro kwic(pattern, width := 50) as table
with passages_hit as (
    select
        passages.document_id,
        passages.passage_id,
        passages.position,
        passages.text,
        string_split_regex(passages.text, '(?i)' || pattern) as parts,
        regexp_extract_all(passages.text, '(?i)' || pattern) as found
    from passages
    where passages.kind = 'body' and regexp_matches(passages.text, '(?i)' || pattern)
),
hits as (
    select document_id, passage_id, position, text, parts, found, unnest(range(1, len(found) + 1)) as number
    from passages_hit
),
placed as (
    select
        document_id,
        passage_id,
        position,
        text,
        found[number] as keyword,
        (
            list_sum(list_transform(parts[1:number], lambda part: len(part)))
            + coalesce(list_sum(list_transform(found[1:number - 1], lambda part: len(part))), 0)
        )::bigint as start_char
    from hits
)
select
    documents.publication_date,
    documents.title,
    documents.path,
    right(translate(placed.text[:placed.start_char], chr(10), ' '), width) as left_context,
    placed.keyword,
    left(translate(placed.text[placed.start_char + len(placed.keyword) + 1:], chr(10), ' '), width) as right_context,
    placed.document_id,
    placed.passage_id,
    placed.start_char,
    placed.start_char + len(placed.keyword) as end_char
from placed
join documents on documents.document_id = placed.document_id
where documents.duplicate_of is null and len(placed.keyword) > 0
order by documents.publication_date nulls last, documents.path, placed.position, placed.start_char;

comment on macro table kwic is 'Every occurrence of a regular expression, whatever its case, in the body of counted documents, with its context';
