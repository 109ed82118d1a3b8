-- A document's and a passage's topics make one whole.
select document_id as id, sum(weight) as total from document_topics group by document_id having abs(sum(weight) - 1) > 1e-6
union all
select passage_id, sum(weight) from passage_topics group by passage_id having abs(sum(weight) - 1) > 1e-6;
