-- The passages that carry a topic.
select date, path, passage_id, weight, share, text
from topic_passages($topic);
