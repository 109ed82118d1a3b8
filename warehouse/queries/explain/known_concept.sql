-- The concept of a name.
select concept
from concepts
where pipeline.is_called(concept, $name);
