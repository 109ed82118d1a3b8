-- The distinct forms of names in each document.
with forms as (
    select document_id, text, label, stands_for, count(*) as mentions
    from pipeline.spans
    where label not in ('DATE', 'TIME', 'PERCENT', 'MONEY', 'QUANTITY', 'ORDINAL', 'CARDINAL')
    group by document_id, text, label, stands_for
)
select
    forms.document_id,
    forms.text,
    forms.label,
    forms.stands_for,
    forms.mentions,
    duplicates.document_id is not null as is_duplicate,
    dates.date
from forms
left join pipeline.document_dates as dates on dates.document_id = forms.document_id
left join pipeline.duplicates on duplicates.document_id = forms.document_id;
