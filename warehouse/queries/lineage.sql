-- Every link between the topics of consecutive models.
select from_model_id, to_model_id, from_topic_id, to_topic_id, relation, similarity, from_label, to_label
from topic_lineage
order by all;
