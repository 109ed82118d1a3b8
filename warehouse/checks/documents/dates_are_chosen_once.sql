-- A document's publication date is its one chosen candidate.
select documents.document_id, documents.publication_date
from documents
left join date_candidates as candidates
    on candidates.document_id = documents.document_id and candidates.role = 'publication' and candidates.is_chosen
group by documents.document_id, documents.publication_date
having count(candidates.date) <> (documents.publication_date is not null)::int
    or any_value(candidates.date) is distinct from documents.publication_date;
