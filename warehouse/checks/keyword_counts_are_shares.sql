-- A term is in no more documents and no oftener than its period allows.
with periods as (
    select period, publisher, count(*) as documents from pipeline.counted_documents group by period, publisher
)
select counts.term, counts.period, counts.publisher
from pipeline.period_terms as counts
left join periods on periods.period = counts.period and periods.publisher = counts.publisher
where periods.documents is null
    or counts.documents > periods.documents
    or counts.documents > counts.occurrences
    or counts.largest > counts.occurrences;
