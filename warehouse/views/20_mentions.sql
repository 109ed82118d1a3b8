create or replace view mentions as
select
    spans.document_id,
    spans.passage_id,
    spans.sentence_id,
    spans.start_char,
    spans.end_char,
    spans.text,
    spans.label,
    forms.entity_id,
    spans.method,
    spans.model
from pipeline.spans
left join pipeline.entity_forms as forms
    on forms.document_id = spans.document_id and forms.text = spans.text and forms.label = spans.label
    and forms.stands_for is not distinct from spans.stands_for
where forms.rule is distinct from 'rejected';

comment on view mentions is 'One row per entity at one place of a title, a heading or the body.';
comment on column mentions.document_id is 'The document';
comment on column mentions.passage_id is 'The passage';
comment on column mentions.sentence_id is 'The sentence; null in a title or heading, which has none';
comment on column mentions.start_char is 'Offset of its first character in the text of the passage';
comment on column mentions.end_char is 'Offset behind its last character in the text of the passage';
comment on column mentions.text is 'The mention as it stands in the source';
comment on column mentions.label is 'Its OntoNotes label';
comment on column mentions.entity_id is 'The entity; null for dates, numbers and amounts';
comment on column mentions.method is 'What recognised it: model, gazetteer, pattern or analyst';
comment on column mentions.model is 'The spaCy pipeline of the pass; null for what the analyst has added';
