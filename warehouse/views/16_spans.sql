create or replace view pipeline.spans as
-- Of spans that overlap, the analyst's wins, unless a longer name holds it.
with contained as (
    select distinct added.passage_id, added.start_char, added.end_char
    from pipeline.added_spans as added
    join pipeline.recognised_spans as recognised
        on recognised.passage_id = added.passage_id
        and recognised.start_char <= added.start_char
        and recognised.end_char >= added.end_char
        and recognised.end_char - recognised.start_char > added.end_char - added.start_char
    where recognised.label not in ('DATE', 'TIME', 'PERCENT', 'MONEY', 'QUANTITY', 'ORDINAL', 'CARDINAL')
),
added as (
    select added_spans.*
    from pipeline.added_spans
    anti join contained using (passage_id, start_char, end_char)
),
beaten as (
    select distinct recognised.passage_id, recognised.start_char, recognised.end_char
    from pipeline.recognised_spans as recognised
    join added
        on added.passage_id = recognised.passage_id
        and added.start_char < recognised.end_char
        and recognised.start_char < added.end_char
)
select
    document_id, passage_id, sentence_id, start_char, end_char, text, label, method, model, stands_for
from pipeline.recognised_spans
anti join beaten using (passage_id, start_char, end_char)
union all
select
    added.document_id,
    added.passage_id,
    sentences.sentence_id,
    added.start_char,
    added.end_char,
    added.text,
    added.label,
    'analyst' as method,
    null as model,
    null as stands_for
from added
left join main.sentences
    on sentences.passage_id = added.passage_id
    and sentences.start_char <= added.start_char
    and sentences.end_char > added.start_char;

comment on view pipeline.spans is 'One row per name at one place, as recognised or added by the analyst.';
comment on column pipeline.spans.document_id is 'The document';
comment on column pipeline.spans.passage_id is 'The passage';
comment on column pipeline.spans.sentence_id is 'The sentence; null in a title or heading, which has none';
comment on column pipeline.spans.start_char is 'Offset of its first character in the text of the passage';
comment on column pipeline.spans.end_char is 'Offset behind its last character in the text of the passage';
comment on column pipeline.spans.text is 'The name as it stands in the source';
comment on column pipeline.spans.label is 'Its OntoNotes label';
comment on column pipeline.spans.method is 'What recognised it: model, gazetteer, pattern or analyst';
comment on column pipeline.spans.model is 'The spaCy pipeline of the pass; null for what the analyst has added';
comment on column pipeline.spans.stands_for is 'For a short form, the name that it stands for where it stands';
