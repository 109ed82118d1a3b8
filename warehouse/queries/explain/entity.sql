-- The entity that a name or alias stands for.
select name, label, mention_count as stated
from entities
where entity_id in (select entity_id from pipeline.named_entities where pipeline.is_called(name, $name));
