create or replace view pipeline.counted_documents as
select
    sources.document_id,
    case
        when dates.date is null then ''
        when dates.precision = 'year' then strftime(dates.date, '%Y')
        else strftime(dates.date, '%Y-%m')
    end as period,
    dates.date,
    coalesce(sources.publisher, '') as publisher
from pipeline.sources
join pipeline.bodies on bodies.document_id = sources.document_id and bodies.word_count > 0
left join pipeline.document_dates as dates on dates.document_id = sources.document_id
where sources.document_id not in (select document_id from pipeline.duplicates);

comment on view pipeline.counted_documents is 'One row per document whose terms are counted.';
comment on column pipeline.counted_documents.document_id is 'The document; those that repeat another are left out';
comment on column pipeline.counted_documents.period is 'Its month, such as 2021-05; its year if it is dated by that alone; empty without a date';
comment on column pipeline.counted_documents.date is 'The date by which it is counted';
comment on column pipeline.counted_documents.publisher is 'Its publisher; empty if it states none';
