-- What a document repeats is a document that repeats none.
select document_id, duplicate_of
from documents
where duplicate_of is not null
    and duplicate_of not in (select document_id from documents where duplicate_of is null);
