create or replace view pipeline.report_mentions as
with spans as materialized (
    select document_id, passage_id, sentence_id, start_char, end_char, text, label, stands_for
    from pipeline.spans
    where document_id in (select document_id from pipeline.report_documents)
),
forms as materialized (
    select document_id, text, label, stands_for, entity_id
    from pipeline.entity_forms
    where entity_id is not null and document_id in (select document_id from pipeline.report_documents)
)
select
    spans.document_id,
    spans.passage_id,
    spans.sentence_id,
    spans.start_char,
    spans.end_char,
    spans.label,
    forms.entity_id
from spans
join forms
    on forms.document_id = spans.document_id and forms.text = spans.text and forms.label = spans.label
    and forms.stands_for is not distinct from spans.stands_for;

comment on view pipeline.report_mentions is 'One row per mention of an entity in a document whose text the report holds in full.';
comment on column pipeline.report_mentions.document_id is 'The document';
comment on column pipeline.report_mentions.passage_id is 'The passage';
comment on column pipeline.report_mentions.sentence_id is 'The sentence; null in a title or heading, which has none';
comment on column pipeline.report_mentions.start_char is 'Offset of its first character in the text of the passage';
comment on column pipeline.report_mentions.end_char is 'Offset behind its last character in the text of the passage';
comment on column pipeline.report_mentions.label is 'Its OntoNotes label';
comment on column pipeline.report_mentions.entity_id is 'The entity';
