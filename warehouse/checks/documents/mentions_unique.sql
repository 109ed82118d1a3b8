-- Two mentions do not overlap.
select document_id, passage_id, start_char, text
from (
    select
        document_id,
        passage_id,
        start_char,
        text,
        lag(end_char) over (partition by document_id, passage_id order by start_char, end_char) as previous_end
    from mentions
)
where previous_end > start_char;
