-- A form stands for an entity that has a row.
select document_id, text, label, entity_id
from pipeline.entity_forms
where entity_id is not null and entity_id not in (select entity_id from entities);
