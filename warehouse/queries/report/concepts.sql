-- The concepts of the watchlist, how often they occur in dated documents, and how often in undated ones, which no period counts.
select
    concepts.concept,
    array_to_string(concepts.variants, ' · ') as variants,
    concepts.note,
    count(dates.document_id) as occurrences,
    count(distinct dates.document_id) as documents,
    count(mentions.document_id) - count(dates.document_id) as undated_occurrences
from concepts
left join concept_mentions as mentions
    on mentions.concept = concepts.concept
    and mentions.document_id not in (select document_id from pipeline.duplicates)
left join pipeline.document_dates as dates on dates.document_id = mentions.document_id
group by concepts.concept, concepts.variants, concepts.note
order by occurrences desc, concepts.concept
limit 100;
