-- The dates found for the documents shown in full, with the text that states each.
select
    candidates.document_id,
    candidates.role,
    candidates.date,
    candidates.precision,
    candidates.source,
    candidates.evidence[:300] as evidence,
    candidates.problem,
    candidates.is_chosen
from date_candidates as candidates
join pipeline.report_documents as shown on shown.document_id = candidates.document_id
order by candidates.document_id, candidates.role desc, candidates.is_chosen desc, candidates.date, candidates.source;
