-- Concepts whose names are most like a name.
select concept
from concepts
order by jaro_winkler_similarity(lower(concept), lower($name)) desc, concept
limit 3;
