-- The concepts of the watchlist, and how often each wording of them occurs.
select
    concepts.concept,
    array_to_string(concepts.variants, ' · ') as variants,
    concepts.note,
    count(mentions.sentence_id) as occurrences,
    count(distinct mentions.document_id) as documents
from concepts
left join concept_mentions as mentions
    on mentions.concept = concepts.concept
    and mentions.document_id not in (select document_id from pipeline.duplicates)
group by concepts.concept, concepts.variants, concepts.note
order by occurrences desc, concepts.concept
limit 100;
