-- The bodies that may be alike: by digest, and within one digest the document first that is to represent the others.
select bodies.body_sha256, bodies.document_id, bodies.word_count
from pipeline.bodies
join pipeline.sources on sources.document_id = bodies.document_id
where bodies.body_sha256 is not null
order by
    bodies.body_sha256,
    -- A date that is known to the day comes before one that is not: the earliest of them is the original.
    sources.publication_date_precision is distinct from 'day',
    sources.publication_date nulls last,
    sources.path,
    bodies.document_id;
