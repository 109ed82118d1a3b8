-- The topics of the active model with all that is needed to place a passage.
select
    fits.model_id,
    weights.topic_id,
    weights.prior,
    weights.weights,
    fits.terms,
    fits.shortest_unit,
    fits.longest_unit
from pipeline.topic_fits as fits
join pipeline.topic_weights as weights on weights.model_id = fits.model_id
where fits.status = 'active'
order by weights.position;
