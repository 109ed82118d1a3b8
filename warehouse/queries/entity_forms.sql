-- The distinct forms of names in each document.
select
    spans.document_id,
    spans.text,
    spans.label,
    spans.stands_for,
    count(*) as mentions,
    any_value(duplicates.document_id) is not null as is_duplicate,
    any_value(sources.publication_date) as date
from pipeline.spans
join pipeline.sources on sources.document_id = spans.document_id
left join pipeline.duplicates on duplicates.document_id = spans.document_id
where spans.label not in ('DATE', 'TIME', 'PERCENT', 'MONEY', 'QUANTITY', 'ORDINAL', 'CARDINAL')
group by spans.document_id, spans.text, spans.label, spans.stands_for;
