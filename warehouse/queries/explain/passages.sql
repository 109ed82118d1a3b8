-- The passages that carry a topic.
select date, date_precision, path, passage_id, weight, share, text
from topic_passages($topic);
