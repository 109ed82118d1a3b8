-- An entity has one row.
select entity_id, count(*) as rows from entities group by entity_id having count(*) > 1;
