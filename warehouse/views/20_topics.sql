create or replace view topics as
with amounts as (
    select topic_id, sum(occurrences) as occurrences
    from main.passage_topics
    where document_id not in (select document_id from pipeline.duplicates)
    group by topic_id
)
select
    weights.topic_id,
    weights.model_id,
    coalesce(labels.label, weights.label) as label,
    weights.coherence_npmi,
    -- Rounded where a sum of many parts depends on their order.
    round(coalesce(amounts.occurrences, 0) / nullif(sum(amounts.occurrences) over (), 0), 9) as share,
    labels.topic_id is not null as is_named,
    weights.position
from pipeline.topic_weights as weights
join pipeline.topic_fits as fits on fits.model_id = weights.model_id and fits.status = 'active'
left join pipeline.topic_labels as labels on labels.topic_id = weights.topic_id
left join amounts on amounts.topic_id = weights.topic_id
order by weights.position;

comment on view topics is 'One row per topic of the active model.';
comment on column topics.topic_id is 'The topic; it keeps its id from one model to the next';
comment on column topics.model_id is 'The model';
comment on column topics.label is 'The analyst''s label, else its most distinctive terms when it first came up, phrases first';
comment on column topics.coherence_npmi is 'NPMI of its ten top terms, from -1 to 1';
comment on column topics.share is 'Share of the corpus, by occurrences of terms in counted documents';
comment on column topics.is_named is 'Whether the label is the analyst''s, from _topics.csv';
comment on column topics.position is 'Number of the topic in its model, from 0';
