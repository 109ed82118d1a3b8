-- A document's and a passage's topics make one whole.
select document_id, null as passage_id, sum(weight) as total
from document_topics
group by document_id
having abs(sum(weight) - 1) > 1e-6
union all
select document_id, passage_id, sum(weight)
from passage_topics
group by document_id, passage_id
having abs(sum(weight) - 1) > 1e-6;
