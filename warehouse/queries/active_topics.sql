-- The topics of the active model, with the weights of its terms.
select topic_id, prior, weights
from pipeline.topic_weights
where model_id in (select model_id from pipeline.topic_fits where status = 'active')
order by position;
