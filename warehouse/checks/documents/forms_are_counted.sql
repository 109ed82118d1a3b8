-- A form is counted as often as its document has it.
with found as (
    select document_id, text, label, count(*) as mentions
    from mentions
    where entity_id is not null
    group by document_id, text, label
)
select forms.document_id, forms.text, forms.label, forms.mentions, found.mentions as found
from pipeline.entity_forms as forms
left join found
    on found.document_id = forms.document_id and found.text = forms.text and found.label = forms.label
where forms.entity_id is not null and forms.mentions is distinct from found.mentions;
