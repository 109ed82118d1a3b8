create or replace view pipeline.named_entities as
select lower(name) as name, entity_id
from (
    select name, entity_id, mention_count, true as is_own
    from main.entities
    union all
    select entity_id, entity_id, mention_count, true
    from main.entities
    union all
    select unnest(aliases), entity_id, mention_count, false
    from main.entities
)
qualify row_number() over (partition by lower(name) order by is_own desc, mention_count desc, entity_id) = 1;

comment on view pipeline.named_entities is 'One row per id, name or alias in small letters: of several entities, one that has it as its name, then the one that is named oftener.';
comment on column pipeline.named_entities.name is 'The id, name or alias in small letters';
comment on column pipeline.named_entities.entity_id is 'The entity that is meant by it';
