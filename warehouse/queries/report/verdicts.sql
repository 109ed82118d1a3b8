-- Terms that are going somewhere. What differs from the version published before has flipped.
select granularity, term, verdict
from keyword_trends
where verdict in ('rising', 'falling', 'burst', 'vanished')
order by granularity, term;
