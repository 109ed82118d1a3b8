-- Terms that are going somewhere, as keyword_trends has them. What differs from the version published before has flipped.
select granularity, term, verdict
from pipeline.term_verdicts
where verdict in ('rising', 'falling', 'burst', 'vanished')
order by granularity, term;
