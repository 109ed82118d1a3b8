-- Terms that are most like another.
select term
from terms
order by jaro_winkler_similarity(term, lower($term)) desc, occurrences desc, term
limit 3;
