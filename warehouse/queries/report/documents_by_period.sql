-- Counted documents by period, publisher (the six with most documents, and all others) and language.
with largest as (
    select publisher
    from documents
    where publisher is not null
    group by publisher
    order by count(*) desc, publisher
    limit 6
)
select
    periods.granularity,
    periods.period_start,
    case
        when documents.publisher is null then '(not stated)'
        when largest.publisher is null then '(others)'
        else documents.publisher
    end as publisher_shown,
    documents.language,
    count(*) as documents,
    sum(documents.word_count)::bigint as words
from pipeline.document_periods as periods
join documents on documents.document_id = periods.document_id
left join largest on largest.publisher = documents.publisher
where periods.granularity in (select granularity from pipeline.report_periods)
group by periods.granularity, periods.period_start, publisher_shown, documents.language
order by periods.granularity, periods.period_start, publisher_shown, documents.language;
