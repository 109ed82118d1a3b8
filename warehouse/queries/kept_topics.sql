-- The topics of the models that are kept; `is_named` tells which the analyst has named.
select
    weights.model_id,
    weights.topic_id,
    weights.position,
    weights.label,
    weights.coherence_npmi,
    weights.prior,
    weights.weights,
    weights.topic_id in (select topic_id from pipeline.topic_labels) as is_named
from pipeline.topic_weights as weights
order by weights.model_id, weights.position;
