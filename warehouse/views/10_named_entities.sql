create or replace view pipeline.named_entities as
select lower(name) as name, entity_id
from main.entities
qualify row_number() over (partition by lower(name) order by mention_count desc, entity_id) = 1;

comment on view pipeline.named_entities is 'One row per name in small letters: of two entities with one name, the one that is named oftener.';
comment on column pipeline.named_entities.name is 'The name in small letters';
comment on column pipeline.named_entities.entity_id is 'The entity that is meant by it';
