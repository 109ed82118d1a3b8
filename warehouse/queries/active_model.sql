-- The active model: its terms, by which the weights of its topics are ordered, and how long a unit is.
select model_id, terms, shortest_unit, longest_unit
from pipeline.topic_fits
where status = 'active';
