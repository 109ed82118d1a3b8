-- A form is counted as often as its document has it.
with found as (
    select document_id, text, label, entity_id, count(*) as mentions
    from mentions
    where entity_id is not null
    group by document_id, text, label, entity_id
),
counted as (
    select document_id, text, label, entity_id, sum(mentions)::bigint as mentions
    from pipeline.entity_forms
    where entity_id is not null
    group by document_id, text, label, entity_id
)
select counted.document_id, counted.text, counted.label, counted.entity_id, counted.mentions, found.mentions as found
from counted
left join found
    on found.document_id = counted.document_id
    and found.text = counted.text
    and found.label = counted.label
    and found.entity_id = counted.entity_id
where counted.mentions is distinct from found.mentions;
