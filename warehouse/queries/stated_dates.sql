-- For each document the date that it states: of its publication or, where it states none, of the event.
with chosen as (
    select document_id, role, date, precision
    from date_candidates
    where is_chosen
    group by document_id, role, date, precision
)
select document_id, date, precision, role
from chosen
qualify role = 'publication' or not bool_or(role = 'publication') over (partition by document_id)
order by document_id;
