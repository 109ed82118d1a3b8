-- The topics of the active model.
select topic_id, label, share, coherence_npmi, is_named
from topics
order by share desc, topic_id;
