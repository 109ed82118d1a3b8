-- A document has one row.
select document_id, count(*) as rows from pipeline.sources group by document_id having count(*) > 1;
