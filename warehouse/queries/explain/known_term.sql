-- Whether there is such a term.
select term
from terms
where term = lower($term);
