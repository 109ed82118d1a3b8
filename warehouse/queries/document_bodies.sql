-- The documents with their digests and signatures, the one first that is to represent whatever says the same.
select sources.document_id, sources.text_sha256, bodies.body_sha256, bodies.word_count, signatures.bands
from pipeline.sources
join pipeline.bodies on bodies.document_id = sources.document_id
left join pipeline.document_signatures as signatures on signatures.document_id = sources.document_id
order by
    -- What has no body is no document, and represents none.
    bodies.word_count = 0,
    -- The original is the earliest, by the last day that its date allows: in 2019 is before May 2023, and is not known to be
    -- before May 2019. One that has the date of its event alone is counted by that; one that has none would take what it
    -- represents out of time.
    case if(sources.publication_date is null, sources.event_date_precision, sources.publication_date_precision)
        when 'year' then coalesce(sources.publication_date, sources.event_date) + interval '1 year' - interval '1 day'
        when 'month' then last_day(coalesce(sources.publication_date, sources.event_date))
        else coalesce(sources.publication_date, sources.event_date)
    end nulls last,
    sources.publication_date nulls last,
    sources.path,
    sources.document_id;
