-- The terms shown, the most widespread first.
select terms.term, terms.document_count, terms.occurrences, terms.undated_occurrences, terms.is_name
from terms
join pipeline.report_terms as shown on shown.term = terms.term
order by terms.document_count desc, terms.occurrences desc, terms.term;
