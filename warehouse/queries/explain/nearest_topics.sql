-- Topics whose labels are most like a label.
select topic_id || ' (' || label || ')'
from topics
order by jaro_winkler_similarity(lower(label), lower($topic)) desc, topic_id
limit 3;
