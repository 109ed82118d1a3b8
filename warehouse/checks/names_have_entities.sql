-- A mention of a name has an entity, and the entity has a row.
select mentions.passage_id, mentions.start_char, mentions.text, mentions.label
from mentions
left join entities on entities.entity_id = mentions.entity_id
where entities.entity_id is null
    and mentions.label not in ('DATE', 'TIME', 'PERCENT', 'MONEY', 'QUANTITY', 'ORDINAL', 'CARDINAL');
