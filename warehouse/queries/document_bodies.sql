-- The documents with their digests and signatures, the one first that is to represent whatever says the same.
select sources.document_id, sources.text_sha256, bodies.body_sha256, bodies.word_count, signatures.bands
from pipeline.sources
join pipeline.bodies on bodies.document_id = sources.document_id
left join pipeline.document_signatures as signatures on signatures.document_id = sources.document_id
order by
    -- What has no body is no document, and represents none.
    bodies.word_count = 0,
    -- A date that is known to the day comes before one that is not: the earliest of them is the original.
    sources.publication_date_precision is distinct from 'day',
    sources.publication_date nulls last,
    -- One that has the date of its event alone is counted by that; one that has none would take what it represents out of time.
    if(sources.publication_date is null, sources.event_date, null) nulls last,
    sources.path,
    sources.document_id;
