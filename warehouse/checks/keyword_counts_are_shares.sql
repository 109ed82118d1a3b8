-- A term is in no more documents and no oftener than its period allows.
with allowed as (
    select period, publisher, count(*) as documents from pipeline.counted_documents group by period, publisher
),
extremes as (
    -- Only where these are wrong the terms are looked up, which takes much longer.
    select period, publisher, max(documents) as documents, min(occurrences - greatest(documents, largest)) as room
    from pipeline.period_terms
    group by period, publisher
),
wrong as (
    select extremes.period, extremes.publisher, coalesce(allowed.documents, 0) as allowed
    from extremes
    left join allowed on allowed.period = extremes.period and allowed.publisher = extremes.publisher
    where extremes.documents > coalesce(allowed.documents, 0) or extremes.room < 0
)
select counts.term, counts.period, counts.publisher
from pipeline.period_terms as counts
join wrong on wrong.period = counts.period and wrong.publisher = counts.publisher
where counts.documents > wrong.allowed or counts.occurrences < greatest(counts.documents, counts.largest);
