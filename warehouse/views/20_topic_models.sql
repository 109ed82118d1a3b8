create or replace view topic_models as
select
    fits.model_id,
    ledger.recorded_at as fitted_at,
    fits.topic_count,
    fits.documents,
    fits.passages,
    fits.tokens,
    fits.vocabulary,
    fits.seed,
    fits.coherence_npmi,
    fits.stability,
    fits.candidates,
    fits.is_active
from pipeline.topic_fits as fits
left join pipeline.ledger on ledger.stage = 'topics' and ledger.key_id = '*';

comment on view topic_models is 'One row per fitted model.';
comment on column topic_models.model_id is 'The model, by a digest of its topics';
comment on column topic_models.fitted_at is 'When it was committed (UTC)';
comment on column topic_models.topic_count is 'Number of topics';
comment on column topic_models.documents is 'Documents it was fitted on';
comment on column topic_models.passages is 'Passages it was fitted on';
comment on column topic_models.tokens is 'Occurrences of terms it was fitted on';
comment on column topic_models.vocabulary is 'Terms in its vocabulary';
comment on column topic_models.seed is 'Random seed of the fit';
comment on column topic_models.coherence_npmi is 'Mean coherence of its topics: NPMI of their ten top terms, from -1 to 1';
comment on column topic_models.stability is 'Likeness of the topics that other seeds give, from 0 to 1; null for one seed';
comment on column topic_models.candidates is 'Fits among which it was chosen';
comment on column topic_models.is_active is 'Whether the topics are of this model';
