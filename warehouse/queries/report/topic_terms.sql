-- The top terms of each topic.
select topic_id, term, rank, weight
from topic_terms
order by topic_id, rank;
