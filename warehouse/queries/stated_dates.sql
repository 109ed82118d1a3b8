-- For each document the date that it states: of its publication or, where it states none, of the event. What has no body is no
-- document to count.
with chosen as (
    select document_id, role, date, precision
    from date_candidates
    where is_chosen and document_id in (select document_id from pipeline.bodies where word_count > 0)
    group by document_id, role, date, precision
)
select document_id, date, precision, role
from chosen
qualify role = 'publication' or not bool_or(role = 'publication') over (partition by document_id)
order by document_id;
