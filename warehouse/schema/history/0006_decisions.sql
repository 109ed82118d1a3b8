comment on column topic_runs.decision is 'fitted (a new model, or the same once more), folded_in (the model before places what is new), set_aside (a new model was not taken) or none';
comment on column topic_runs.lost_labels is 'Labels that the new model does not continue, of those that the analyst has given and, in a large corpus, of all topics with support';
