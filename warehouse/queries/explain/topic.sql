-- The topic of an id or a label.
select topic_id, label, share as stated
from topics
where topic_id = $topic or lower(label) = lower($topic)
order by topic_id
limit 1;
