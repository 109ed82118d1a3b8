-- A mention of a name has an entity.
select document_id, passage_id, start_char, text, label
from mentions
where entity_id is null and label not in ('DATE', 'TIME', 'PERCENT', 'MONEY', 'QUANTITY', 'ORDINAL', 'CARDINAL');
