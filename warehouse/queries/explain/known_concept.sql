-- The concept of a name, whatever its case.
select concept
from concepts
where lower(concept) = lower($name);
