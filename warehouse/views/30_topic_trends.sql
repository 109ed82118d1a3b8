create or replace view topic_trends as
with amounts as (
    select topics.topic_id, documents.period, sum(topics.occurrences) as occurrences
    from main.passage_topics as topics
    join pipeline.counted_documents as documents on documents.document_id = topics.document_id
    group by topics.topic_id, documents.period
),
central as (
    select topics.topic_id, documents.period, count(*) as documents
    from main.document_topics as topics
    join pipeline.counted_documents as documents on documents.document_id = topics.document_id
    where topics.weight >= 0.1
    group by topics.topic_id, documents.period
),
dates as (
    select period, granularity, period_start
    from pipeline.counted_documents as documents
    join pipeline.document_periods as periods on periods.document_id = documents.document_id
    group by period, granularity, period_start
),
counted as (
    select
        amounts.topic_id,
        dates.granularity,
        dates.period_start,
        -- Rounded where a sum of many parts depends on their order.
        round(sum(amounts.occurrences), 6) as occurrences,
        coalesce(sum(central.documents), 0)::bigint as documents
    from amounts
    join dates on dates.period = amounts.period
    left join central on central.topic_id = amounts.topic_id and central.period = amounts.period
    group by amounts.topic_id, dates.granularity, dates.period_start
)
select
    coalesce(labels.label, weights.label) as term,
    counted.topic_id,
    counted.granularity,
    counted.period_start,
    counted.occurrences,
    counted.documents,
    periods.period_tokens,
    periods.period_documents,
    10000 * counted.occurrences / nullif(periods.period_tokens, 0) as per_10k,
    round(
        counted.occurrences
        / round(sum(counted.occurrences) over (partition by counted.granularity, counted.period_start), 6),
        9
    ) as share,
    periods.is_partial
from counted
join pipeline.topic_weights as weights on weights.topic_id = counted.topic_id
join pipeline.topic_fits as fits on fits.model_id = weights.model_id and fits.status = 'active'
left join pipeline.topic_labels as labels on labels.topic_id = counted.topic_id
join pipeline.periods on periods.granularity = counted.granularity and periods.period_start = counted.period_start;

comment on view topic_trends is 'One row per topic and period in which documents are about it.';
comment on column topic_trends.term is 'Label of the topic';
comment on column topic_trends.topic_id is 'The topic';
comment on column topic_trends.granularity is 'month, quarter or year';
comment on column topic_trends.period_start is 'First day of the period';
comment on column topic_trends.occurrences is 'Occurrences of terms in the period that the topic accounts for';
comment on column topic_trends.documents is 'Documents of the period of which it is at least a tenth';
comment on column topic_trends.period_tokens is 'Words of all documents of the period';
comment on column topic_trends.period_documents is 'Documents of the period; those that repeat another are not counted';
comment on column topic_trends.per_10k is 'Occurrences per 10,000 words of the period';
comment on column topic_trends.share is 'Share of the topic in the period; the topics of a period sum to 1';
comment on column topic_trends.is_partial is 'Whether the period is the last one and not over yet';
