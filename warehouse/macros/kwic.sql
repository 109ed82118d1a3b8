create or replace macro kwic(pattern, width := 50) as table
with bodies as (
    -- Under other names: an argument that is a column would be taken for the one of its name.
    select document_id, passage_id, position as place, text as body from passages where kind = 'body'
),
marked as (
    select
        document_id,
        passage_id,
        place,
        body,
        string_split(
            regexp_replace(
                body,
                -- A phrase may be broken over lines, and signs are typed as they are on keys; within brackets each is one
                -- character among others. Flags, as in (?-i:IT), and what is quoted by \Q and \E are left alone.
                '(?i)(' || array_to_string(
                    list_transform(
                        regexp_extract_all(pattern, '\\Q.*?\\E|\(\?[a-zA-Z-]+[:)]|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\\.|.', 0, 's'),
                        lambda part: case
                            when part in (' ', '\ ') then '(?:[\s\p{Z}]+)'
                            when part in ('''', '\''', '’', '‘') then '[''’‘]'
                            when part in ('-', '\-', '–') then '[-‐‑–]'
                            else part
                        end
                    ),
                    ''
                ) || ')',
                -- Every match is marked in one pass; no text holds these two characters, which reading cuts.
                chr(1) || '\1' || chr(2),
                'g'
            ),
            chr(1)
        ) as parts
    from bodies
    -- Looked at once, by itself: within the parentheses above, "a)(b" would be no wrong pattern.
    where regexp_matches('', pattern) is not null
),
passages_hit as (
    select document_id, passage_id, place, body, parts
    from marked
    where len(parts) > 1
),
split as (
    select passage_id, unnest(parts) as part, generate_subscripts(parts, 1) as number
    from passages_hit
),
hits as (
    select
        passage_id,
        split_part(part, chr(2), 1) as keyword,
        -- Each part before this one but the first holds one mark of its own.
        (sum(len(part)) over (partition by passage_id order by number) - len(part) - (number - 2))::bigint as start_char
    from split
    qualify number > 1
)
select
    coalesce(documents.publication_date, documents.event_date) as date,
    if(documents.publication_date is null, documents.event_date_precision, documents.publication_date_precision)
        as date_precision,
    documents.publication_date,
    documents.title,
    documents.path,
    translate(found.body[greatest(hits.start_char - greatest(width, 0), 0) + 1:hits.start_char], chr(10), ' ') as left_context,
    translate(hits.keyword, chr(10), ' ') as keyword,
    translate(left(found.body[hits.start_char + len(hits.keyword) + 1:], greatest(width, 0)), chr(10), ' ') as right_context,
    found.document_id,
    found.passage_id,
    hits.start_char,
    hits.start_char + len(hits.keyword) as end_char
from hits
join passages_hit as found on found.passage_id = hits.passage_id
join documents on documents.document_id = found.document_id
where documents.duplicate_of is null and len(hits.keyword) > 0
order by date nulls last, documents.path, found.place, hits.start_char;

comment on macro table kwic is 'Every occurrence of a regular expression, whatever its case, in the body of counted documents, with its context; a space is any space, also the end of a line, and an apostrophe or a hyphen any of its forms';
