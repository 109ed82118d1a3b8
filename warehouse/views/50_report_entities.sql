create or replace view pipeline.report_entities as
select entity_id, row_number() over (order by mention_count desc, entity_id) as rank
from entities
order by mention_count desc, entity_id
limit 300;

comment on view pipeline.report_entities is 'One row per entity that the report shows: those mentioned most.';
comment on column pipeline.report_entities.entity_id is 'The entity';
comment on column pipeline.report_entities.rank is '1 for the one mentioned most';
